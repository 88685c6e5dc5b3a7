"""Commands about batches: which came, what became of them, going on with one that was stopped."""
