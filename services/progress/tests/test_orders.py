"""Orders by the API, on a database of their own: the whole way, the series of numbers, who sees and does what."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from chassis.clock import today
from progress.orders import store
from progress.orders.schemas import OrderOut, OrderPage
from progress.orders.taking import urge
from services.progress.tests.steps import DEADLINE, SIGN_DUE, Json, ask, attached, issued, registered, seen, step, taken
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World


async def urged(world: World, days: int) -> None:
    """So many days after orders had to be signed for, which stays the same when midnight passes."""
    async with world.database.session() as session:
        while await urge(session, SIGN_DUE + timedelta(days)):
            pass


async def test_the_whole_way_of_an_order(world: World) -> None:
    order = await registered(world, members=["unit:swt"])
    assert (order["state"], order["number"], order["actions"]) == ("registered", None, ["issue", "revoke"])
    order = await taken(world, "province", order, "issuance", sign_due=str(SIGN_DUE), text="请抓紧")
    assert OrderOut.model_validate(order).number == f"〔{today().year}〕{order['serial']}号"
    assert (await seen(world, "hefei", f"/orders/{order['id']}"))["actions"] == ["sign"]
    order = await taken(world, "hefei", order, "receipt")
    assert order["actions"] == ["reply", "extend", "apply"]
    await taken(world, "hefei", order, "replies", text="已开工")
    await taken(world, "swt", order, "replies", text="已会商")
    await taken(world, "province", order, "urgings", text="请加快")
    later = str(DEADLINE + timedelta(9))
    await taken(world, "hefei", order, "extension", deadline=later, text="审批延后")
    order = await taken(world, "province", order, "extension/approval")
    assert (order["deadline"], order["first_deadline"]) == (later, str(DEADLINE))
    await taken(world, "hefei", order, "application", text="已完成")
    order = await taken(world, "province", order, "return", text="材料不足")
    assert order["colour"] == "yellow"
    await taken(world, "hefei", order, "application", text="补充材料")
    await taken(world, "province", order, "conclusion")
    await taken(world, "province", order, "verification", text="现场核验属实")
    refused = await step(world, "province", order, "closure", evidence="皖自贸〔2026〕5号文")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/evidence-missing")
    await attached(world, "province", "order", order["id"])
    order = await taken(world, "province", order, "closure", evidence="皖自贸〔2026〕5号文")
    assert (order["state"], order["actions"], order["colour"]) == ("closed", [], None)
    told = (await seen(world, "swt", f"/orders/{order['id']}/entries"))["items"]
    assert [entry["what"] for entry in told] == [
        *("registered", "issued", "signed", "replied", "replied", "urged", "extension_asked", "extension_approved"),
        *("applied", "returned", "applied", "concluded", "verified", "closed"),
    ]
    assert [entry["number"] for entry in told] == list(range(1, 15))
    assert (told[4]["office"], told[4]["office_name"], told[4]["text"]) == ("unit:swt", "省商务厅", "已会商")
    assert (told[5]["level"], told[6]["day"], told[7]["day"]) == (1, later, later)
    assert told[-1]["evidence"] == "皖自贸〔2026〕5号文"


async def test_every_step_is_told_and_audited_but_a_registration_stays_inside(world: World) -> None:
    order = await issued(world, "unit:swt", members=["zone:wuhu"])
    await taken(world, "swt", order, "receipt", text="已收")
    await taken(world, "wuhu", order, "replies", text="芜湖的内部情况")
    async with world.server() as server:
        told = await server.fetch(
            "SELECT type, tenant, sequence, data FROM outbox WHERE data LIKE $1 ORDER BY position", f"%{order['id']}%"
        )
        kept = await server.fetch(
            "SELECT action, tenant FROM audit WHERE thing = 'order' AND thing_id = $1 ORDER BY at", order["id"]
        )
    assert [(row["type"].split(".", 2)[2], row["sequence"], row["tenant"]) for row in told] == [
        ("order.issued.v1", 2, "province"),
        ("order.signed.v1", 3, "province"),
        ("order.replied.v1", 4, "province"),
    ]
    assert [json.loads(row["data"])["step"]["text"] for row in told] == ["", "已收", ""]
    assert [(row["action"], row["tenant"]) for row in kept] == [
        ("order.registered", "province"),
        ("order.issued", "province"),
        ("order.signed", "province"),
        ("order.replied", "wuhu"),
    ]


async def test_numbers_have_no_gaps_though_many_are_issued_at_once_and_some_fail(world: World) -> None:
    orders = [await registered(world) for _ in range(8)]

    async def issue(order: Json, sign_due: str) -> int:
        return (await step(world, "province", order, "issuance", sign_due=sign_due)).status_code

    late = str(DEADLINE + timedelta(1))
    tried = [issue(order, late if number % 3 == 0 else str(SIGN_DUE)) for number, order in enumerate(orders)]
    assert sorted(await asyncio.gather(*tried)) == [201] * 5 + [422] * 3
    async with world.server() as server:
        serials = await server.fetch("SELECT serial FROM orders WHERE year = $1 ORDER BY serial", today().year)
        last = await server.fetchval("SELECT last FROM order_series WHERE year = $1", today().year)
    assert [row["serial"] for row in serials] == list(range(1, last + 1))


async def test_a_number_is_free_again_when_its_transaction_fails(world: World) -> None:
    order = await issued(world)
    async with world.database.session() as session:
        await session.run("SET LOCAL ROLE progress_worker")
    async with world.server() as server:
        with pytest.raises(ZeroDivisionError):
            async with server.transaction():
                await server.execute("UPDATE order_series SET last = last + 1 WHERE year = $1", today().year)
                raise ZeroDivisionError
    assert (await issued(world))["serial"] == order["serial"] + 1


SEERS = ["province", "auditor", "hefei", "wuhu", "bengbu", "swt", "kjt"]


@pytest.mark.parametrize(
    ("lead", "members", "those"),
    [
        ("zone:hefei", [], ["province", "auditor", "hefei"]),
        ("zone:hefei", ["zone:wuhu", "unit:swt"], ["province", "auditor", "hefei", "wuhu", "swt"]),
        ("unit:kjt", [], ["province", "auditor", "kjt"]),
    ],
)
async def test_who_sees_an_order(world: World, lead: str, members: list[str], those: list[str]) -> None:
    draft = await registered(world, lead, members=members)
    order = await issued(world, lead, members=members)
    for name in SEERS:
        for shown, allowed in ((order, name in those), (draft, name in ("province", "auditor"))):
            for path in (f"/orders/{shown['id']}", f"/orders/{shown['id']}/entries"):
                assert (await ask(world, name, "GET", path)).status_code == (200 if allowed else 404), (name, path)
            page = await seen(world, name, "/orders", limit="200")
            assert (
                shown["id"] in [each["id"] for each in OrderPage.model_validate(page).model_dump(mode="json")["items"]]
            ) == allowed


BODIES: dict[str, Json] = {
    "issuance": {"sign_due": str(SIGN_DUE)},
    "extension": {"deadline": str(DEADLINE + timedelta(5)), "text": "…"},
    "closure": {"evidence": "…"},
}
OF_PROVINCE = ["issuance", "urgings", "extension/approval", "extension/refusal", "return", "conclusion"]
OF_PROVINCE += ["verification", "closure", "revocation"]
OF_LEAD = ["receipt", "extension", "application"]


@pytest.mark.parametrize("path", [*OF_PROVINCE, *OF_LEAD, "replies"])
async def test_who_may_take_which_step(world: World, path: str) -> None:
    order, body = await issued(world, members=["unit:swt"]), BODIES.get(path, {"text": "…"})
    may = {"province"} if path in OF_PROVINCE else {"hefei"} if path in OF_LEAD else {"hefei", "swt"}
    for name in ("auditor", "wuhu", "kjt", "province", "swt", "hefei"):
        status = (await ask(world, name, "POST", f"/orders/{order['id']}/{path}", body, 99)).status_code
        outside = name in ("wuhu", "kjt") and path not in OF_PROVINCE
        assert status == (412 if name in may else 404 if outside else 403), name


async def test_a_step_out_of_turn_is_a_conflict_and_changes_nothing(world: World) -> None:
    order = await issued(world)
    for name, path, body in (("hefei", "application", {"text": "…"}), ("province", "closure", {"evidence": "…"})):
        answer = await step(world, name, order, path, **body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-in-this-state")
    await taken(world, "hefei", order, "receipt")
    await taken(world, "hefei", order, "application", text="…")
    assert (await step(world, "hefei", order, "replies", text="…")).status_code == 409
    assert (await seen(world, "hefei", f"/orders/{order['id']}"))["version"] == 4


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"lead": "zone:nowhere"}, "/body/lead"),
        ({"lead": "unit:hfs"}, "/body/lead"),
        ({"lead": "role:province"}, "/body/lead"),
        ({"members": ["unit:nobody"]}, "/body/members"),
        ({"members": ["zone:hefei"]}, "/body/members"),
        ({"members": ["unit:swt", "unit:swt"]}, "/body/members"),
        ({"source": "lines"}, "/body/lines"),
        ({"source": "rumour"}, "/body/source"),
        ({"lines": ["0193a1b2-7c00-7000-8000-000000000001"]}, "/body/lines"),
        ({"deadline": str(today() - timedelta(1))}, "/body/deadline"),
        ({"deadline": "9999-12-31"}, "/body/deadline"),
        ({"title": " "}, "/body/title"),
        ({"requirement": ""}, "/body/requirement"),
    ],
)
async def test_bad_orders_are_refused_with_the_field(world: World, changed: Json, pointer: str) -> None:
    given = {"title": "…", "requirement": "…", "source": "remark", "lead": "zone:hefei", "deadline": str(DEADLINE)}
    answer = await ask(world, "province", "POST", "/orders", given | changed)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_lines_of_an_order_show_as_far_as_the_reader_sees_them(world: World) -> None:
    task = await world.publish(["swt", "hfs", "whs"])
    lines = [await world.line(task, where) for where in ("hefei", "wuhu")]
    order = await issued(world, source="lines", lines=[line["id"] for line in lines], members=["unit:kjt"])
    shown = {name: await seen(world, name, f"/orders/{order['id']}") for name in ("province", "hefei", "kjt")}
    assert {name: len(each["lines"]) for name, each in shown.items()} == {"province": 2, "hefei": 1, "kjt": 0}
    assert shown["hefei"]["lines"][0]["id"] == lines[0]["id"]
    for name, line, count in (("province", 0, 1), ("hefei", 0, 1), ("hefei", 1, 0), ("wuhu", 1, 0)):
        assert len((await seen(world, name, "/orders", line=lines[line]["id"]))["items"]) == count


async def test_the_clock_urges_what_is_not_signed_for_once_a_day_and_a_level_higher(world: World) -> None:
    order = await issued(world)
    for days in (0, 1, 1, 2):
        await urged(world, days)
    told = (await seen(world, "hefei", f"/orders/{order['id']}/entries"))["items"]
    assert [(entry["actor"], entry["office"], entry["level"]) for entry in told[2:]] == [
        ("system", "clock", 1),
        ("system", "clock", 2),
    ]
    assert (await seen(world, "hefei", f"/orders/{order['id']}"))["colour"] == "yellow"
    await taken(world, "hefei", order, "receipt")
    await urged(world, 3)
    after = await seen(world, "hefei", f"/orders/{order['id']}")
    assert (after["level"], after["colour"], after["state"]) == (0, None, "in_hand")
    await urged(world, 29)
    assert (await seen(world, "hefei", f"/orders/{order['id']}"))["level"] == 1


async def test_lists_are_filtered_and_paged(world: World) -> None:
    near = await issued(world, "zone:bengbu", deadline=str(today() + timedelta(3)))
    await taken(world, "bengbu", near, "receipt")
    far = await issued(world, "zone:bengbu")
    revoked = await issued(world, "zone:bengbu")
    await taken(world, "province", revoked, "revocation", text="重复")

    async def found(name: str = "bengbu", **filters: str) -> list[str]:
        return [each["id"] for each in (await seen(world, name, "/orders", **filters))["items"]]

    assert await found() == [revoked["id"], far["id"], near["id"]]
    assert await found(open="true") == [far["id"], near["id"]]
    assert await found(colour="blue") == [near["id"]]
    assert await found(state="issued") == [far["id"]]
    assert await found(waiting="true") == [far["id"], near["id"]]
    assert await found("province", waiting="true", office="zone:bengbu") == []
    await taken(world, "bengbu", near, "application", text="…")
    assert await found("province", waiting="true", office="zone:bengbu") == [near["id"]]
    first = await seen(world, "bengbu", "/orders", limit="2")
    rest = await seen(world, "bengbu", "/orders", limit="2", cursor=first["next"])
    assert [each["id"] for each in first["items"] + rest["items"]] == await found()
    assert await found("wuhu", office="zone:bengbu") == []


async def test_the_record_of_offices_counts_what_was_in_time(world: World) -> None:
    async def count(office: str) -> tuple[int, int, int]:
        async with world.database.session() as session:
            rows = await store.record_of_offices(session, today(), today())
        row: dict[str, Any] = next((row for row in rows if row["office"] == office), {})
        return row.get("issued", 0), row.get("signed_in_time", 0), row.get("answered_in_time", 0)

    before = await count("unit:fgw")
    answered, returned = await issued(world, "unit:fgw"), await issued(world, "unit:fgw")
    for order in (answered, returned):
        await taken(world, "fgw", order, "receipt")
        await taken(world, "fgw", order, "application", text="…")
    await taken(world, "province", returned, "return", text="…")
    await taken(world, "province", await issued(world, "unit:fgw"), "revocation", text="…")
    await issued(world, "unit:fgw")
    after = await count("unit:fgw")
    assert tuple(now - then for now, then in zip(after, before, strict=True)) == (3, 2, 1)


UPDATE = "UPDATE orders SET state = $2 WHERE id = $1"


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "state", "touched"),
    [
        ("tenant", "wuhu", "", "in_hand", 0),
        ("unit", "", "kjt", "in_hand", 0),
        ("audit", "", "", "in_hand", 0),
        ("none", "", "", "in_hand", 0),
        ("unit", "", "swt", "in_hand", 0),
        ("tenant", "hefei", "", "in_hand", 1),
        ("all", "", "", "in_hand", 1),
    ],
)
async def test_the_database_itself_lets_nobody_else_move_an_order(
    world: World, scope: str, tenant: str, unit: str, state: str, touched: int
) -> None:
    order = await issued(world, members=["unit:swt"])
    assert await _as(world, scope, tenant, unit, UPDATE, order["id"], state) == f"UPDATE {touched}"
