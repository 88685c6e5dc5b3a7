"""Lists of what is published: by level, by day of opening, counted and paged without reading a view."""
