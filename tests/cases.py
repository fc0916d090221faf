"""Innovation cases and their replication, as tests across services bring them about."""

from typing import Any
from uuid import uuid4

import httpx

from deploy.local.system import System
from tests.support import PROGRESS, Json, attach, client_of, get

CASES = f"{PROGRESS}/cases"
WRITTEN = {
    "title": "“一业一证”改革",
    "background": "多头许可",
    "practice": "一张综合许可证",
    "effect_before": "平均 30 天",
    "effect_after": "平均 3 天",
}


def written(system: System, user: str, **over: Any) -> Json:
    """A new draft of the user's zone."""
    answer = client_of(system, user).post(CASES, json=WRITTEN | over)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def attempted(system: System, user: str, path: str, what: str, **body: Any) -> httpx.Response:
    """Posts to a case or a replication as it is now."""
    tag = client_of(system, "province.admin").get(path).headers["ETag"]
    headers = {"If-Match": tag, "Idempotency-Key": str(uuid4())}
    return client_of(system, user).post(f"{path}/{what}", json=body, headers=headers)


def acted(system: System, user: str, case_id: str, what: str, **body: Any) -> Json:
    """An act on a case, or on its replication by a zone, that succeeds; what it answers."""
    thing, _, last = what.rpartition("/")
    answer = attempted(system, user, f"{CASES}/{case_id}{'/' * bool(thing)}{thing}", last, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def full_marks(system: System, case_id: str) -> list[Json]:
    """The highest points for each criterion of the present round."""
    (now, *_) = get(system, "province.admin", f"{CASES}/{case_id}/rounds")["items"]
    return [{"criterion": criterion["name"], "points": 100} for criterion in now["criteria"]]


def evaluating(system: System, user: str = "hefei.admin", file: str = "", **over: Any) -> str:
    """The id of a case of the user's zone that 省商务厅 is asked to score, maybe with an attachment of that name."""
    case_id = str(written(system, user, **over)["id"])
    if file:
        attach(system, user, "case", case_id, file)
    acted(system, user, case_id, "submission")
    acted(system, "province.admin", case_id, "rounds", units=["swt"])
    return case_id


def published(system: System, user: str = "hefei.admin", **over: Any) -> str:
    """The id of a case of the user's zone that went all its way."""
    case_id = evaluating(system, user, **over)
    acted(system, "dept.swt", case_id, "scores", points=full_marks(system, case_id))
    acted(system, "province.admin", case_id, "conclusion")
    acted(system, "province.admin", case_id, "approval", level="provincial")
    acted(system, "province.admin", case_id, "publication", preconditions="有综合窗口")
    return case_id
