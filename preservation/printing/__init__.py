"""Printed forms: lists, covers and notes of the paper world, from a file of their titles and columns, as PDF and as XLSX."""
