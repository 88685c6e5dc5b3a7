"""What is published, as JSON for programs."""
