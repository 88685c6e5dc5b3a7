"""Commands that serve, schedule and measure."""
