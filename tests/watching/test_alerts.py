"""Alerts and dashboards speak of metrics that the running system has, in PromQL that can be read."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.instance import ROOT
from deploy.local.system import System

WATCHING = ROOT / "deploy/watching"
RUNBOOK = ROOT / "docs/operators/alerts.md"
DURATION = re.compile(r"[1-9][0-9]*[smhd]")
ADDED = {"job", "instance", "app", "process", "le"}
"""Labels that come from what Prometheus is told, and the bucket of a histogram."""


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((WATCHING / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboards() -> dict[Path, dict[str, Any]]:
    return {path: json.loads(path.read_text()) for path in sorted((WATCHING / "dashboards").glob("*.json"))}


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts())
    panels = chain.from_iterable(board["panels"] for board in dashboards().values())
    yield from (target["expr"] for panel in panels for target in panel["targets"])


@pytest.fixture(scope="module")
def known(system: System) -> dict[str, set[str]]:
    """The product's metrics as its processes answer them: the labels by the name."""
    found: dict[str, set[str]] = {"up": set()}
    for name, component in system.components.items():
        if component["port"] and name.startswith(("catalog-", "progress-", "notify-", "portal")):
            text = httpx.get(f"http://127.0.0.1:{component['port']}/metrics", trust_env=False).text
            for family in text_string_to_metric_families(text):
                exposed = {family.name, f"{family.name}_total"} if family.type == "counter" else {family.name}
                for called in exposed | {sample.name for sample in family.samples}:
                    found.setdefault(called, set()).update(*(sample.labels for sample in family.samples))
    return found


def selectors(node: Any) -> Iterator[Any]:
    """The vector selectors of an expression, wherever they stand."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for part in ("expr", "lhs", "rhs", "vector_selector"):
        if (inner := getattr(node, part, None)) is not None:
            yield from selectors(inner)
    for inner in getattr(node, "args", None) or ():
        yield from selectors(inner)


def test_expressions_speak_of_metrics_that_are_there(known: dict[str, set[str]]) -> None:
    for expression in expressions():
        found = list(selectors(promql_parser.parse(expression)))
        assert found, expression
        for selector in found:
            assert selector.name in known, expression
            labels = {matcher.name for matcher in selector.matchers.matchers}
            assert not known[selector.name] or labels <= known[selector.name] | ADDED, expression


def test_each_metric_of_ours_is_shown(known: dict[str, set[str]]) -> None:
    shown = {selector.name for each in expressions() for selector in selectors(promql_parser.parse(each))}
    ours = {
        name for name in known if name.startswith("zoneportal_") and not name.endswith(("_created", "_sum", "_count"))
    }
    counters = {name.removesuffix("_total") for name in ours if name.endswith("_total")}
    histograms = {name.removesuffix("_bucket") for name in ours if name.endswith("_bucket")}
    assert ours - counters - histograms - shown == set()


def test_each_alert_can_be_judged_and_has_its_runbook() -> None:
    headings = set(re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.MULTILINE))
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    assert set(names) == headings
    for rule in alerts():
        assert DURATION.fullmatch(rule["for"]), rule["alert"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        notes = rule["annotations"]
        assert notes["summary"] != notes["summary_en"]
        assert notes["runbook"] == f"docs/operators/alerts.md#{rule['alert'].lower()}"


def test_dashboards_can_be_provisioned() -> None:
    uids = [board["uid"] for board in dashboards().values()]
    assert len(uids) == len(set(uids)) == 2
    for board in dashboards().values():
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
        assert all(panel["title"] and panel["targets"] for panel in board["panels"])
