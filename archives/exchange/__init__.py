"""The XML forms in which records are described and exchanged."""
