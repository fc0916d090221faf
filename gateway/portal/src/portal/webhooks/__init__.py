"""The pages of webhooks, for who guards and who runs the system."""
