"""Integrators (对接系统): who they are, what is granted to them, and that Keycloak and Kafka say the same."""
