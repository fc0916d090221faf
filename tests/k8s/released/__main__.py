"""``python -m tests.k8s.released [option of docker build]...`` builds the last release's images, tagged ``released``.

They are the release's code in today's surroundings: Dockerfile and requirements.
"""

import sys
from collections.abc import Sequence

from deploy.local.instance import ROOT
from deploy.local.ports import SERVICES
from tests.contract.releases import Released
from tests.k8s.images import build

_OF_TODAY = ("deploy/images", "requirements")


def main(options: Sequence[str]) -> None:
    code = Released().folder
    context = {path.name: path for path in code.iterdir()} | {name: ROOT / name for name in _OF_TODAY}
    for home in (*(f"services/{service}" for service in SERVICES), "gateway/portal"):
        how = ["--file", "deploy/images/Dockerfile", "--target", "service", "--build-arg", f"PACKAGE={home}"]
        build(f"zoneportal/{home.rpartition('/')[2]}:released", context, [*how, *options])


if __name__ == "__main__":
    main(sys.argv[1:])
