"""A period's results as files (报送结果)."""
