"""Dates of formation as catalogues write them, and the days that they can mean."""
