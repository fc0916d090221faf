"""Files, passed on from the API as they come."""

from collections.abc import Mapping

import httpx
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

IN_PLACE = ("application/pdf", "image/png", "image/jpeg", "image/webp")
"""What browsers show themselves."""
PASSED = ("content-type", "content-length", "content-disposition", "etag", "x-content-type-options")
_NOTHING = "default-src 'none'; frame-ancestors 'self'"
POLICIES: Mapping[str, str] = {"application/pdf": f"{_NOTHING}; object-src 'self'; style-src 'unsafe-inline'"}
"""What a file may do in its frame: nothing. The viewers of browsers, which a sandbox would stop, style themselves."""


def passed(answer: httpx.Response, *, shown: bool) -> StreamingResponse:
    """The file; ``shown`` in place instead of saved, if it is of a kind that can be."""
    headers = {name: answer.headers[name] for name in PASSED if name in answer.headers}
    headers["Cache-Control"] = "private, no-cache"
    headers["Content-Security-Policy"] = f"{_NOTHING}; sandbox"
    media_type = answer.headers["content-type"]
    if shown and media_type in IN_PLACE:
        headers["content-disposition"] = headers["content-disposition"].replace("attachment", "inline", 1)
        headers["Content-Security-Policy"] = POLICIES.get(media_type, headers["Content-Security-Policy"])
    return StreamingResponse(answer.aiter_bytes(), headers=headers, background=BackgroundTask(answer.aclose))
