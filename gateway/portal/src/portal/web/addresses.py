"""Addresses of our own pages that hold the state of the page."""

from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field

Short = Annotated[str, Field(max_length=100)]
"""A code, a word or whatever else a list is narrowed by; empty means all."""
Day = Annotated[str, Field(max_length=10)]


def address(path: str, **params: object) -> str:
    """The path with those of the parameters that say something, a list by each of its values."""
    query = urlencode({name: value for name, value in params.items() if value not in (None, "", [])}, doseq=True)
    return f"{path}?{query}" if query else path
