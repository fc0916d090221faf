"""Announcements (公告通知) of the province."""
