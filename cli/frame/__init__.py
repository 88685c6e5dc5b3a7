"""Commands as data, and how they answer."""
