"""Commands about anybody's packages."""
