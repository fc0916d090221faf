"""Files of notices: encodings, .docx, and what the command says to files that are none."""

import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from catalog.notice import NoticeError
from catalog.notice import read as read_file
from chassis.cli import app
from deploy.local.instance import ROOT
from services.catalog.tests.notices import read

TEXT = "一、口岸开放专项行动计划\r\n1．推进⼝岸开放。（责任单位：省商务厅、合肥市）\n"


def word(*paragraphs: str, table: str = "") -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        document.add_table(1, 1).cell(0, 0).text = table
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_that_such_files_have(encoding: str) -> None:
    assert read_file(TEXT.encode(encoding), "a.txt") == TEXT


def test_a_word_document_is_read_in_its_order_with_its_tables() -> None:
    text = read_file(word("一、口岸开放专项行动计划", table="1．推进。（责任单位：合肥市）"), "通知.DOCX")
    (task,) = read(text).tasks
    assert text[task.source.start : task.source.end] == "1．推进。（责任单位：合肥市）"


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 60_000_000)
    return packed.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))


def packed(document: str) -> bytes:
    """A Word file with this in place of its document."""
    given, made = io.BytesIO(word()), io.BytesIO()
    with zipfile.ZipFile(given) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for name in package.namelist():
            other.writestr(name, document if name == "word/document.xml" else package.read(name))
    return made.getvalue()


def document(text: str, head: str = "") -> str:
    return f"{head}<w:document {W}><w:body>{text}</w:body></w:document>"


def test_a_word_document_brings_nothing_from_elsewhere() -> None:
    """Neither files of the machine nor pages that it asks for."""
    for where in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
        head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{where}">]>'
        read_ = read_file(packed(document("<w:p><w:r><w:t>甲&e;乙</w:t></w:r></w:p>", head)), "a.docx")
        assert "root" not in read_ and read_.startswith("甲")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (packed(document("<w:p/>" * 250_000)), "a.docx"),
        (
            packed(document("<w:p><w:r><w:t>&e8;</w:t></w:r></w:p>", f'<!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]>')),
            "a.docx",
        ),
        (b"", "a.txt"),
        (b"  \n", "a.txt"),
        (b"\x00\x01\x02binary", "a.txt"),
        (bytes(range(256)) * 20, "a.txt"),
        (b"\xff\xfe\x00", "a.txt"),
        (word("1．甲。"), "a.txt"),
        (TEXT.encode(), "a.docx"),
        (b"PK\x03\x04broken", "a.docx"),
        (bomb(), "a.docx"),
        (b"a" * (5 * 1024 * 1024 + 1), "a.txt"),
    ],
)
def test_other_files_are_refused(content: bytes, name: str) -> None:
    with pytest.raises(NoticeError):
        read_file(content, name)


@pytest.mark.parametrize("content", [b"", b"\x00\x89PNG\r\n\x1a\n", b"hello, world", b"0" * 50_000_000, None])
def test_the_command_refuses_what_is_no_notice(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "notice.txt"
    if content is not None:
        file.write_bytes(content)
    result = CliRunner().invoke(app, ["notice", "parse", str(file), "--json"])
    assert result.exit_code == 2
    assert str(file) in result.stderr
    assert result.stdout == ""


def test_the_command_prints_what_it_read() -> None:
    file = ROOT / "data" / "notice.txt"
    result = CliRunner().invoke(app, ["notice", "parse", str(file), "--json"])
    printed = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {"plans", "tasks", "zones", "warnings"} == set(printed)
    assert {"number", "plan", "title", "items", "responsibilities", "zones", "due", "source"} == set(
        printed["tasks"][0]
    )
    source = printed["tasks"][111]["source"]
    text = file.read_bytes().decode()
    assert text[source["start"] : source["end"]].startswith("112．加强⾃贸试验区")
    assert text[source["start"] : source["end"]].endswith("相关市\n⼈民政府）")
    assert CliRunner().invoke(app, ["notice", "parse", str(file)]).stdout.count("（") > 112
