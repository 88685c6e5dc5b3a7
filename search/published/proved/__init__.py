"""What the archive signs of every single record, for readers to check what they looked at or took away."""
