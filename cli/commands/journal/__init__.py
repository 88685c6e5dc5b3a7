"""Commands about the journal and its proofs."""
