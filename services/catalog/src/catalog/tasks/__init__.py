"""Tasks (任务), with their search."""
