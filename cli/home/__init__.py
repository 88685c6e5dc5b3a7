"""One archive home: its settings, and everything opened that a command works with."""
