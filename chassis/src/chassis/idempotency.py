"""``Idempotency-Key``: a changing request that is sent again gets the first answer and does nothing twice."""

import hashlib
import json
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from chassis.problems import Conflict, Problem
from chassis.tenancy import Session

Handle = Callable[[Request], Awaitable[Response]]
KEPT_HEADERS = ("etag", "location", "content-type", "content-language", "vary")


async def once(request: Request, session: Session, body: bytes, handle: Handle) -> Response:
    """Answers by ``handle``, or with what was answered to the same key of the same caller before.

    The key's row is written in the request's transaction: a second request waits for the first to end.
    Only successes are kept; of an answer that is shown once, only that it was given. Raises 422
    when the key was used for another request.
    """
    key = request.headers.get("idempotency-key")
    if not key or len(key) > 128 or not all("!" <= ch <= "~" for ch in key):
        return await handle(request)
    session.caller = await request.app.state.authenticator.caller(request)
    target = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}"
    target += session.caller.acting_for or ""
    fingerprint = hashlib.sha256(target.encode() + b"\n" + body).hexdigest()
    claimed = await session.run(
        "INSERT INTO idempotency (sub, key, fingerprint) VALUES (:sub, :key, :fingerprint) ON CONFLICT DO NOTHING",
        sub=session.caller.sub,
        key=key,
        fingerprint=fingerprint,
    )
    if not claimed:
        return await _replay(session, key, fingerprint)
    response = await handle(request)
    await _keep(session, key, response)
    return response


async def _replay(session: Session, key: str, fingerprint: str) -> Response:
    assert session.caller is not None  # noqa: S101 - set by once()
    first = await session.row(
        "SELECT fingerprint, status, headers, body FROM idempotency WHERE sub = :sub AND key = :key",
        sub=session.caller.sub,
        key=key,
    )
    if first is None or first["fingerprint"] != fingerprint:
        raise Problem(
            422,
            "idempotency-key-reused",
            "该 Idempotency-Key 已用于另一请求。",
            errors=[("/header/Idempotency-Key", "请为新的请求使用新的值")],
        )
    return Response(first["body"], first["status"], {**json.loads(first["headers"]), "Idempotency-Replayed": "true"})


async def _keep(session: Session, key: str, response: Response) -> None:
    assert session.caller is not None  # noqa: S101 - set by once()
    if response.headers.get("cache-control") == "no-store":
        response = Conflict("shown-once", "该请求已经办理，其答复只显示一次，不再重复。").response()
    await session.run(
        "UPDATE idempotency SET status = :status, headers = CAST(:headers AS text), body = :body"
        " WHERE sub = :sub AND key = :key",
        status=response.status_code,
        headers=json.dumps({name: value for name, value in response.headers.items() if name in KEPT_HEADERS}),
        body=bytes(response.body),
        sub=session.caller.sub,
        key=key,
    )
