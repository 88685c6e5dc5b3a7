"""An index beside what is published: whether it holds just that, and filled anew while it goes on to be searched."""
