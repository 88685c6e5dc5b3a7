"""What a file is: identified, described, read, drawn."""
