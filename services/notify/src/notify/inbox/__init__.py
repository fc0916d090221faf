"""What each audience is told, and what each person has read of it (收件箱)."""
