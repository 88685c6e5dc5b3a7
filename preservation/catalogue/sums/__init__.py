"""What the catalogue adds up to: holdings, what waits for a review or a person, copies, growth; counted where the rows lie."""
