"""What the public can reach, and its proofs."""
