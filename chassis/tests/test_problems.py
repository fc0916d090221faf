"""Who breaks off is no failure of ours."""

import json
import socket
from uuid import uuid4

from deploy.local.system import System
from tests.support import PROGRESS, Json, until


def test_a_body_that_breaks_off_is_no_failure_of_ours(system: System) -> None:
    trace, port = uuid4().hex, system.components["progress-api"]["port"]
    head = (
        f"POST {PROGRESS}/lines/{uuid4()}/reports HTTP/1.1",
        "Host: 127.0.0.1",
        f"traceparent: 00-{trace}-{trace[:16]}-01",
        "Content-Length: 100",
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall("\r\n".join((*head, "", '{"percent":')).encode())
    (told,) = until(lambda: _told(system, trace))
    assert (told["status"], told["problem"]) == (400, "incomplete")


def _told(system: System, trace: str) -> list[Json]:
    """What the log says of a request."""
    log = system.instance.log("progress-api").read_text()
    return [json.loads(line) for line in log.splitlines() if trace in line]
