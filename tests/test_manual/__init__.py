"""The manual: what it says is so, in both languages, and the site that is built of it."""
