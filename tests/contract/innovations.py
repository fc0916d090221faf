"""Cases and replications in each state, as progress tells of them."""

from typing import Any

from chassis.clock import today
from chassis.tenancy import Session
from progress.cases import events as case_events
from progress.cases import store as case_store
from progress.cases.rules import State as CaseState
from progress.catalog_copy import store as copy
from progress.catalog_copy.schemas import Task as CopiedTask
from progress.replications import events as replication_events
from progress.replications import store as replications
from progress.replications.rules import Reminder, Replication
from progress.replications.rules import State as ReplicationState
from tests.contract.examples import TASK_EVENT, Publish
from tests.support import Json

CASE = {
    **dict.fromkeys(case_store.TEXTS, "…"),
    **{name: [] for name in ("figures", "tasks", "evidence")},
    "title": "一业一证",
}


def case(what: str, state: CaseState = CaseState.SUBMITTED, then: Json | None = None, **told: Any) -> Publish:
    """``then`` are columns that come with the state, ``told`` what the event has beside the case."""

    async def publish(db: Session) -> None:
        await add_copied_zone(db)
        case_id = await case_store.add(db, "contract-zone", CASE, "检验")
        await case_store.move(db, case_id, state, **(then or {}))
        await case_events.tell(db, what, case_id, **told)

    return publish


async def add_copied_zone(db: Session) -> None:
    await copy.put_task(db, CopiedTask.model_validate(TASK_EVENT), 1, withdrawn=False)


PUBLISHED = {"level": "provincial", "approved_on": today(), "published_on": today()}


async def add_replication(db: Session) -> Replication:
    """One that its zone has not answered."""
    await add_copied_zone(db)
    case_id = await case_store.add(db, "contract-origin", CASE, "检验")
    await case_store.move(db, case_id, CaseState.PUBLISHED, **PUBLISHED)
    of = await replications.lock(db, case_id, "contract-zone")
    assert of is not None
    return of


def replication(state: ReplicationState, **also: Any) -> Publish:
    async def publish(db: Session) -> None:
        of = await add_replication(db)
        await replications.move(db, of, state, "检验", **also)
        await replication_events.tell(db, of)

    return publish


def unanswered(reminder: Reminder) -> Publish:
    async def publish(db: Session) -> None:
        await replication_events.remind(db, await add_replication(db), reminder)

    return publish


async def late(db: Session) -> None:
    of = await add_replication(db)
    await replications.move(db, of, ReplicationState.PLANNED, "检验", plan="试行", due=today())
    await replication_events.remind(db, of, Reminder.REMINDED)


REASON = {"reason": "已有先例"}
CASES: dict[str, Publish] = {
    "a case that is submitted": case("submitted"),
    "a case that is invited": case(
        "invited", CaseState.EVALUATING, units=[{"code": "swt", "name": "省商务厅"}], due=None
    ),
    "a case that is scored": case("scored", CaseState.EVALUATING, evaluator="unit:swt"),
    "a case that is concluded": case("concluded", CaseState.EVALUATED),
    "a case that is approved": case("approved", CaseState.APPROVED, {"level": "provincial", "approved_on": today()}),
    "a case that is returned": case("returned", CaseState.RETURNED, REASON, **REASON),
    "a case that is rejected": case("rejected", CaseState.REJECTED, REASON, **REASON),
    "a case that is withdrawn": case(
        "returned", CaseState.DRAFT, REASON, **REASON, units=[{"code": "swt", "name": "省商务厅"}]
    ),
    "a case that is retracted": case(
        "rejected",
        CaseState.RETRACTED,
        PUBLISHED | REASON,
        **REASON,
        zones=[{"code": "wuhu", "name": "芜湖片区", "replication": "planned"}],
    ),
    "a case that is published": case(
        "published", CaseState.PUBLISHED, PUBLISHED, zones=[{"code": "wuhu", "name": "芜湖片区"}]
    ),
    "a replication that is planned": replication(ReplicationState.PLANNED, plan="试行"),
    "a replication that is under_way": replication(ReplicationState.UNDER_WAY),
    "a replication that is adopted": replication(ReplicationState.ADOPTED, result="已施行", adopted_on=today()),
    "a replication that is late": late,
    "a replication that is reminded": unanswered(Reminder.REMINDED),
    "a replication that is escalated": unanswered(Reminder.ESCALATED),
    "a replication that is declined": replication(ReplicationState.DECLINED, reason="没有综合窗口"),
}
