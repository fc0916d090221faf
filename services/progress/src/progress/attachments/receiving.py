"""How an upload comes in: by streaming to a temporary file, measured and looked at before anything is stored."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass
from typing import IO, Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive

from chassis.problems import Invalid, Problem
from progress.attachments import rules, sniffing
from progress.attachments.rules import MOST_BYTES, NotUsable, TooLarge

CHUNK = 256 * 1024
ENVELOPE = 64 * 1024
"""What a multipart body has beside the file."""


class _Body:
    """The messages of a request, until its body has ended."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._ended = receive, False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._ended = not message.get("more_body", False)
        return message

    async def drain(self) -> None:
        left = MOST_BYTES + ENVELOPE
        while not self._ended and left > 0:
            left -= len((await self()).get("body", b""))


class Upload(APIRoute):
    """Takes in what is left of a body that is refused: whoever is still sending it would not hear why otherwise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def work(request: Request) -> Response:
            body = _Body(request.receive)
            try:
                return await handle(Request(request.scope, body))
            except Exception:
                await body.drain()
                raise

        return work


@dataclass(frozen=True)
class Received:
    """A file as it came, with what is known of it; ``content`` is closed by whoever received it."""

    content: IO[bytes]
    name: str
    type: str
    size: int
    sha256: str


async def receive(request: Request) -> Received:
    """The one file of the request. Raises TooLarge, NotUsable, Invalid, or 400 or 415 for what is no such body."""
    upload = await _parsed(request)
    try:
        name = rules.cleaned(upload.filename or "")
        wanted = rules.format_of(name)
        if not upload.size:
            raise NotUsable("文件是空的。")
        if upload.size > MOST_BYTES:
            raise _too_large()
        media_type = await asyncio.to_thread(sniffing.checked, upload.file, wanted)
        sha256 = await asyncio.to_thread(_digest, upload.file)
    except BaseException:
        upload.file.close()
        raise
    return Received(upload.file, name, media_type, upload.size, sha256)


async def _parsed(request: Request) -> UploadFile:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Problem(415, "unsupported-media-type", "请以 multipart/form-data 上传文件。")
    parser = MultiPartParser(request.headers, _limited(request), max_files=1, max_fields=1)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Problem(400, "malformed", "请求正文不是有效的上传。", errors=[("/body", "格式有误")]) from error
    upload = form.get("file")
    if isinstance(upload, UploadFile):
        return upload
    await form.close()
    raise Invalid("/body/file", "请选择一个文件")


async def _limited(request: Request) -> AsyncGenerator[bytes, None]:
    """The body as it comes, until it is more than may be."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES + ENVELOPE:
        raise _too_large()
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > MOST_BYTES + ENVELOPE:
            raise _too_large()
        yield chunk


def _too_large() -> TooLarge:
    return TooLarge(f"每个文件最大 {MOST_BYTES // rules.MEGABYTE} MB。")


def _digest(content: IO[bytes]) -> str:
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
