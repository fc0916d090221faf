"""Images that only tests need: made of files as they lie here."""

import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def build(image: str, context: Mapping[str, Path], options: Sequence[str]) -> None:
    """The context is sent as an archive: nothing is copied before."""
    docker = subprocess.Popen(["docker", "build", "--quiet", "--tag", image, *options, "-"], stdin=subprocess.PIPE)
    assert docker.stdin
    with tarfile.open(fileobj=docker.stdin, mode="w|", format=tarfile.GNU_FORMAT) as archive:
        for name, path in context.items():
            archive.add(path, name)
    docker.stdin.close()
    if docker.wait():
        raise SystemExit(f"{image} could not be built")
