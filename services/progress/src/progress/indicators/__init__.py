"""Indicators (指标体系): what is measured, its targets per zone and year, its values with where they come from."""
