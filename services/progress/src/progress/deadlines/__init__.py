"""What is due when, and for whom (时限日历)."""
