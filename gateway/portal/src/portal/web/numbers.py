"""Numbers that are typed into forms."""


def whole(text: str) -> int | str:
    """What is no number is left for the service to say so."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
