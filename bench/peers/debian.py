"""Debian's packages in a folder of their own, from the sources that the machine's apt knows; nothing else changes.

It takes apt-get, dpkg-deb, unshare and a kernel that lets the user have a namespace; root is not needed.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = ("apt-get", "dpkg-deb", "unshare", "chroot")
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
ENTER = 'cd "$0" && mount --rbind /dev dev && mount --rbind /proc proc && exec chroot . env "$@"'
SETTINGS = """Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
"""As of an empty machine; what ours does after an update is left out."""


def install(folder: Path, packages: Sequence[str]) -> Path:
    """Unpacks packages with all that they need, unless they are there; the folder that is their root. Their scripts do
    not run. SystemExit where that cannot be.
    """
    root, mark = folder / "root", folder / "packages"
    if mark.exists() and mark.read_text().split() == [*packages]:
        return root
    _check()
    shutil.rmtree(folder, ignore_errors=True)
    for needed in ("root/dev", "root/proc", "root/tmp", "state/lists/partial", "cache/archives/partial"):
        (folder / needed).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "apt.conf").write_text(SETTINGS.format(folder=folder))
    _apt(folder, "update")
    _apt(folder, "install", "--yes", "--download-only", *packages)
    for package in sorted((folder / "cache" / "archives").glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    for done in ("state", "cache"):
        shutil.rmtree(folder / done)
    mark.write_text("\n".join(packages))
    return root


def within(root: Path, place: str, *command: str) -> list[str]:
    """A command that runs in a folder below the root, which to it is the whole file system."""
    return [*NAMESPACE, "sh", "-c", ENTER, str(root), f"--chdir={place}", f"PWD={place}", *command]


def _check() -> None:
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        raise SystemExit(f"the peer is not installed: there is no {', '.join(missing)} here")
    if subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True).returncode:
        raise SystemExit("the peer is not installed: the kernel gives this user no namespace (unshare --user --mount)")


def _apt(folder: Path, *what: str) -> None:
    done = subprocess.run(
        ["apt-get", "--quiet=2", f"--config-file={folder}/apt.conf", *what], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"the peer is not installed: apt-get {what[0]} failed\n{done.stderr}")
