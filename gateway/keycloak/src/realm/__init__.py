"""The Keycloak realm: roles, clients, mappers, organizations; provisioned by code."""
