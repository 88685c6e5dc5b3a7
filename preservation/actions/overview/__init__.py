"""What stands, what waits and what should have run, added up for people: the state of an archive on one screen, its batches."""
