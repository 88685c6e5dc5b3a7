"""Commands of holds and disposal."""
