"""What is published about comments."""

from uuid import UUID

from chassis.tenancy import Session
from progress.comments import store
from progress.lines import store as lines
from progress.publishing import publish


async def tell(db: Session, what: str, line_id: UUID, comment_id: UUID) -> None:
    """Publishes that the comment was ``made`` or ``withdrawn``, without its words."""
    comment, found = await store.data(db, comment_id), await lines.data_all(db, [line_id])
    await publish(db, f"comment.{what}", comment, {"comment": comment, "line": found[line_id]})
