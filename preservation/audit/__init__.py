"""Looking at every byte where it lies, saying what is wrong, and mending it."""
