"""News as it happens, over server-sent events (实时推送)."""
