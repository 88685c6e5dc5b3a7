"""What a batch is: its settings, its files, which file belongs to which row."""
