"""Volumes as they are scanned: what their pages are called on paper, and which item stands on which page."""
