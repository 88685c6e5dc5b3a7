"""Readers of deliveries: one module a shape in which a batch may come, all leading to the same plan."""
