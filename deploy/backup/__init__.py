"""Backups of a whole system, as of one moment: databases, topics and attachments in one folder; and the way back."""
