"""What a search asks for, and how what it finds is shown and written."""
