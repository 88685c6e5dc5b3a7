"""Trees, signed notes and signatures by which an outsider verifies what is claimed."""
