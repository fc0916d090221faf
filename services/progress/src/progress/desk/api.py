"""The desk (工作台): which lines wait for the caller."""

from fastapi import Response

from chassis.auth import CallerDep
from chassis.routing import Router, answer
from chassis.tenancy import Db
from progress.access import READ, actor
from progress.desk import store
from progress.desk.schemas import Desk

router = Router(tags=["desk"])


@router.get("/desk", response_model=Desk, dependencies=[READ])
async def desk(db: Db, caller: CallerDep) -> Response:
    """The piles (待办) of lines that wait for the caller, each with how many they are and the first by deadline.

    `lines?pile=` lists all of one.
    """
    return answer(b'{"piles":%b}' % await store.piles(db, actor(caller)))
