"""A virus scanner, asked by the protocol of ClamAV's daemon: INSTREAM over TCP."""

import asyncio
import struct
from typing import IO

from chassis import telemetry
from chassis.problems import Problem
from progress.attachments.rules import Infected

CHUNK = 64 * 1024
SECONDS = 120.0


async def scan(address: str, content: IO[bytes]) -> None:
    """Returns when nothing was found. Raises Infected, or 503 when the scanner at ``host:port`` does not answer."""
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(SECONDS):
            verdict = await _ask(host, int(port), content)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        telemetry.log.warning("virus scanner: %s: %s", type(error).__name__, error)
        raise _away() from error
    if verdict.endswith(" FOUND"):
        telemetry.log.warning("virus scanner: %s", verdict)
        raise Infected("文件未通过病毒检查，已拒绝。")
    if not verdict.endswith(": OK"):
        telemetry.log.warning("virus scanner: %s", verdict)
        raise _away()


async def _ask(host: str, port: int, content: IO[bytes]) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"zINSTREAM\0")
        content.seek(0)
        while chunk := await asyncio.to_thread(content.read, CHUNK):
            writer.write(struct.pack("!L", len(chunk)) + chunk)
            await writer.drain()
        writer.write(struct.pack("!L", 0))
        await writer.drain()
        return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace")
    finally:
        writer.close()


def _away() -> Problem:
    detail = "病毒检查暂时不可用，文件未保存，请稍后重试。"
    return Problem(503, "scanner-away", detail, headers={"Retry-After": "5"})
