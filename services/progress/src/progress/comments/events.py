"""What is published about comments."""

from uuid import UUID

from chassis.tenancy import Session
from progress.comments import store
from progress.lines import store as lines
from progress.publishing import publish


async def tell(db: Session, line_id: UUID, comment_id: UUID) -> None:
    """Publishes ``comment.made``, without its words."""
    comment, found = await store.data(db, comment_id), await lines.data_all(db, [line_id])
    await publish(db, "comment.made", comment, {"comment": comment, "line": found[line_id]})
