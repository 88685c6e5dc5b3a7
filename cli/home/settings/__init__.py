"""The settings of a home: what they are, read from their file, and what is wrong with them, in the reader's words."""
