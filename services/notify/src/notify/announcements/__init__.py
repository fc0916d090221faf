"""Announcements (公告通知) by the province to zones and units."""
