"""The notice parsed, against reading its file and one regular expression over it."""

import asyncio
import re
from functools import partial

from bench.alternating import Measured, alternate, most
from catalog.notice import parse, read
from catalog.units.directory import listed
from deploy.local.instance import ROOT
from deploy.local.system import System

NOTICE = ROOT / "data" / "notice.txt"
NUMBERED = re.compile(r"^ *\d+ *[.．、] *(.+?)[（(]责任单位[:：]([^）)]*)[）)]", re.MULTILINE)


async def measure(system: System) -> list[Measured]:
    known = [name for unit in listed() for name in (unit.name, *unit.aliases)]
    one, other = (partial(asyncio.to_thread, work) for work in (_found, partial(_parsed, known)))
    return [await alternate("the notice parsed, against one regular expression", one, other, 9, 5, most(100, "ms"))]


def _found() -> None:
    NUMBERED.findall(NOTICE.read_text("utf-8"))


def _parsed(known: list[str]) -> None:
    parse(read(NOTICE.read_bytes(), NOTICE.name), known)
