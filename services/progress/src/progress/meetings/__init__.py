"""Meetings of the leading group (领导小组会议), their decisions, and what became of them."""
