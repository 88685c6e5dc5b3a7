"""What is packaged when something leaves: the register of what was destroyed, and what stays of a package."""
