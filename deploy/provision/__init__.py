"""What the servers must hold before the services start: databases and roles, topics, users and rights. Idempotent."""
