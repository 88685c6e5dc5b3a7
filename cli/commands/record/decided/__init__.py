"""What was decided about the opening of records, and what a sheet of decisions would change of it."""
