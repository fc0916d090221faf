"""The overview (总览): plans × jurisdictions in numbers."""
