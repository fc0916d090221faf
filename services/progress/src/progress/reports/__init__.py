"""Reports (填报): what a line's office says of its progress, and what the province decides on it."""
