"""What is doubtful in tables before they are taken in: every kind once, with its count and its rows."""
