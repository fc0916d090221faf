"""The static files: each address carries a hash of the content, so browsers may keep it for good."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parents[1] / "static"


@cache
def asset(path: str) -> str:
    """The address of a file below ``static/``."""
    digest = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


class Assets(StaticFiles):
    """Without ETag: the gateway compresses only what has none."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        del response.headers["ETag"]
        return response
