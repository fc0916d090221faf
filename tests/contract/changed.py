"""A provider as it would be if its code gave a field another name, or none."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx


def without(name: str, value: Any) -> Any:
    """A JSON value in which no object has this field."""
    if isinstance(value, dict):
        return {key: without(name, part) for key, part in value.items() if key != name}
    return [without(name, part) for part in value] if isinstance(value, list) else value


def renamed(name: str, value: Any) -> Any:
    """A JSON value in which this field of each object has another name."""
    if isinstance(value, dict):
        return {"renamed" if key == name else key: renamed(name, part) for key, part in value.items()}
    return [renamed(name, part) for part in value] if isinstance(value, list) else value


@contextmanager
def changed(gateway: str, change: Callable[[Any], Any]) -> Iterator[str]:
    """The address of somebody who asks the gateway and answers what it does, but for the change."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {"Authorization": self.headers["Authorization"]}
            answer = httpx.get(gateway + self.path, headers=headers, timeout=30, trust_env=False)
            content = json.dumps(change(answer.json())).encode()
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["content-type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
