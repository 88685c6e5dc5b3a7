"""Data of units destroyed in every package that has some: planned, carried out, and what cannot be reached told."""
