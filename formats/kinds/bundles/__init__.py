"""Files of many files: ZIP, TAR, GZIP, whose members are read, and 7z and RAR, which are looked at only."""
