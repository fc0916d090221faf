"""Editions (版本): drafted, compared, published."""
