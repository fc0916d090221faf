"""A task, a line opened from it, and news of that line, published by progress' own code."""

from collections.abc import Awaitable, Callable
from datetime import date

from catalog.editions.rules import Item, Responsibility, Source, Task
from catalog.plans.rules import Plan
from chassis.clock import today
from chassis.tenancy import Session
from progress.catalog_copy import store as copy
from progress.catalog_copy.schemas import Task as CopiedTask
from progress.lines import events, opening, store
from progress.lines.rules import Line

Publish = Callable[[Session], Awaitable[object]]

CITY, PLAN = "契约检验市", Plan("n9999", 9999, "契约检验行动计划", "additional")
PARTS = (Responsibility("contract-unit", "lead"), Responsibility("contract-city", "member"))
TASK = Task(
    code="n9999-1",
    plan=PLAN.code,
    number=1,
    title="推进口岸开放",
    text="推进口岸开放。",
    items=(Item("推进口岸开放。", PARTS),),
    responsibilities=PARTS,
    due=date(2030, 6, 30),
    source=Source("notice.txt", 0, 8, "1.推进口岸开放。"),
)


TASK_EVENT = {
    "id": "0193a1b2-7c00-7000-8000-000000000001",
    "code": TASK.code,
    "number": TASK.number,
    "title": TASK.title,
    "text": TASK.text,
    "plan": {"code": PLAN.code, "number": PLAN.number, "name": PLAN.name, "kind": PLAN.kind},
    "responsibilities": [
        {"unit": {"code": "contract-unit", "name": "契约检验厅"}, "role": "lead", "position": 1},
        {"unit": {"code": "contract-city", "name": CITY}, "role": "member", "position": 2, "zone": "contract-zone"},
    ],
    "zones": ["contract-zone"],
    "edition": 1,
}


async def line(db: Session) -> Line:
    """A line of a zone, opened from a task."""
    await copy.put_task(db, CopiedTask.model_validate(TASK_EVENT), 1, withdrawn=False)
    await opening.reconcile(db, None, TASK.code, today())
    lines = await store.lock_of_task(db, TASK.code)
    return next(line for line in lines if line.jurisdiction == "contract-zone")


def tell(what: str) -> Publish:
    async def publish(db: Session) -> None:
        await events.tell(db, what, (await line(db)).id)

    return publish
