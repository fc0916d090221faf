"""The progress of every zone: lines, reports, overview (推进事项)."""
