"""Attachments by the API, on a database and a folder of their own: who adds, sees and removes; what stays for good."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import httpx
import pytest

from chassis.clock import today
from progress.attachments import rules
from progress.attachments.files import Files
from progress.attachments.schemas import AttachmentList, AttachmentOut
from progress.attachments.sweeping import Sweeper
from services.progress.tests.steps import PDF, Json, ask, attached, issued, raised, registered, seen, taken, upload
from services.progress.tests.test_attachment_rules import scanner
from services.progress.tests.test_cases import drafted
from services.progress.tests.test_filings import opened
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

READERS = ("province", "auditor", "wuhu", "swt", "kjt", "hefei")


async def in_hand(world: World, **over: Any) -> Json:
    order = await issued(world, **over)
    return await taken(world, "hefei", order, "receipt")


async def listed(world: World, name: str, kind: str, thing: Any) -> Json:
    found = await seen(world, name, "/attachments", kind=kind, thing=str(thing))
    return AttachmentList.model_validate(found).model_dump(mode="json")


async def content(world: World, name: str, attachment: Any, **headers: str) -> httpx.Response:
    async with world.client(name) as client:
        return await client.get(f"/attachments/{attachment}/content", headers=headers)


async def remove(world: World, name: str, attachment: Any, version: int = 1) -> httpx.Response:
    body = {"reason": "传错了"}
    return await ask(world, name, "POST", f"/attachments/{attachment}/removal", body, version)


async def sweep(world: World) -> int:
    with patch.dict("os.environ", world.env("progress_worker")):
        sweeper = Sweeper(Files(world.app.state.settings))
    async with world.database.session() as session:
        return await sweeper.sweep(session, today())


async def expire(world: World, attachment: str) -> None:
    async with world.server() as server:
        await server.execute("UPDATE loose_content SET until = now() - interval '1 second' WHERE id = $1", attachment)


def stored(world: World, attachment: str) -> Path:
    return world.attachments / attachment.replace("-", "")[:6] / attachment


async def test_what_is_attached_is_listed_and_comes_back_as_it_was(world: World) -> None:
    order = await in_hand(world)
    added = AttachmentOut.model_validate(await attached(world, "hefei", "order", order["id"], "现场照片.pdf"))
    assert (added.name, added.type, added.size) == ("现场照片.pdf", "application/pdf", len(PDF))
    assert added.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (added.office, added.office_name, added.frozen) == ("zone:hefei", "合肥市片区", False)
    shown = await listed(world, "hefei", "order", order["id"])
    assert ([item["id"] for item in shown["items"]], shown["actions"]) == ([str(added.id)], ["add"])
    assert shown["items"][0]["actions"] == ["remove"]
    assert shown["limits"]["bytes"] == rules.MOST_BYTES
    assert (await listed(world, "province", "order", order["id"]))["actions"] == []
    answer = await content(world, "province", added.id)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%E7%85%A7%E7%89%87.pdf"
    )
    assert (answer.headers["x-content-type-options"], answer.headers["content-type"]) == ("nosniff", "application/pdf")
    assert answer.headers["etag"] == f'"{added.sha256}"'
    assert (await content(world, "province", added.id, **{"If-None-Match": answer.headers["etag"]})).status_code == 304


async def test_much_content_comes_in_pieces_and_whole(world: World) -> None:
    order = await in_hand(world)
    large = PDF + bytes(range(256)) * 40_000
    added = await attached(world, "hefei", "order", order["id"], "大.pdf", large)
    assert (await content(world, "hefei", added["id"])).content == large


async def test_content_that_was_damaged_never_comes_whole(world: World) -> None:
    order = await in_hand(world)
    added = await attached(world, "hefei", "order", order["id"])
    path = stored(world, added["id"])
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(Exception, match=added["id"]):
        await content(world, "hefei", added["id"])
    path.unlink()
    assert (await content(world, "hefei", added["id"])).status_code == 503


async def test_the_same_upload_twice_is_one(world: World) -> None:
    order, key = await in_hand(world), str(uuid4())
    first = await upload(world, "hefei", "order", order["id"], key=key)
    again = await upload(world, "hefei", "order", order["id"], key=key)
    other = await upload(world, "hefei", "order", order["id"], "别的.pdf", key=key)
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, first.json()["id"])
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert len((await listed(world, "hefei", "order", order["id"]))["items"]) == 1


@pytest.mark.parametrize(
    ("filename", "content", "status", "slug"),
    [
        ("a.pdf", b"", 422, "file-not-usable"),
        ("a.pdf", b"MZ\x90\0", 422, "file-not-usable"),
        ("a.exe", b"MZ\x90\0", 422, "file-not-usable"),
        ("\u202e..", PDF, 422, "file-not-usable"),
        ("a.pdf", PDF + bytes(rules.MOST_BYTES), 413, "too-large"),
    ],
)
async def test_what_is_not_usable_is_refused_with_a_reason(
    world: World, filename: str, content: bytes, status: int, slug: str
) -> None:
    order = await in_hand(world)
    answer = await upload(world, "hefei", "order", order["id"], filename, content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert answer.json()["errors"][0]["pointer"] == "/body/file"
    assert (await listed(world, "hefei", "order", order["id"]))["items"] == []


async def test_what_is_no_upload_is_refused(world: World) -> None:
    order = await in_hand(world)
    params = {"kind": "order", "thing": order["id"]}
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        while True:
            yield bytes(1024 * 1024)

    async with world.client("hefei") as client:
        for given, status in (
            ({"json": {}}, 415),
            ({"files": {"other": ("a.pdf", PDF)}}, 422),
            ({"files": [("file", ("a.pdf", PDF)), ("file", ("b.pdf", PDF))]}, 400),
            ({"content": b"--y\r\n", "headers": boundary}, 400),
            ({"content": endless(), "headers": boundary}, 413),
        ):
            assert (await client.post("/attachments", params=params, **given)).status_code == status
        for wrong in ({"kind": "line"}, {"thing": "1"}, {"thing": ""}):
            answer = await client.post("/attachments", params=params | wrong, files={"file": ("a.pdf", PDF)})
            assert answer.status_code == 422


async def test_a_thing_has_room_for_so_many_at_a_time(world: World) -> None:
    order = await in_hand(world)
    with patch.object(rules, "MOST_FILES", 2):
        first, _ = [await attached(world, "hefei", "order", order["id"]) for _ in range(2)]
        full = await upload(world, "hefei", "order", order["id"])
        assert (full.status_code, full.json()["type"]) == (409, "/problems/too-many-attachments")
        assert (await remove(world, "hefei", first["id"])).status_code == 200
        both = await asyncio.gather(*(upload(world, "hefei", "order", order["id"]) for _ in range(2)))
        assert sorted(answer.status_code for answer in both) == [201, 409]


async def test_who_may_add_to_an_order_and_when(world: World) -> None:
    order = await registered(world, members=["unit:swt"])
    statuses = {name: (await upload(world, name, "order", order["id"])).status_code for name in READERS}
    outside = dict.fromkeys(("wuhu", "kjt"), 404)
    assert statuses == {**outside, "hefei": 404, "swt": 404, "auditor": 403, "province": 201}
    order = await taken(world, "province", order, "issuance", sign_due=str(today() + timedelta(2)))
    assert (await upload(world, "hefei", "order", order["id"])).json()["type"] == "/problems/not-in-this-state"
    await taken(world, "hefei", order, "receipt")
    statuses = {name: (await upload(world, name, "order", order["id"])).status_code for name in READERS}
    assert statuses == {**outside, "auditor": 403, "province": 409, "hefei": 201, "swt": 201}
    items = (await listed(world, "hefei", "order", order["id"]))["items"]
    of_member = next(item for item in items if item["office"] == "unit:swt")
    assert (await remove(world, "hefei", of_member["id"])).status_code == 403
    await taken(world, "hefei", order, "application", text="已完成")
    assert (await remove(world, "swt", of_member["id"])).status_code == 409
    await taken(world, "province", order, "conclusion")
    await taken(world, "province", order, "verification", text="属实")
    await attached(world, "province", "order", order["id"], "核验.pdf")
    await taken(world, "province", order, "closure", evidence="见附件")
    shown = await listed(world, "province", "order", order["id"])
    assert ([item["frozen"] for item in shown["items"]], shown["actions"]) == ([True] * 4, [])
    assert all(item["actions"] == [] for item in shown["items"])
    assert (await upload(world, "province", "order", order["id"])).status_code == 409


async def test_a_removed_one_stays_in_the_list_with_its_reason_and_its_content_goes(world: World) -> None:
    order = await in_hand(world)
    added = await attached(world, "hefei", "order", order["id"])
    path = f"/attachments/{added['id']}/removal"
    assert (await ask(world, "hefei", "POST", path, {"reason": "…"})).status_code == 428
    assert (await ask(world, "hefei", "POST", path, {"reason": " "}, 1)).status_code == 422
    assert (await remove(world, "hefei", added["id"], version=7)).status_code == 412
    removed = (await remove(world, "hefei", added["id"])).json()
    assert (removed["removal_reason"], removed["version"], removed["actions"]) == ("传错了", 2, [])
    assert (await remove(world, "hefei", added["id"], version=2)).status_code == 409
    (item,) = (await listed(world, "province", "order", order["id"]))["items"]
    assert item["removed_by"] == removed["removed_by"] is not None
    assert (await content(world, "hefei", added["id"])).status_code == 404
    assert stored(world, added["id"]).exists()
    await expire(world, added["id"])
    assert await sweep(world) >= 1
    assert not stored(world, added["id"]).exists()
    async with world.server() as server:
        actions = await server.fetch("SELECT action, reason FROM audit WHERE thing_id = $1 ORDER BY at", added["id"])
    assert [tuple(row) for row in actions] == [("attachment.added", None), ("attachment.removed", "传错了")]


async def test_an_upload_that_came_to_nothing_is_swept_and_what_is_attached_stays(world: World) -> None:
    order = await in_hand(world)
    added = await attached(world, "hefei", "order", order["id"])
    await upload(world, "hefei", "order", order["id"], "a.pdf", b"nothing")
    async with world.server() as server:
        left = [str(row["id"]) for row in await server.fetch("SELECT id FROM loose_content")]
    assert added["id"] not in left
    for each in left:
        await expire(world, each)
    while await sweep(world):
        pass
    async with world.server() as server:
        assert await server.fetchval("SELECT count(*) FROM loose_content") == 0
    assert (await content(world, "hefei", added["id"])).status_code == 200


async def test_what_is_approved_keeps_its_attachments_whatever_comes_later(world: World) -> None:
    period = await opened(world)
    filing = await period.filing()
    kept = await attached(world, "hefei", "filing", filing["id"], "方案.pdf")
    dropped = await attached(world, "hefei", "filing", filing["id"], "误.pdf")
    await remove(world, "hefei", dropped["id"])
    filing = await period.file(percent=60)
    assert {query["kind"] for query in filing["queries"]} == set()
    filing = await period.done("province", "approval", confidence="high")
    frozen = {name: kept[name] for name in ("id", "name", "type", "size", "sha256")}
    assert filing["versions"][0]["attachments"] == [frozen]
    assert (await upload(world, "hefei", "filing", filing["id"])).status_code == 409
    assert (await remove(world, "hefei", kept["id"])).status_code == 409
    await period.done("province", "reopening", reason="更正", until=str(today() + timedelta(3)))
    later = await attached(world, "hefei", "filing", filing["id"], "新方案.pdf", PDF + b"%2\n")
    assert (await remove(world, "hefei", kept["id"])).status_code == 200
    assert [item["id"] for item in (await listed(world, "province", "filing", filing["id"]))["items"]] == [kept["id"]]
    assert (await content(world, "province", later["id"])).status_code == 404
    await period.file(percent=60)
    filing = await period.done("province", "approval", confidence="high")
    assert [[each["id"] for each in version["attachments"]] for version in filing["versions"]] == [
        [kept["id"]],
        [later["id"]],
    ]
    assert (await content(world, "province", kept["id"])).content == PDF
    async with world.server() as server:
        assert await server.fetchval("SELECT count(*) FROM loose_content WHERE id = $1", kept["id"]) == 0


async def test_attachments_of_a_draft_are_its_offices_alone(world: World) -> None:
    period = await opened(world)
    filing = await period.filing()
    statuses = {name: (await upload(world, name, "filing", filing["id"])).status_code for name in READERS}
    assert statuses == {"province": 403, "auditor": 403, "wuhu": 404, "kjt": 404, "swt": 201, "hefei": 201}
    items = {item["office"]: item for item in (await listed(world, "hefei", "filing", filing["id"]))["items"]}
    own = items["zone:hefei"]
    for name in ("province", "auditor", "hfhg"):
        assert (await listed(world, name, "filing", filing["id"]))["items"] == []
        assert {(await content(world, name, each["id"])).status_code for each in items.values()} == {404}
    await period.file()
    for name in ("province", "auditor", "swt"):
        assert (await content(world, name, own["id"])).status_code == 200
    for path in (f"/attachments/{own['id']}", f"/attachments/{own['id']}/content"):
        assert (await ask(world, "wuhu", "GET", path)).status_code == 404
    assert (await remove(world, "wuhu", own["id"])).status_code == 404
    async with world.client("wuhu") as client:
        params = {"kind": "filing", "thing": filing["id"]}
        assert (await client.get("/attachments", params=params)).status_code == 404
    async with world.server() as server:
        data = await server.fetchval(
            "SELECT data FROM outbox WHERE subject = $1 AND type LIKE '%filing.checked%'", filing["id"]
        )
    assert own["sha256"] in data


async def test_a_members_part_has_attachments_that_freeze_with_the_filing(world: World) -> None:
    period = await opened(world)
    filing = await period.filing()
    await period.done("swt", "part", text="省级已出台政策")
    mistaken, given = [await attached(world, "swt", "filing", filing["id"], name) for name in ("误.pdf", "政策.pdf")]
    assert (await remove(world, "swt", mistaken["id"])).status_code == 200
    shown = {name: await listed(world, name, "filing", filing["id"]) for name in ("swt", "hfhg", "hefei")}
    assert {name: (len(each["items"]), each["actions"]) for name, each in shown.items()} == {
        "swt": (2, ["add"]),
        "hfhg": (0, ["add"]),
        "hefei": (2, ["add"]),
    }
    assert [item["actions"] for item in shown["hefei"]["items"]] == [[], []]
    assert (await remove(world, "hefei", given["id"])).status_code == 403
    with patch.object(rules, "MOST_FILES", 1):
        assert (await upload(world, "swt", "filing", filing["id"])).status_code == 409
        own = await attached(world, "hefei", "filing", filing["id"])
    await period.file(percent=60)
    for refused in (await upload(world, "swt", "filing", filing["id"]), await remove(world, "swt", given["id"])):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-in-this-state")
    (version,) = (await period.done("province", "approval", confidence="high"))["versions"]
    assert {each["id"] for each in version["attachments"]} == {given["id"], own["id"]}
    assert (await upload(world, "swt", "filing", filing["id"])).status_code == 409


async def test_what_a_member_attaches_while_the_filing_is_sent_waits_for_it(world: World) -> None:
    period = await opened(world)
    filing = await period.filing()
    async with world.server() as server, server.transaction():
        await server.execute("UPDATE filing SET state = 'submitted' WHERE id = $1", filing["id"])
        waiting = asyncio.create_task(upload(world, "swt", "filing", filing["id"]))
        async with asyncio.timeout(10):
            await _blocked(world)
    assert (await waiting).status_code == 409


async def _blocked(world: World) -> None:
    """Returns when somebody waits for another's lock."""
    async with world.server() as server:
        while True:
            if await server.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                return
            await asyncio.sleep(0.01)


async def test_much_progress_without_evidence_is_asked_about(world: World) -> None:
    period = await opened(world)
    filing = await period.file(percent=100, finished=True)
    assert {query["kind"] for query in filing["queries"]} == {"no_evidence"}


async def test_parties_attach_to_a_problem_and_its_outcome_keeps_it(world: World) -> None:
    problem = await raised(world, addressee="unit:swt")
    statuses = {name: (await upload(world, name, "problem", problem["id"])).status_code for name in READERS}
    assert statuses == {"province": 409, "auditor": 403, "wuhu": 404, "kjt": 404, "swt": 201, "hefei": 409}
    problem = await taken(world, "swt", problem, "answers", text="同意")
    await attached(world, "hefei", "problem", problem["id"])
    await taken(world, "hefei", problem, "settlement", text="已解决")
    shown = await listed(world, "swt", "problem", problem["id"])
    assert ([item["frozen"] for item in shown["items"]], shown["actions"]) == ([True, True], [])


async def test_a_zone_attaches_to_its_case_while_it_writes(world: World) -> None:
    case = await drafted(world)
    statuses = {name: (await upload(world, name, "case", case["id"])).status_code for name in READERS}
    assert statuses["hefei"] == 201
    assert set(statuses.values()) == {201, 403, 404}
    assert statuses["wuhu"] == statuses["swt"] == 404


async def test_a_scanner_that_is_set_is_asked_before_anything_is_stored(world: World) -> None:
    order, received = await in_hand(world), list[bytes]()
    async with scanner([b"stream: OK\0", b"stream: Eicar FOUND\0"], received) as address:
        with patch.object(world.app.state.settings, "clamd", address):
            assert (await upload(world, "hefei", "order", order["id"])).status_code == 201
            infected = await upload(world, "hefei", "order", order["id"])
    assert (infected.status_code, infected.json()["type"]) == (422, "/problems/file-infected")
    assert [error["pointer"] for error in infected.json()["errors"]] == ["/body/file"]
    with patch.object(world.app.state.settings, "clamd", address):
        away = await upload(world, "hefei", "order", order["id"])
    assert (away.status_code, away.json()["type"]) == (503, "/problems/scanner-away")
    assert away.headers["retry-after"] == "5"
    assert received == [PDF, PDF]
    assert len((await listed(world, "hefei", "order", order["id"]))["items"]) == 1


async def test_the_database_itself_lets_nobody_add_to_what_is_frozen_or_change_what_is_there(world: World) -> None:
    order = await in_hand(world)
    added = await attached(world, "hefei", "order", order["id"])
    await taken(world, "hefei", order, "application", text="…")
    insert = (
        "INSERT INTO attachment (id, kind, thing_id, name, type, size, sha256, office, added_by)"
        f" VALUES (gen_random_uuid(), 'order', '{order['id']}', 'a', 'b', 1, 'c', 'zone:hefei', 'd')"
    )
    filing = await (await opened(world)).filing()
    given = insert.replace(order["id"], filing["id"]).replace("'order'", "'filing'")
    for unit, said in {"swt": "INSERT 0 1", "kjt": "refused"}.items():
        assert await _as(world, "unit", "", unit, given.replace("zone:hefei", f"unit:{unit}")) == said
    assert await _as(world, "unit", "", "swt", given) == "refused"
    statements = (
        insert,
        f"UPDATE attachment SET sha256 = 'x' WHERE id = '{added['id']}'",
        f"DELETE FROM attachment WHERE id = '{added['id']}'",
        f"INSERT INTO attachment_set VALUES ('{added['id']}', 'order', '{order['id']}', 1)",
    )
    assert [await _as(world, "tenant", "hefei", "", statement) for statement in statements] == ["refused"] * 4
