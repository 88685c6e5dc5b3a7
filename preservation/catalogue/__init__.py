"""The catalogue: a fold of the journal in a database, for quick look-up."""
