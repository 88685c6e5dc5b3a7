"""Where copies lie: implementations of the store protocol."""
