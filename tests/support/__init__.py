"""What tests build with: valid things of which one keyword breaks exactly one."""
