"""Events of progress as the tests need them."""

from typing import Any
from uuid import uuid4

from chassis.events import Event, uuid7

TITLE = "加快建设具有国际先进水平的国际贸易单一窗口"
UNITS = [
    {"code": "swt", "name": "省商务厅", "role": "lead"},
    {"code": "hfhg", "name": "合肥海关", "role": "member"},
    {"code": "hfs", "name": "合肥市", "role": "member"},
]


def line(jurisdiction: str = "hefei", name: str | None = "合肥片区", **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "jurisdiction": jurisdiction,
        "jurisdiction_name": name,
        "task": {"code": "1", "number": 1, "title": TITLE, "plan": {"code": "1", "number": 1}},
        "state": "in_progress",
        "percent": 40,
        "light": "green",
        "due": None,
        "withdrawn": False,
        "units": [unit for unit in UNITS if jurisdiction == "hefei" or unit["code"] != "hfs"],
        "version": 2,
    } | changes


def report(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "status": "submitted",
        "percent": 40,
        "finished": False,
        "office": "zone:hefei",
        "done": "已完成系统对接",
    } | changes


def case(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "zone": "hefei",
        "zone_name": "合肥片区",
        "title": "“一业一证”改革",
        "state": "submitted",
    } | changes


def replication(state: str, **changes: Any) -> dict[str, Any]:
    known = {"id": str(uuid4()), "case": case(), "zone": "wuhu", "zone_name": "芜湖片区", "state": state, "reason": ""}
    return known | changes


def event(what: str, **data: Any) -> Event:
    thing = what.partition(".")[0]
    return Event(
        type=f"zoneportal.progress.{what}.v1",
        source="/zoneportal/progress",
        subject=data[thing]["id"],
        tenant=data["line"]["jurisdiction"],
        sequence=1,
        data=data,
        id=uuid7(),
    )
