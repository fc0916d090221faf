"""What cursors of this service are made of: forged ones must not reach the database."""

import re

_CODE = re.compile(r"[a-z0-9_-]{1,64}")


def bigint(value: object) -> int:
    """Raises ValueError for what PostgreSQL's bigint does not hold."""
    if not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError("not a bigint")
    return value


def code(value: object) -> str:
    """Raises ValueError for what is no code."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError("not a code")
    return value
