"""The page of a record: its pictures and texts, its place, what can be taken along."""
