"""How each kind of batch becomes records."""
