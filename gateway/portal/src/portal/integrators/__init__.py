"""The pages of integrators."""
