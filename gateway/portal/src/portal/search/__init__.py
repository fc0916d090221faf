"""The search (搜索)."""
