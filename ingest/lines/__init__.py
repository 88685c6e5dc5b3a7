"""Lines of work: one module a kind of intake, with every step in which it is another than the others."""
