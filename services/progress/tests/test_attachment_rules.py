"""Names, formats, limits and the virus scanner's protocol: what needs no database."""

import asyncio
import io
import struct
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from chassis.problems import Problem
from progress.attachments import rules, sniffing
from progress.attachments.rules import Infected, NoEvidence, NotUsable, TooMany
from progress.attachments.scanning import scan
from services.progress.tests.steps import PDF

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


def package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "…")
    return made.getvalue()


def word() -> bytes:
    made = io.BytesIO()
    Document().save(made)
    return made.getvalue()


def sheet() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (3, 2)).save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("方案.pdf", "方案.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\windows\\方案.docx", "方案.docx"),
        ("C:\\fakepath\\a b.png", "a b.png"),
        ("方案\u202efdp.exe.pdf", "方案fdp.exe.pdf"),
        ("a\u200fb\u200b.pdf", "ab.pdf"),
        ("a\r\nX-Evil: 1.pdf", "a X-Evil_ 1.pdf"),
        ("a\x00\x07b.csv", "ab.csv"),
        ("  . a   b .pdf", "a b.pdf"),
        ('<a>:"b"|?*.pdf', "_a___b____.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("长" * 255 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, name: str) -> None:
    assert rules.cleaned(given) == name


@pytest.mark.parametrize("given", ["", "..", "/", "\u202e", ".pdf", "方案", "a/.pdf", "a.", "\r\n"])
def test_a_name_that_says_nothing_is_refused(given: str) -> None:
    with pytest.raises(NotUsable):
        rules.cleaned(given)


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.docm", "a.zip", "a.pdf.js", "a.xlsm"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(NotUsable):
        rules.format_of(name)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.PDF", PDF, "application/pdf"),
        ("a.docx", word(), rules.FORMATS["docx"].type),
        ("a.xlsx", sheet(), rules.FORMATS["xlsx"].type),
        ("a.pptx", package("[Content_Types].xml", "ppt/presentation.xml"), rules.FORMATS["pptx"].type),
        ("a.doc", COMPOUND, "application/msword"),
        ("a.wps", COMPOUND, "application/vnd.ms-works"),
        ("a.et", COMPOUND, "application/vnd.ms-excel"),
        ("a.png", picture("png"), "image/png"),
        ("a.jpeg", picture("jpeg"), "image/jpeg"),
        ("a.webp", picture("webp"), "image/webp"),
        ("a.txt", "进展\n".encode(), "text/plain; charset=utf-8"),
        ("a.csv", "\ufeff序号,进展\r\n".encode(), "text/csv; charset=utf-8"),
        ("a.csv", "序号,进展\r\n".encode("gb18030"), "text/csv; charset=gb18030"),
        ("a.txt", "长".encode() * 700_000, "text/plain; charset=utf-8"),
    ],
)
def test_content_is_known_by_itself(name: str, content: bytes, media_type: str) -> None:
    assert sniffing.checked(io.BytesIO(content), rules.format_of(name)) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ" + bytes(200)),
        ("a.pdf", b"<html><script>1</script></html>"),
        ("a.pdf", b"MZ" + bytes(200) + b"%%EOF\n"),
        ("a.pdf", picture("png")),
        ("a.png", PDF),
        ("a.webp", b"RIFF\x24\0\0\0AVI LIST" + bytes(100)),
        ("a.docx", PDF),
        ("a.docx", sheet()),
        ("a.docx", package("a.txt")),
        ("a.docx", b"PK\x03\x04" + bytes(100)),
        ("a.xlsx", package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.doc", word()),
        ("a.txt", PDF + bytes(8)),
        ("a.csv", COMPOUND),
        ("a.txt", b"\xff\xfe\x00"),
    ],
)
def test_content_of_another_kind_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(NotUsable):
        sniffing.checked(io.BytesIO(content), rules.format_of(name))


def test_a_thing_has_room_for_so_many() -> None:
    rules.must_have_room(rules.MOST_FILES - 1, rules.MOST_EVER - 1)
    for present, ever in ((rules.MOST_FILES, rules.MOST_FILES), (0, rules.MOST_EVER)):
        with pytest.raises(TooMany):
            rules.must_have_room(present, ever)


def test_nothing_is_evident_without_an_attachment() -> None:
    rules.must_be_evident(1)
    with pytest.raises(NoEvidence):
        rules.must_be_evident(0)


@asynccontextmanager
async def scanner(answers: Sequence[bytes], received: list[bytes]) -> AsyncIterator[str]:
    """Speaks INSTREAM as clamd does: chunks with their length, an empty one at the end, then the verdict."""
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
        received.append(content)
        writer.write(left.pop(0))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_scanner_is_given_all_and_its_verdict_counts() -> None:
    received: list[bytes] = []
    content = b"x" * 200_000
    answers = [b"stream: OK\0", b"stream: Eicar-Test-Signature FOUND\0", b"INSTREAM size limit exceeded. ERROR\0", b""]
    async with scanner(answers, received) as address:
        await scan(address, io.BytesIO(content))
        with pytest.raises(Infected):
            await scan(address, io.BytesIO(content))
        for _ in range(2):
            with pytest.raises(Problem) as away:
                await scan(address, io.BytesIO(content))
            assert (away.value.status, away.value.slug) == (503, "scanner-away")
    assert received == [content] * 4
    with pytest.raises(Problem) as away:
        await scan(address, io.BytesIO(content))
    assert away.value.status == 503
