"""Commands that audit, repair and foresee."""
