"""Milestones (节点): a line's schedule, counted back from its deadline, and extensions (延期) of it."""
