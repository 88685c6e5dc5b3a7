"""The archival model and its interchange forms: bytes in, values out."""
