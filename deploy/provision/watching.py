"""``deploy/watching`` for the Prometheus operator and a Grafana that looks for dashboards by label."""

import json
from pathlib import Path

import yaml

_FOLDER = Path(__file__).resolve().parents[1] / "watching"
_LABELS = {"app.kubernetes.io/part-of": "zoneportal"}


def manifests() -> str:
    """The alerts as a PrometheusRule, each dashboard as a ConfigMap."""
    rules = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "zoneportal", "labels": _LABELS},
        "spec": yaml.safe_load((_FOLDER / "alerts.yaml").read_text()),
    }
    boards = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"dashboard-{path.stem}", "labels": {**_LABELS, "grafana_dashboard": "1"}},
            "data": {f"zoneportal-{path.name}": path.read_text()},
        }
        for path in sorted((_FOLDER / "dashboards").glob("*.json"))
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [rules, *boards]}, indent=2, ensure_ascii=False)
