"""Keycloak organizations of zones and units, kept up by a durable queue."""
