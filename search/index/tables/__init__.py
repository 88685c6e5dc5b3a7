"""The file of the embedded index: its rows, and its columns in arrays."""
