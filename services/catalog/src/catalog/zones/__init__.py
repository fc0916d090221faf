"""Zones (片区、联动创新区), the tenants."""
