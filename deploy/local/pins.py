"""Pins Maven artifacts: ``python -m deploy.local.pins`` resolves ``requirements/*.in`` and writes the hashes.

A jar comes with all that it needs at run time; another package alone.
"""

import hashlib
import tempfile
from pathlib import Path

from jgo.maven import Artifact, Dependency, MavenContext, PythonResolver

from deploy.local.instance import ROOT


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        context = MavenContext(repo_cache=Path(cache), timeout=60)
        for name in ("kafka", "keycloak"):
            wanted = (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
            named = [_artifact(context, line) for line in wanted if line and not line.startswith("#")]
            chosen: dict[tuple[str, str], Artifact] = {}
            for artifact in (*named, *(needed for root in named for needed in _needed(root))):
                chosen.setdefault((artifact.groupId, artifact.artifactId), artifact)
            pins = sorted(map(_pin, chosen.values()))
            target = ROOT / "requirements" / f"{name}.txt"
            target.write_text("# group:artifact:version:packaging sha256\n" + "\n".join(pins) + "\n")


def _artifact(context: MavenContext, coordinate: str) -> Artifact:
    group, name, version, packaging = coordinate.split(":")
    return context.project(group, name).at_version(version).artifact(packaging=packaging)


def _needed(artifact: Artifact) -> list[Artifact]:
    """Resolved for each root alone: what one manages must not change the versions of another's."""
    if artifact.packaging != "jar":
        return []
    _, found = PythonResolver().resolve([Dependency(artifact, scope="compile")])
    return [dependency.artifact for dependency in found if dependency.scope in ("compile", "runtime")]


def _pin(artifact: Artifact) -> str:
    sha256 = hashlib.sha256(artifact.resolve().read_bytes()).hexdigest()
    return f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}:{artifact.packaging} {sha256}"


if __name__ == "__main__":
    main()
