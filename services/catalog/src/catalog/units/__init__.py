"""Responsible units (责任单位): codes, names, aliases, kinds."""
