"""The search (搜索) over everything that the caller may see."""
