"""Places for copies: what a store must do, the kinds there are, whether one is there."""
