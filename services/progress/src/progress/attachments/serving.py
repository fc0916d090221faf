"""The content of an attachment as an answer."""

from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from chassis.problems import NotFound
from progress.attachments.files import Files
from progress.attachments.rules import Attachment

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file, with its type and name"}
}


async def served(request: Request, found: Attachment) -> Response:
    """The file as it was uploaded, to be saved under its name. Raises NotFound for one whose content is gone."""
    if not found.has_content:
        raise NotFound
    headers = {
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(found.size)
    files: Files = request.app.state.files
    pieces = await files.read(found.id, found.sha256)
    return StreamingResponse(pieces, headers=headers, media_type=found.type)
