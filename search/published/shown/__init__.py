"""What is shown of a page beside its text: its picture in tiles, and where its words stand."""
