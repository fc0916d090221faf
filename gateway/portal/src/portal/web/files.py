"""Files to take away."""

from urllib.parse import quote

from fastapi import Response


def attached(content: bytes, name: str, media_type: str) -> Response:
    """A file of what the reader may see now; nobody else keeps it."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-cache",
    }
    return Response(content, 200, headers, media_type)
