"""What is read out of each kind of file: properties, pages, text."""
