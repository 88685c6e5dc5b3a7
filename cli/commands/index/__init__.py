"""Commands about the search indexes: how they stand, made again, verified, removed words gone from their files."""
