"""Zones that are closed (已撤销的片区): all of them stays to be read, and nothing is written in them."""
