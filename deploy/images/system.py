"""``system.py <root> <app>...``: lays under ``root`` what Python and the programs of applications need of this system.

That is Python with its library, the shared libraries that are named by it and by the applications' programs and
extensions, time zones and certificates; no shell, no package manager. Which of the distribution's packages these come
from stands in the folder where scanners look.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

LIBRARY = Path(sysconfig.get_path("stdlib"))
PYTHON = Path(sys.executable).resolve()
UNUSED = (
    *("__pycache__", "*-packages", "config-*", "test", "_test*", "_ctypes_test*", "_xxtestfuzz*"),
    *("ensurepip", "idlelib", "lib2to3", "pydoc_data", "tkinter", "turtledemo"),
    *("_curses*", "readline.*", "_dbm.*", "nis.*", "ossaudiodev.*"),
)
FILES = ("/etc/ld.so.conf", "/etc/nsswitch.conf", "/etc/os-release")
FOLDERS = ("/etc/ld.so.conf.d", "/etc/ssl", "/usr/lib/ssl", "/usr/share/ca-certificates", "/usr/share/zoneinfo")
MERGED = ("lib", "lib64")


def main(root: Path, apps: list[Path]) -> None:
    for name in MERGED:
        if (linked := Path("/", name)).is_symlink():
            _place(root, linked).symlink_to(linked.readlink())
    for folder in map(Path, FOLDERS):
        shutil.copytree(folder, _place(root, folder), symlinks=True, ignore=shutil.ignore_patterns("posix", "right"))
    for file in map(Path, FILES):
        shutil.copy(file, _place(root, file))
    shutil.copytree(LIBRARY, _place(root, LIBRARY), symlinks=True, ignore=shutil.ignore_patterns(*UNUSED))
    for program in PYTHON.parent.glob("python*"):
        if program.resolve() == PYTHON:
            shutil.copy(program, _place(root, program), follow_symlinks=False)
    libraries = _libraries(apps, [PYTHON, *root.rglob("*.so")])
    for library in libraries:
        shutil.copy(library, _place(root, library.parent.resolve() / library.name))
    subprocess.run(["ldconfig", "-r", root], check=True)
    _tell_packages(root, [*libraries, PYTHON, LIBRARY / "os.py", *map(Path, FOLDERS)])
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)


def _place(root: Path, path: Path) -> Path:
    """Where the path is under the root, in a folder that is there."""
    place = root / path.relative_to("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _libraries(apps: list[Path], programs: list[Path]) -> list[Path]:
    """The system's libraries that all these load; what applications bring themselves is found beside them."""
    programs += [path for app in apps for path in app.rglob("*") if _is_program(path)]
    told = subprocess.run(["ldd", *programs], check=True, stdout=subprocess.PIPE, text=True).stdout
    if "not found" in told:
        raise SystemExit(told)
    found = sorted({Path(path) for path in re.findall(r"(/\S+) \(0x", told)})
    return [path for path in found if not any(path.is_relative_to(app) for app in apps)]


def _is_program(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _tell_packages(root: Path, paths: list[Path]) -> None:
    wanted = [f"*/{path.parent.name}/{path.name}" for path in paths]
    told = subprocess.run(["dpkg-query", "--search", *wanted], check=False, stdout=subprocess.PIPE, text=True).stdout
    owners = re.findall(r"^([\w.+:-]+(?:, [\w.+:-]+)*): /", told, flags=re.MULTILINE)
    for name in {each for several in owners for each in several.split(", ")}:
        status = subprocess.run(["dpkg-query", "--status", name], check=True, stdout=subprocess.PIPE).stdout
        _place(root, Path("/var/lib/dpkg/status.d", name.partition(":")[0])).write_bytes(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [*map(Path, sys.argv[2:])])
