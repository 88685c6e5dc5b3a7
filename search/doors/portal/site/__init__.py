"""What the site has of its own: its institution's pictures and pages, and its map for readers."""
