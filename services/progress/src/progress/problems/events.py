"""What is published about problems."""

from uuid import UUID

from chassis.tenancy import Session
from progress import entries
from progress.problems import store
from progress.publishing import publish


async def tell(db: Session, what: str, problem_id: UUID) -> None:
    """Publishes ``problem.<what>`` with its last entry, where its line or else its raiser belongs."""
    problem = await store.data(db, problem_id)
    data = {"problem": problem, "step": await entries.last(db, "problem", problem_id)}
    await publish(db, f"problem.{what}", problem, data, problem["jurisdiction"])
