"""What people say to each other about a line (讨论)."""
