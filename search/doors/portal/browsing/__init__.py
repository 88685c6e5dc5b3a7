"""Leafing through what is open without typing: by level, by day of opening, for people and for what reads for them."""
