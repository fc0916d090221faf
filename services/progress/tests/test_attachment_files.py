"""Content in a folder and in an S3 store: whole, in parts, damaged, gone; and a store that is away."""

import hashlib
import io
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from chassis.events import uuid7
from chassis.problems import Problem
from progress.attachments.files import Damaged, Files
from progress.settings import ProgressSettings

CONTENTS = [b"%PDF-1.7", bytes(range(256)) * 60_000]
NOWHERE = {"port": 0, "database_url": "", "issuer": "", "jwks_url": ""}


class Bucket(BaseHTTPRequestHandler):
    """Stores objects as S3 does: whole ones, and ones that come in parts."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]
    parts: dict[str, dict[int, bytes]]

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        return parts.path, parse_qs(parts.query, keep_blank_values=True)

    def do_PUT(self) -> None:
        path, query = self._asked()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "partNumber" in query:
            self.parts.setdefault(path, {})[int(query["partNumber"][0])] = body
        else:
            self.objects[path] = body
        self._answer(200, ETag='"e"')

    def do_POST(self) -> None:
        path, query = self._asked()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "delete" in query:
            gone = re.findall("<Key>(.*?)</Key>", body)
            for key in gone:
                self.objects.pop(f"{path}/{key}", None)
            told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
            told = f"<DeleteResult>{told}</DeleteResult>"
        elif "uploads" in query:
            told = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
        else:
            numbered = self.parts.pop(path)
            self.objects[path] = b"".join(numbered[number] for number in sorted(numbered))
            told = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
        self._answer(200, told.encode())

    def do_GET(self) -> None:
        body = self.objects.get(self._asked()[0])
        if body is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._answer(200, body, ETag='"e"', Last_Modified="Sat, 28 Nov 2026 00:00:00 GMT")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def bucket() -> Iterator[tuple[str, type[Bucket]]]:
    """The address of a store with the bucket ``evidence``, and what is in it."""
    kind = type("OwnBucket", (Bucket,), {"objects": {}, "parts": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", kind
    server.shutdown()
    server.server_close()


def far(endpoint: str) -> Files:
    options = {"endpoint": endpoint, "region": "here", "access_key_id": "a", "secret_access_key": "b"}
    told = NOWHERE | {"attachments_url": "s3://evidence/progress", "attachments_options": options}
    return Files(ProgressSettings.model_validate(told))


async def kept_and_removed(files: Files, content: bytes) -> None:
    name, sha256 = uuid7(), hashlib.sha256(content).hexdigest()
    await files.put(name, io.BytesIO(content))
    assert b"".join([piece async for piece in await files.read(name, sha256)]) == content
    seen = []
    with pytest.raises(Damaged):
        async for piece in await files.read(name, "0" * 64):
            seen.append(piece)
    assert len(b"".join(seen)) < len(content)
    await files.remove(name)
    await files.remove(name)
    with pytest.raises(Problem) as gone:
        await files.read(name, sha256)
    assert gone.value.status == 503


@pytest.mark.parametrize("content", CONTENTS, ids=len)
async def test_a_folder_keeps_and_removes(tmp_path: Path, content: bytes) -> None:
    url = (tmp_path / "new").as_uri()
    await kept_and_removed(Files(ProgressSettings.model_validate(NOWHERE | {"attachments_url": url})), content)


@pytest.mark.parametrize("content", CONTENTS, ids=len)
async def test_an_s3_store_keeps_and_removes(bucket: tuple[str, type[Bucket]], content: bytes) -> None:
    address, kind = bucket
    await kept_and_removed(far(address), content)
    assert kind.objects == {}


async def test_a_store_that_is_away_is_a_503() -> None:
    files = far("http://127.0.0.1:1")
    with pytest.raises(Problem) as away:
        await files.put(uuid7(), io.BytesIO(b"%PDF"))
    assert (away.value.status, away.value.slug) == (503, "store-away")
