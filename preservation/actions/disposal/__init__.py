"""Use cases of disposal and holds: proposed, approved, carried out; placed and lifted."""
