"""The tree of units where no row says it: what stands above by the rule of codes, and what nobody described in a row."""
