"""Orders and problems as the tests make them and take steps with them."""

from datetime import timedelta
from typing import Any

import httpx

from chassis.clock import today
from services.progress.tests.worlds import World

Json = dict[str, Any]
DEADLINE = today() + timedelta(30)
SIGN_DUE = today() + timedelta(2)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


async def ask(
    world: World, name: str, method: str, path: str, body: Json | None = None, version: int = 0
) -> httpx.Response:
    headers = {"If-Match": f'"{version}"'} if version else {}
    async with world.client(name) as client:
        return await client.request(method, path, json=body, headers=headers)


async def seen(world: World, name: str, path: str, **params: str) -> Any:
    async with world.client(name) as client:
        answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def step(world: World, name: str, thing: Json, path: str, **body: Any) -> httpx.Response:
    """Takes a step with an order or a problem as it is now."""
    where = f"/{'orders' if 'lead' in thing else 'problems'}/{thing['id']}"
    now = await seen(world, "province", where)
    return await ask(world, name, "POST", f"{where}/{path}", body, now["version"])


async def taken(world: World, name: str, thing: Json, path: str, **body: Any) -> Json:
    answer = await step(world, name, thing, path, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def registered(world: World, lead: str = "zone:hefei", **over: Any) -> Json:
    given = {
        "title": "抓紧推进口岸开放",
        "requirement": "请于月底前报送方案。",
        "source": "meeting",
        "basis": "第三次会议",
    }
    body = given | {"lead": lead, "deadline": str(DEADLINE)} | over
    answer = await ask(world, "province", "POST", "/orders", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def issued(world: World, lead: str = "zone:hefei", **over: Any) -> Json:
    order = await registered(world, lead, **over)
    return await taken(world, "province", order, "issuance", sign_due=str(SIGN_DUE))


async def raised(world: World, name: str = "hefei", **over: Any) -> Json:
    given = {"title": "口岸用地指标不足", "description": "请协调解决用地指标。", "addressee": "unit:fgw"}
    answer = await ask(world, name, "POST", "/problems", given | {"answer_due": str(DEADLINE)} | over)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def upload(
    world: World,
    name: str,
    kind: str,
    thing_id: object,
    filename: str = "佐证.pdf",
    content: bytes = PDF,
    key: str | None = None,
) -> httpx.Response:
    async with world.client(name) as client:
        params = {"kind": kind, "thing": str(thing_id)}
        files = {"file": (filename, content, "application/octet-stream")}
        headers = {"Idempotency-Key": key} if key else {}
        return await client.post("/attachments", params=params, files=files, headers=headers)


async def attached(
    world: World, name: str, kind: str, thing_id: object, filename: str = "佐证.pdf", content: bytes = PDF
) -> Json:
    answer = await upload(world, name, kind, thing_id, filename, content)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def reply(world: World, name: str, case: Json, what: str, body: Json, zone: str | None = None) -> httpx.Response:
    path = f"/cases/{case['id']}/replications/{zone or name}"
    async with world.client("province") as reader:
        tag = (await reader.get(path)).headers.get("ETag", '"1"')
    async with world.client(name) as client:
        return await client.post(f"{path}/{what}", json=body, headers={"If-Match": tag})
