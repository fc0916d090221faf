"""Which failures pass by themselves, and what a log says of one."""

import asyncpg
from pydantic import ValidationError

PASSING = ("08", "40", "53", "55P", "57")
"""SQLSTATE classes: connection, lost race, too little of something, lock, shutdown or start."""

ABSENT = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The last is raised between the server's last words on a connection and its end."""

DATABASE = (asyncpg.PostgresError, *ABSENT)
"""What statements and commits raise."""


def sqlstate(error: BaseException) -> str:
    """Of an error of PostgreSQL; empty for others."""
    return getattr(error, "sqlstate", None) or ""


def passing(error: BaseException) -> bool:
    """Whether an error is the database's absence, its overload or a lost race: no fault of what was tried."""
    return isinstance(error, ABSENT) or sqlstate(error).startswith(PASSING)


def said(error: BaseException) -> str:
    """What a log says of an error: without the values that were refused."""
    if isinstance(error, ValidationError):
        wrong = (f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors(include_input=False))
        return f"{error.title}({', '.join(wrong)})"
    return repr(error)
