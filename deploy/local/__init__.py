"""Starts the real system on one machine: no container engine, no root."""
