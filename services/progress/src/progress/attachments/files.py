"""Where the content of attachments lies: a folder or an S3 store, by its address. An object is never overwritten."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING
from uuid import UUID

import obstore
from obstore.exceptions import BaseError, NotFoundError

from chassis import telemetry
from chassis.objects import opened
from chassis.problems import Problem
from progress.settings import ProgressSettings

if TYPE_CHECKING:
    from obstore import GetResult

CHUNK = 256 * 1024


class Damaged(Exception):
    """The content is not what was stored."""


class Files:
    """Each object is named by its attachment, so none is written twice. 503 when the store does not answer."""

    def __init__(self, settings: ProgressSettings) -> None:
        self._store = opened(settings.attachments_url, settings.attachments_options)

    async def put(self, name: UUID, content: IO[bytes]) -> None:
        content.seek(0)
        try:
            await obstore.put_async(self._store, _path(name), content, max_concurrency=1)
        except (BaseError, OSError) as error:
            raise _away(error) from error

    async def read(self, name: UUID, sha256: str) -> AsyncIterator[bytes]:
        """The content in pieces."""
        try:
            found = await obstore.get_async(self._store, _path(name))
        except (BaseError, OSError) as error:
            raise _away(error) from error
        return _checked(found, name, sha256)

    async def remove(self, name: UUID) -> None:
        """Gone already is as good."""
        with suppress(FileNotFoundError, NotFoundError):
            await obstore.delete_async(self._store, _path(name))


async def _checked(found: "GetResult", name: UUID, sha256: str) -> AsyncIterator[bytes]:
    """Raises Damaged before the last piece when the content is not that of the hash: the answer breaks off."""
    digest, held = hashlib.sha256(), b""
    async for piece in found.stream(min_chunk_size=CHUNK):
        digest.update(piece)
        if held:
            yield held
        held = bytes(piece)
    if digest.hexdigest() != sha256:
        raise Damaged(str(name))
    yield held


def _away(error: Exception) -> Problem:
    telemetry.log.error("attachments: %s: %s", type(error).__name__, error)
    return Problem(503, "store-away", "附件存储暂时不可用，请稍后重试。", headers={"Retry-After": "5"})


def _path(name: UUID) -> str:
    """Below the first digits of the id, which tell its time, so that no folder grows with all of history."""
    return f"{name.hex[:6]}/{name}"
