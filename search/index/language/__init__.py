"""The query language: what a person typed, or an address asks for, read; and what else would find something."""
