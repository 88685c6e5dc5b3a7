"""What the columns of an archives' own tables mean: profiles, as people write them and as they come with the product."""
