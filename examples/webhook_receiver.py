"""Keeps a table of the lines of the granted zones from webhooks.

The address at which it is reached was named to the portal before, which gave the secret. A message counts only with a
signature by that secret and a fresh time. It is answered after its line was saved, so that none is lost when the
process is killed: the portal then sends it again. A repeat changes nothing: a line only moves to a later version.
"""

import argparse
import json
import os
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from examples.table import Table

SOURCE = "webhook"
MOST_BYTES = 1024 * 1024
SILENCE_SECONDS = 10


class Receiver(HTTPServer):
    """One message after the other; the portal waits, and keeps the order of each line's events."""

    def __init__(self, host: str, port: int, secret: str, file: str) -> None:
        super().__init__((host, port), Handler)
        self._webhook, self._table = Webhook(secret), Table(file)

    def take(self, body: bytes, headers: dict[str, str]) -> tuple[HTTPStatus, str]:
        """The answer to a message: 2xx when it was saved, anything else when it is to come again."""
        try:
            event: dict[str, Any] = self._webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError) as error:
            return HTTPStatus.UNAUTHORIZED, f"refused: {error}"
        with self._table.reading(SOURCE, event["id"]):
            self._table.take(event["type"], event["data"])
        return HTTPStatus.OK, "taken"


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    timeout = SILENCE_SECONDS

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large, or of unknown length")
            return
        self._answer(*self.server.take(self.rfile.read(int(length)), dict(self.headers)))

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = json.dumps({"said": text}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """The secret comes from the environment, so that no list of processes shows it."""
    parser = argparse.ArgumentParser(description="Keeps a table of the lines of the granted zones from webhooks.")
    parser.add_argument("--host", default="127.0.0.2", help="where to listen; the demo system posts to 127.0.0.2 only")
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("file", help="the SQLite file of the table; delete it and ask for a replay to build it anew")
    options = parser.parse_args()
    with Receiver(options.host, options.port, os.environ["WEBHOOK_SECRET"], options.file) as receiver:
        receiver.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
