"""The integrators (对接系统) and what is granted to them, for the security administrator."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response

from chassis import audit, pages
from chassis.auth import Role, allow
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from notify import audiences
from notify.inbox.lines import PROVINCE
from notify.integrators import rules, store
from notify.integrators.schemas import (
    Access,
    Client,
    IntegratorChange,
    IntegratorIn,
    IntegratorOut,
    IntegratorPage,
    Reason,
    Secret,
)
from notify.offices import store as offices
from notify.settings import NotifySettings

router = Router(tags=["integrators"], dependencies=[allow(Role.SECURITY)])


@router.get("/integrators", response_model=IntegratorPage)
async def integrators(db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """All integrators, by client."""
    return answer(await store.page(db, limit=limit, cursor=cursor))


@router.get("/integrators/{client}", response_model=IntegratorOut)
async def integrator(client: Client, db: Db, request: Request) -> Response:
    """One integrator: what is granted to it, where it finds it, and whether Keycloak and Kafka are in step."""
    return await _shown(db, client, request)


@router.post("/integrators", response_model=IntegratorOut, status_code=201)
async def register(given: IntegratorIn, db: Db, request: Request) -> Response:
    """Registers an integrator. A client that Keycloak knows as one already keeps its secret. 409 when it is taken."""
    rules.check_client(given.client)
    await _must_be_zones(db, given.tenants)
    wanted = given.model_dump() | {"tenants": sorted(set(given.tenants))}
    if not await store.add(db, wanted):
        raise rules.Taken
    await audit.record(db, "integrator.registered", "integrator", given.client, None, wanted)
    return await _shown(db, given.client, request, status=201)


@router.patch("/integrators/{client}", response_model=IntegratorOut)
async def change(client: Client, given: IntegratorChange, db: Db, if_match: IfMatch, request: Request) -> Response:
    """Grants and revokes tenants, and changes name and contact. What is revoked is refused at once."""
    before = await _get(db, client, if_match, "edit")
    after = before | {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    await _must_be_zones(db, after["tenants"], before["tenants"])
    after["tenants"] = sorted(set(after["tenants"]))
    if after != before:
        await store.change(db, after)
        for action in rules.acts(before["tenants"], after["tenants"]):
            await audit.record(db, action, "integrator", client, before, after)
    return await _shown(db, client, request)


@router.post("/integrators/{client}/secret", response_model=Secret, status_code=201)
async def rotate(client: Client, db: Db, if_match: IfMatch) -> Response:
    """A new secret (轮换密钥), shown in this answer alone."""
    before = await _get(db, client, if_match, "rotate")
    secret = secrets.token_urlsafe(32)
    await store.hand_over(db, client, secret)
    await audit.record(db, "integrator.rotated", "integrator", client, before, before)
    shown = answer(Secret(client=client, secret=secret), status=201)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.post("/integrators/{client}/suspension", response_model=IntegratorOut)
async def suspend(client: Client, given: Reason, db: Db, if_match: IfMatch, request: Request) -> Response:
    """Suspends an integrator (停用): it gets no tokens and reads nothing, also by those that it has."""
    await _set(db, client, if_match, "suspend", {"suspended": True}, "integrator.suspended", given.reason)
    return await _shown(db, client, request)


@router.post("/integrators/{client}/resumption", response_model=IntegratorOut)
async def resume(client: Client, db: Db, if_match: IfMatch, request: Request) -> Response:
    """Lets a suspended integrator in again, with what is granted to it."""
    await _set(db, client, if_match, "resume", {"suspended": False}, "integrator.resumed")
    return await _shown(db, client, request)


@router.post("/integrators/{client}/removal", response_model=IntegratorOut)
async def remove(client: Client, given: Reason, db: Db, if_match: IfMatch, request: Request) -> Response:
    """Removes an integrator for good; it is shown until Keycloak and Kafka have forgotten it."""
    await _set(db, client, if_match, "remove", {"removed": True}, "integrator.removed", given.reason)
    return await _shown(db, client, request)


async def _must_be_zones(db: Session, tenants: Sequence[str], granted: Sequence[str] = ()) -> None:
    """Raises UnknownZone; what is granted already was a zone."""
    asked = {audiences.zone(tenant): tenant for tenant in tenants if tenant not in (PROVINCE, *granted)}
    unknown = await offices.unknown(db, list(asked))
    if unknown:
        raise rules.UnknownZone(tenants.index(asked[unknown[0]]))


async def _get(db: Session, client: str, if_match: int, action: str) -> dict[str, Any]:
    found = await store.get_for_update(db, client)
    if found is None:
        raise NotFound
    check(found["version"], if_match)
    rules.check_action(found, action)
    return found


async def _set(
    db: Session,
    client: str,
    if_match: int,
    action: str,
    changes: dict[str, bool],
    act: str,
    reason: str | None = None,
) -> None:
    before = await _get(db, client, if_match, action)
    await store.change(db, before | changes)
    await audit.record(db, act, "integrator", client, before, before | changes, reason=reason)


async def _shown(db: Session, client: str, request: Request, *, status: int = 200) -> Response:
    body = await store.shown(db, client)
    if body is None:
        raise NotFound
    found = json.loads(body)
    access = _access(request.app.state.settings, client, found["tenants"])
    shown = IntegratorOut(**found, access=access, actions=rules.actions(found))
    return answer(shown, version=found["version"], status=status)


def _access(settings: NotifySettings, client: str, tenants: list[str]) -> Access:
    return Access(
        token_url=f"{settings.issuer}/protocol/openid-connect/token",
        events_url=f"{settings.gateway_url}/api/notify/v1/events",
        kafka=settings.kafka_external,
        topics=[f"progress.{tenant}" for tenant in tenants],
        group_prefix=f"{client}.",
    )
