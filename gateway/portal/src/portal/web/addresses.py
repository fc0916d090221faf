"""Addresses of our own pages that hold the state of the page."""

from urllib.parse import urlencode


def address(path: str, **params: object) -> str:
    """The path with those of the parameters that say something."""
    query = urlencode({name: value for name, value in params.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path
