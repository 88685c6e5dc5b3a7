"""The catalogue written from sheets: tables imported, descriptions corrected."""
