"""How archival codes are built from parts, and which parts a row has."""
