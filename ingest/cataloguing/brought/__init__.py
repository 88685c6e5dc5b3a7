"""What an import brings: its tables with their profiles, the gate before them, their rows set aside until they go in."""
