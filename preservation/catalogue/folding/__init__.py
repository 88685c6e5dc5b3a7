"""How entries become rows: folded in memory, written behind."""
