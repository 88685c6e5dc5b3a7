"""Documents, queries and the indexes that answer them alike."""
