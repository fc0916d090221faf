"""Chromium with a Chinese font and axe, from npm, pinned by ``package-lock.json``; needs neither root nor a desktop."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests import npm

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@dataclass(frozen=True)
class Program:
    """An unpacked browser."""

    folder: Path

    @property
    def executable(self) -> str:
        return str(self.folder / "chromium" / "chromium")

    @cached_property
    def environment(self) -> dict[str, str | float | bool]:
        return {
            "LD_LIBRARY_PATH": str(self.folder / "chromium" / "libraries" / "lib"),
            "FONTCONFIG_FILE": str(self.folder / "fonts.conf"),
            "HOME": str(self.folder),
        }

    @property
    def axe(self) -> Path:
        return self.folder / "node_modules" / "axe-core" / "axe.min.js"


def bring(cache: Path) -> Program:
    """The browser in ``cache``, installed there unless it is."""
    return Program(npm.bring("browser", Path(__file__).parent, ("unpack.mjs", "fonts.conf"), cache, _unpack))


def _unpack(draft: Path) -> None:
    packed = draft / "node_modules" / "@sparticuz" / "chromium" / "bin"
    npm.node(draft, "unpack.mjs", packed, draft / "chromium")
