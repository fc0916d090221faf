"""A local end of the line for mail: takes everything by SMTP, keeps it in a folder, shows it over HTTP.

``GET /messages`` answers a JSON list of ``{id, from, to, subject, text, date}``, oldest first; ``GET /`` a page of it.
"""

import asyncio
import email.policy
import html
import json
import sys
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Folder:
    """The mails as files, in the order of their arrival; the answer to DATA is given once the file is complete.

    Those that are there already are read at the start, so that no mail waits for it later.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = max((int(kept.stem) for kept in path.glob("*.eml")), default=0)
        self.messages()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self._count += 1
        kept = self._path / f"{self._count:06d}.eml"
        draft = kept.with_suffix(".new")
        draft.write_bytes(envelope.original_content or b"")
        draft.rename(kept)
        return "250 kept"

    def messages(self) -> list[dict[str, str]]:
        return [_summary(path) for path in sorted(self._path.glob("*.eml"))]


@cache
def _summary(path: Path) -> dict[str, str]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
    body = message.get_body(("plain", "html"))
    fields = {name.lower(): str(message[name] or "") for name in ("From", "To", "Subject", "Date")}
    return {"id": str(message["Message-ID"] or path.stem), **fields, "text": str(body.get_content()) if body else ""}


def _page(messages: list[dict[str, str]]) -> str:
    rows = "".join(
        f"<article><h2>{html.escape(mail['subject'])}</h2>"
        f"<p>{html.escape(mail['to'])} · {html.escape(mail['date'])}</p>"
        f"<pre>{html.escape(mail['text'])}</pre></article>"
        for mail in reversed(messages)
    )
    return (
        "<!doctype html><html lang=zh><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>邮件</title><style>body{{font-family:sans-serif;max-width:50rem;margin:auto;padding:1rem}}"
        f"pre{{white-space:pre-wrap}}</style><h1>邮件（{len(messages)}）</h1>{rows}"
    )


class Pages:
    """The HTTP side."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            target = (await reader.readline()).split()[1:2]
            while (await reader.readline()).strip():
                pass
            writer.write(self._response(target == [b"/messages"]))
            await writer.drain()
        finally:
            writer.close()

    def _response(self, as_json: bool) -> bytes:
        messages = self._folder.messages()
        body = (json.dumps(messages, ensure_ascii=False) if as_json else _page(messages)).encode()
        kind = "application/json" if as_json else "text/html; charset=utf-8"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + body


async def main(smtp_port: int, http_port: int, path: Path) -> None:
    folder = Folder(path)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(folder, enable_SMTPUTF8=True, hostname="localhost"), "127.0.0.1", smtp_port
    )
    http = await asyncio.start_server(Pages(folder).answer, "127.0.0.1", http_port)
    async with smtp, http:
        await asyncio.gather(smtp.serve_forever(), http.serve_forever())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
