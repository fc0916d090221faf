"""Whole numbers in JSON."""


def whole(value: object) -> object:
    """JSON has one kind of numbers: 20.0 is 20."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
