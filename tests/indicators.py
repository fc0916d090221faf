"""Indicators that tests make and record values of."""

from uuid import uuid4

from deploy.local.system import System
from tests.support import PROGRESS, Json, client_of, get

INDICATORS = f"{PROGRESS}/indicators"


def definition(unit: str | None = None, **over: object) -> Json:
    """An indicator of months that is added up."""
    return {
        "name": "检验指标",
        "name_en": "Test indicator",
        "measure": "亿元",
        "kind": "flow",
        "aggregation": "sum",
        "direction": "up",
        "period": "month",
        "source": "统计报表",
        "unit": unit,
    } | over


def confirmed(system: System, unit: str | None, *, draft: bool = False, **over: object) -> str:
    """The code of a new indicator, which is in use unless it stays a draft."""
    code = f"t{uuid4().hex[:20]}"
    given = definition(unit, code=code, **over)
    client_of(system, "province.admin").post(INDICATORS, json=given).raise_for_status()
    if not draft:
        decide(system, code, "confirmation")
    return code


def decide(system: System, code: str, what: str) -> None:
    headers = {"If-Match": version(system, code)}
    client_of(system, "province.admin").post(f"{INDICATORS}/{code}/{what}", headers=headers).raise_for_status()


def version(system: System, code: str) -> str:
    return f'"{get(system, "province.admin", f"{INDICATORS}/{code}")["version"]}"'


def put(system: System, code: str, what: str, body: Json) -> Json:
    headers = {"If-Match": version(system, code)}
    answer = client_of(system, "province.admin").put(f"{INDICATORS}/{code}{what}", json=body, headers=headers)
    return dict(answer.raise_for_status().json())


def recorded(
    system: System, user: str, code: str, jurisdiction: str, value: str = "12.5", period: str = "2026-01"
) -> Json:
    given = {"jurisdiction": jurisdiction, "period": period, "value": value, "note": "月报"}
    return dict(client_of(system, user).post(f"{INDICATORS}/{code}/values", json=given).raise_for_status().json())


def revised(system: System, user: str, value_id: str, value: str) -> Json:
    path = f"{PROGRESS}/indicator-values/{value_id}"
    headers = {"If-Match": f'"{get(system, user, path)["version"]}"'}
    given = {"value": value, "reason": "统计口径调整"}
    return dict(
        client_of(system, user).post(f"{path}/revisions", json=given, headers=headers).raise_for_status().json()
    )


def everything(system: System) -> str:
    """The code of an indicator to which all happened that people can make happen."""
    code = confirmed(system, "swt")
    put(system, code, "", definition("swt", name="检验指标（修订）"))
    put(system, code, "/targets", {"targets": [{"jurisdiction": "hefei", "year": 2026, "value": "100"}]})
    value = recorded(system, "hefei.admin", code, "hefei")
    revised(system, "dept.swt", value["id"], "13")
    decide(system, code, "withdrawal")
    return code
