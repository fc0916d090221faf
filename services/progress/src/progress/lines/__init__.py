"""Lines (推进事项): one task in one jurisdiction."""
