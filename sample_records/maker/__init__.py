"""The parts of the program that makes the sample records."""
