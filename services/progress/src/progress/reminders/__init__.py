"""Reminders (到期提醒): what an office is told of deadlines that come and that have passed."""
