"""The archival model: identifiers, description, rights, what a record and a holding is."""
