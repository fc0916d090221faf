"""What became of the mails (邮件投递记录), for those who run the system."""

from fastapi import Response

from chassis import pages
from chassis.auth import Role, allow
from chassis.routing import Router, answer
from chassis.tenancy import Db
from notify.mail import store
from notify.mail.schemas import DeliveryPage, State

router = Router(tags=["mail"])


@router.get("/deliveries", response_model=DeliveryPage, dependencies=[allow(Role.OPERATOR, Role.PROVINCE)])
async def deliveries(
    db: Db, state: State | None = None, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """Mails and their states, newest first; neither what they say nor the whole address."""
    return answer(await store.page(db, state=state, limit=limit, cursor=cursor))
