"""Tells people what happened: inbox, live stream, e-mail (消息通知)."""
