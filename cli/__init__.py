"""The jinkui command: parse, call, render."""
