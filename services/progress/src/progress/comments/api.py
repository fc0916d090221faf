"""Comments on a line (讨论): by all who work with it, for all who see it. Their writers may withdraw them."""

from uuid import UUID

from fastapi import Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db
from progress.access import READ, SCHEDULE, actor
from progress.comments import events, rules, store
from progress.comments.schemas import CommentIn, CommentOut, CommentPage, ReaderOut, ReaderPage
from progress.lines import store as lines
from progress.lines.rules import NotNow, NotPermitted

router = Router(tags=["comments"])


@router.get("/lines/{line_id}/comments", response_model=CommentPage, dependencies=[READ])
async def comments(
    line_id: UUID, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """What was said about the line, newest first."""
    if await lines.get(db, line_id) is None:
        raise NotFound
    return answer(await store.page(db, line_id, limit=limit, cursor=cursor))


@router.get("/lines/{line_id}/readers", response_model=ReaderPage, dependencies=[READ])
async def readers(line_id: UUID, db: Db) -> Response:
    """Who may be mentioned in a comment: the offices that see the line, and people of theirs."""
    if await lines.get(db, line_id) is None:
        raise NotFound
    found = await store.readers(db, line_id)
    return answer(ReaderPage(items=[ReaderOut(label=each.label, **each.mention()) for each in found]))


@router.post("/lines/{line_id}/comments", response_model=CommentOut, status_code=201, dependencies=[SCHEDULE])
async def comment(given: CommentIn, line_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Says something about the line; the offices of those who are mentioned are told."""
    line = await lines.get(db, line_id)
    if line is None:
        raise NotFound
    mentions = rules.mentioned(given.text, await store.readers(db, line_id))
    comment_id = await store.add(db, line_id, actor(caller).office, caller.name, given.text, mentions)
    said = {"line_id": line_id, "mentions": [reader.label for reader in mentions]}
    await audit.record(db, "comment.made", "comment", comment_id, None, said, tenant=line.jurisdiction)
    await events.tell(db, "made", line_id, comment_id)
    return answer(await store.shown(db, comment_id), status=201)


@router.post(
    "/lines/{line_id}/comments/{comment_id}/withdrawal",
    response_model=CommentOut,
    status_code=201,
    dependencies=[SCHEDULE],
)
async def withdraw(line_id: UUID, comment_id: UUID, db: Db) -> Response:
    """Takes the caller's own words back (撤回): nobody reads them any more but in the audit trail."""
    line, found = await lines.get(db, line_id), await store.said(db, line_id, comment_id)
    if line is None or found is None:
        raise NotFound
    text, own = found
    if not own:
        raise NotPermitted("只能撤回本人发表的意见。")
    if not await store.withdraw(db, comment_id):
        raise NotNow("该意见已经撤回。")
    said = {"line_id": line_id}
    await audit.record(
        db, "comment.withdrawn", "comment", comment_id, said | {"text": text}, said, tenant=line.jurisdiction
    )
    await events.tell(db, "withdrawn", line_id, comment_id)
    return answer(await store.shown(db, comment_id), status=201)
