"""The elements of description: what each is called, and how its values are written and read."""
