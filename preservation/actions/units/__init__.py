"""What is done to the units of the catalogue."""
