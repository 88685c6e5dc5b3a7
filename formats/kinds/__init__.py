"""One module a kind of file, with everything it gives: what it is, its properties, its pages, its text."""
