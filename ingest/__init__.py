"""How records get in."""
