"""Turns away the people of a closed zone before anything else is looked at."""

from fastapi import Depends, Request

from chassis.routing import CHANGING
from progress.closing import store


async def _open(request: Request) -> None:
    """An upload has no transaction yet, and looks by itself."""
    if request.method in CHANGING and hasattr(request.state, "db"):
        request.state.db.caller = caller = await request.app.state.authenticator.caller(request)
        if caller.scope == "tenant":
            await store.must_be_open(request.state.db, caller.tenant)


OPEN = Depends(_open)
