"""Things of each owner that the callers try to get at, and how they ask for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from tests.isolation.operations import Operation

Parameters = Mapping[str, str]

CODES = {
    "/plans/{code}": "1",
    "/templates/{code}": "1",
    "/tasks/{code}": "1",
    "/units/{code}": "swt",
    "/zones/{code}": "hefei",
    "/zones/{code}/accounts": "hefei",
    "/zones/{code}/closing": "hefei",
    "/zones/{code}/reopening": "hefei",
}
GUESSED = {"/public/calendar": {"key": "no-such-key"}}
"""Secrets by which something is shown to anybody who has them."""
BODIES: Mapping[str, Mapping[str, Any]] = {
    "reports": {"percent": 1, "done": "…"},
    "return": {"reason": "…"},
    "code/closing": {"reason": "…"},
    "code/reopening": {"reason": "…"},
    "comments": {"text": "…"},
    "review": {"opinion": "agree"},
    "suspension": {"reason": "…"},
    "schedule": {"deadline": "2030-06-28", "milestones": [{"title": "…", "weight": 1, "due": "2030-06-28"}]},
    "proposal": {"deadline": "2030-06-28"},
    "preview": {"deadline": "2031-06-30"},
    "deadline": {"deadline": "2031-06-30", "cause": "…"},
    "thresholds": {"near_days": 30, "behind_percent": 0, "stalled_days": 60},
    "goal": {"stages": [{"months": 12, "percent": 50}]},
    "1": {"stages": [{"title": "…", "weight": 1}]},
    "2030": {"days": [], "settled": False},
    "completion": {"on": "2026-01-05"},
    "extensions": {"deadline": "2031-06-30", "cause": "…"},
    "refusal": {"reason": "…"},
    "assessment/publication": {"objections_until": "2100-12-31"},
    "objections": {"item": "lines", "text": "…"},
    "exemptions": {"item": "lines", "fact": "no-such", "reason": "…"},
    "lifting": {"reason": "…"},
    "hand": {"points": 1, "reason": "…"},
    "rounds": {"units": ["swt"]},
    "scores": {"points": [{"criterion": "…", "points": 1}]},
    "approval": {"level": "provincial"},
    "rejection": {"reason": "…"},
    "retraction": {"reason": "…"},
    "publication": {"preconditions": "…"},
    "adoption": {"plan": "…"},
    "result": {"result": "…"},
    "bulletins": {"since": "2026-02-02", "until": "2026-02-01"},
    "meetings": {"title": "…", "held_on": "2026-01-05", "agenda": []},
    "decisions": {"text": "…", "office": "zone:hefei", "due": "2030-06-28"},
    "person": {"person": "…"},
    "people": {
        "username": "nobody",
        "name": "某人",
        "email": "nobody@example.cn",
        "office": "zone:no-such",
        "roles": ["city"],
    },
    "roles": {"roles": ["city"]},
    "block": {"reason": "…"},
    "second-factors": {"roles": []},
    "reset": {"what": ["password"]},
    "deputyships": dict.fromkeys(("absent", "deputy"), "00000000-0000-0000-0000-000000000000")
    | dict.fromkeys(("since", "until"), "2000-01-01"),
    "handovers": {"giver": "nobody", "receiver": "somebody", "reason": "…", "things": []},
    "note": {"line_id": "00000000-0000-0000-0000-000000000000"},
    "decision/order": {"title": "…", "requirement": "…", "lead": "zone:nowhere", "deadline": "2030-06-28"},
    "edition/return": {"remarks": "…"},
    "bulletin/publication": {"readers": ["all"]},
    "targets": {"targets": []},
    "revisions": {"value": "1", "reason": "…"},
    "{plan}": {"tasks": []},
    "draft": {"percent": 1},
    "part": {"text": "…"},
    "answer": {"answer": "…"},
    "sending-back": {"remark": "…"},
    "reopening": {"reason": "…", "until": "2030-01-01"},
    "orders": {"title": "…", "requirement": "…", "source": "meeting", "lead": "zone:nowhere", "deadline": "2030-06-28"},
    "problems": {"title": "…", "description": "…", "addressee": "unit:nobody", "answer_due": "2030-06-28"},
    "removal": {"reason": "…"},
    "webhooks": {"url": "http://127.0.0.1/", "tenants": ["nowhere"]},
    "{webhook_id}": {"url": "http://127.0.0.1/", "tenants": ["nowhere"]},
    "robots": {"kind": "wecom", "name": "…", "url": "http://127.0.0.1/?key=1"},
    "{robot_id}": {"name": "…"},
    "replay": {"since": "2100-01-01T00:00:00Z"},
    "letter/discarding": {"reason": "…"},
    "dead-letter-retries": {"until": "2000-01-01T00:00:00Z"},
    "preferences": {
        "choices": {},
        "quiet": None,
        "working_days_only": False,
        "digest": {"rhythm": "daily"},
        "language": "zh",
    },
    "announcements": {"title": "…", "text": "…", "shown_until": "2100-01-01", "addressed": ["zone:nowhere"]},
    "{announcement_id}": {"title": "…", "text": "…", "shown_until": "2100-01-01", "addressed": ["zone:nowhere"]},
    "announcement/withdrawal": {"reason": "…"},
    "reading": {"until": "2000-01-01T00:00:00Z"},
}
STEPS: Mapping[str, Mapping[str, Any]] = {
    "issuance": {"sign_due": "2030-06-28"},
    "extension": {"deadline": "2031-06-30", "text": "…"},
    "closure": {"evidence": "…"},
    "follow-ups": {"answer_due": "2030-06-28", "text": "…"},
}
"""What steps of orders and problems say beside words."""
FILES = {key: {"file": ("plan.xlsx", b"")} for key in ("sheets", "people-sheets")}
UNSTEADY = frozenset({"date", "x-request-id", "x-envoy-upstream-service-time", "www-authenticate"})
"""Headers that differ from answer to answer; the last repeats the address that was asked for."""


class Answer(NamedTuple):
    """What an answer gives away: all of it but the time and its trace."""

    status: int
    headers: Mapping[str, str]
    body: Any


class _Nothing(dict[str, str]):
    """A new id for each parameter that is not a code."""

    def __missing__(self, parameter: str) -> str:
        return self.setdefault(parameter, str(uuid4()))


def nothing(**known: str) -> Parameters:
    """The name of a thing that does not exist, whatever its kind, but for what is ``known``."""
    codes = {"code": "no-such-code", "zone": "no-such-zone", "plan": "no-such-plan", "indicator": "no_such_indicator"}
    codes["client"] = "no-such-client"
    return _Nothing({**codes, "year": "1999", "office": "zone:no-such", "item": "hand", **known})


@dataclass
class Things:
    """By kind and owner the parameters that name a thing in a path."""

    named: dict[str, dict[str, Parameters]] = field(default_factory=dict)

    def of(self, operation: Operation) -> Iterator[tuple[str, Parameters]]:
        """The owners and their things that an operation may be tried on."""
        if operation.kind == "code":
            yield "public", {"code": CODES[operation.path]}
        elif operation.kind == "year":
            yield "public", {"year": "2030"}
        elif operation.path in GUESSED:
            yield "hefei", {}
        elif operation.kind is None:
            yield "nobody", {}
        else:
            yield from self.named[operation.kind].items()


@dataclass(frozen=True)
class Attempt:
    """A way to ask, which changes nothing: it names no version, an old one, or says nothing that could be meant."""

    name: str
    headers: Mapping[str, str]
    content: bytes | None = None

    @property
    def is_valid(self) -> bool:
        return self.name in ("reads", "with an old version")

    def ask(self, client: httpx.Client, operation: Operation, thing: Parameters) -> Answer:
        url = f"/api/{operation.service}/v1{operation.path.format_map(thing)}"
        given: dict[str, Any] = {"content": self.content}
        if not self.content and operation.method != "GET":
            given = _sent(operation, url.rpartition("/")[2])
        given["params"] = GUESSED.get(operation.path)
        request = client.build_request(operation.method, url, headers=self.headers, **given)
        return steady(client.send(request, stream=True))


def _sent(operation: Operation, last: str) -> dict[str, Any]:
    if operation.kind in ("order", "problem"):
        return {"json": STEPS.get(last, {"text": "…"})}
    what = operation.path.rpartition("/")[2]
    if what in FILES:
        return {"files": FILES[what]}
    names = (f"{operation.kind}/{last}", what, last)
    return {"json": next((BODIES[name] for name in names if name in BODIES), {})}


def steady(response: httpx.Response) -> Answer:
    """Of a live stream nothing is read."""
    headers = {name: value for name, value in response.headers.items() if name not in UNSTEADY}
    try:
        if headers.get("content-type", "").startswith("text/event-stream"):
            return Answer(response.status_code, headers, None)
        response.read()
        if "json" not in headers.get("content-type", "json"):
            return Answer(response.status_code, headers, response.content)
        body: dict[str, Any] = response.json() if response.content else {}
        body.pop("trace", None)
        return Answer(response.status_code, headers, body)
    finally:
        response.close()


READ = [Attempt("reads", {})]
CHANGES = [
    Attempt("with an old version", {"If-Match": '"0"'}),
    Attempt("without a version", {}),
    Attempt("with nonsense", {"If-Match": '"0"', "Content-Type": "application/json"}, b"{"),
]


def attempts(operation: Operation) -> list[Attempt]:
    return READ if operation.method == "GET" else CHANGES
