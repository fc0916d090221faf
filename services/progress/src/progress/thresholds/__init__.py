"""Thresholds of lights and of the alarm for lines that stand still, set by the province."""
