"""Reading a record: which pages are recognised, which files give their own text, and what comes of it."""
