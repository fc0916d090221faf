"""Orders and problems to which everything happens that can."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local.system import System
from tests.support import attach, change

Step = tuple[str, str, Mapping[str, Any]]
ORDER = {"title": "抓紧推进口岸开放", "requirement": "请报方案。", "source": "meeting", "lead": "zone:hefei"}
PROBLEM = {"title": "用地指标不足", "description": "请协调。", "addressee": "role:province", "answer_due": "2030-06-28"}
P, H, SAID = "province.admin", "hefei.admin", {"text": "…"}
ISSUE: Step = (P, "issuance", {"sign_due": "2030-06-01"})
EXTEND: Step = (H, "extension", {"deadline": "2030-12-31", "text": "…"})
ORDERS: Sequence[Sequence[Step]] = (
    (
        *(ISSUE, (H, "receipt", {}), (H, "replies", SAID), (P, "urgings", {})),
        *(EXTEND, (P, "extension/refusal", SAID), EXTEND, (P, "extension/approval", {})),
        *((H, "application", SAID), (P, "return", SAID), (H, "application", SAID)),
        *((P, "conclusion", {}), (P, "verification", SAID), (P, "closure", {"evidence": "…"})),
    ),
    (ISSUE, (P, "revocation", SAID)),
)
ANSWER: Step = (P, "answers", SAID)
PROBLEMS: Sequence[Sequence[Step]] = (
    (ANSWER, (H, "follow-ups", SAID | {"answer_due": "2030-06-28"}), ANSWER, (H, "settlement", SAID)),
    ((P, "escalation", SAID),),
    ((H, "withdrawal", SAID),),
)


def happen(system: System) -> str:
    """The id of the last thing that something happened to."""
    for steps in ORDERS:
        _walk(system, "orders", change(system, P, "orders", ORDER | {"deadline": "2030-06-28"}), steps)
    return [_walk(system, "problems", change(system, H, "problems", PROBLEM), steps) for steps in PROBLEMS][-1]


def _walk(system: System, things: str, thing: dict[str, Any], steps: Sequence[Step]) -> str:
    for user, path, said in steps:
        if path == "closure":
            attach(system, user, "order", thing["id"])
        thing = change(system, user, f"{things}/{thing['id']}/{path}", dict(said), thing["version"])
    return str(thing["id"])
