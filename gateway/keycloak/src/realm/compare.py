"""Whether something in Keycloak is already as it shall be."""

from typing import Any


def merged(have: Any, want: Any) -> Any:
    """``have`` with all that ``want`` says and nothing else changed; lists are sets of plain values."""
    if isinstance(have, dict) and isinstance(want, dict):
        return {**have, **{name: merged(have.get(name), value) for name, value in want.items()}}
    if isinstance(have, list) and isinstance(want, list) and sorted(have) == sorted(want):
        return have
    return want
