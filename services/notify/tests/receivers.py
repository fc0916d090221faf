"""Receivers of webhooks as they are met: right, wrong, slow, and gone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.2"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Message:
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """``answer`` decides by message; what came stands in ``messages``, in the order in which it came."""

    answer: Callable[[Message], Answer] = lambda message: (204, {}, b"")
    messages: list[Message] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/events"

    @property
    def ids(self) -> list[str]:
        return [message.headers["webhook-id"] for message in self.messages]


def always(status: int, body: bytes = b"", **headers: str) -> Callable[[Message], Answer]:
    def answer(message: Message) -> Answer:
        return status, headers, body

    return answer


@contextmanager
def listening(receiver: Receiver, wrap: Callable[[Any], Any] = lambda socket: socket) -> Iterator[Receiver]:
    """Until the end of the block; then nobody listens any more."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            message = Message(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            receiver.messages.append(message)
            status, headers, content = receiver.answer(message)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    server.socket = wrap(server.socket)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()
