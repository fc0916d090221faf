"""Meetings of the leading group (领导小组会议) and their decisions."""
