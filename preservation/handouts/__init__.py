"""What people take away from an archive: printed forms, workbooks, the catalogue as a sheet."""
