"""All that a production may apply: the overlay with each component, and what comes by commands."""

import json

from deploy.local.instance import ROOT
from deploy.provision import watching
from tests.k8s.kustomize import Manifest, build, with_component

K8S = ROOT / "deploy" / "k8s"


def everything() -> list[Manifest]:
    manifests = build(K8S / "overlays" / "production")
    for component in ("external-secrets", "monitoring"):
        manifests = with_component(manifests, K8S / "components" / component)
    watched: list[Manifest] = json.loads(watching.manifests())["items"]
    return [*manifests, *watched]
