"""Every command with its words in both languages, by area; what it runs is imported when it runs."""
