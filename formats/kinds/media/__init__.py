"""Sound and moving pictures: measured as far as their heads tell, and looked at whether they are whole."""
