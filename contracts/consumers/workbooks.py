"""A sheet as an office uploads it, written byte for byte the same each time, as a pact has to be."""

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

_OPEN_XML = "http://schemas.openxmlformats.org"
_KIND, _RELATION = f"{_OPEN_XML}/package/2006/relationships", f"{_OPEN_XML}/officeDocument/2006/relationships"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The .xlsx file of one sheet of texts."""
    main = f'xmlns="{_OPEN_XML}/spreadsheetml/2006/main"'
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_OPEN_XML}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_BOOK}.worksheet+xml"/></Types>',
        "_rels/.rels": _related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{_RELATION}"><sheets>'
        f'<sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>",
    }
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for path, text in parts.items():
            file.writestr(ZipInfo(path), text)
    return out.getvalue()


def _related(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{_RELATION}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_KIND}">{relation}</Relationships>'


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'
