"""Spreadsheets as a person sees them: every worksheet, every cell with the text that stands in it on the screen."""
