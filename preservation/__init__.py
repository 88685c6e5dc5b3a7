"""How records stay."""
