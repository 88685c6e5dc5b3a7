"""The kinds of fact: each says whom it concerns and what it says."""
