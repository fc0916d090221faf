"""Indicators by the API, on a database of their own: definitions, values with revisions, figures; and who may."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import count
from typing import Any

import asyncpg
import httpx
import pytest

from chassis.clock import today
from progress.indicators import first_set, reading
from progress.indicators.rules import plain
from progress.indicators.schemas import IndicatorPage, IndicatorShown, SeriesOut, ValueShown
from services.progress.tests.worlds import World
from tests.indicators import definition

Json = dict[str, Any]
_CODES = count(1)


@asynccontextmanager
async def asking(world: World, name: str) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client(name) as client:
        yield client


async def change(world: World, code: str, what: str, body: Json | None = None, method: str = "POST") -> httpx.Response:
    async with world.client("province") as client:
        version = (await client.get(f"/indicators/{code}")).headers["ETag"]
        return await client.request(method, f"/indicators/{code}{what}", json=body, headers={"If-Match": version})


async def define(world: World, unit: str | None = "swt", *, draft: bool = False, **over: Any) -> str:
    code = f"x{next(_CODES)}"
    async with world.client("province") as client:
        made = await client.post("/indicators", json=definition(unit, code=code, **over))
    assert made.status_code == 201, made.text
    if not draft:
        assert (await change(world, code, "/confirmation")).status_code == 201
    return code


async def record(
    world: World, name: str, code: str, place: str, value: str, period: str, **more: str
) -> httpx.Response:
    given = {"jurisdiction": place, "period": period, "value": value, "note": "月报"} | more
    async with world.client(name) as client:
        return await client.post(f"/indicators/{code}/values", json=given)


async def revise(world: World, name: str, value: Json, number: str, version: int, **more: str) -> httpx.Response:
    given = {"value": number, "reason": "口径调整"} | more
    async with world.client(name) as client:
        path = f"/indicator-values/{value['id']}/revisions"
        return await client.post(path, json=given, headers={"If-Match": f'"{version}"'})


async def told(world: World, what: str, key: object) -> list[Json]:
    async with world.server() as server:
        rows = await server.fetch(
            "SELECT topic, data FROM outbox WHERE type = $1 ORDER BY position", f"zoneportal.progress.{what}.v1"
        )
    found = [{"topic": row["topic"], **json.loads(row["data"])} for row in rows]
    return [row for row in found if str(key) in json.dumps(row)]


async def test_a_draft_is_the_provinces_until_it_is_confirmed(world: World) -> None:
    code = await define(world, draft=True)
    for name, status in (("province", 200), ("auditor", 200), ("hefei", 404), ("swt", 404), ("operator", 403)):
        async with asking(world, name) as client:
            assert (await client.get(f"/indicators/{code}")).status_code == status
    assert (await record(world, "hefei", code, "hefei", "1", "2026-01")).status_code == 404
    await change(world, code, "/confirmation")
    assert (await record(world, "hefei", code, "hefei", "1", "2026-01")).status_code == 201
    assert [(row["topic"], row["indicator"]["status"]) for row in await told(world, "indicator.confirmed", code)] == [
        ("progress.province", "confirmed")
    ]


@pytest.mark.parametrize(
    ("name", "place", "status"),
    [
        ("hefei", "hefei", 201), ("hefei", "wuhu", 403), ("hefei", "province", 403), ("wuhu", "hefei", 403),
        ("swt", "hefei", 201), ("swt", "province", 201), ("swt", "nowhere", 422), ("hfhg", "hefei", 404),
        ("province", "province", 201), ("province", "hefei", 403), ("auditor", "hefei", 403),
        ("lost city", "hefei", 404),
    ],
)  # fmt: skip
async def test_who_records_where(world: World, name: str, place: str, status: int) -> None:
    code = await define(world, aggregation="none")
    answer = await record(world, name, code, place, "1", "2026-01")
    assert answer.status_code == status, answer.text


async def test_what_is_added_up_has_no_value_of_the_province(world: World) -> None:
    code = await define(world)
    answer = await record(world, "swt", code, "province", "1", "2026-01")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-recorded")


async def test_the_database_itself_refuses_foreign_values(world: World) -> None:
    code = await define(world)
    value = (await record(world, "wuhu", code, "wuhu", "1", "2026-01")).json()
    connection = await asyncpg.connect(world.env("progress_api")["ZP_DATABASE_URL"])
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.scope', 'tenant', true)")
            await connection.execute("SELECT set_config('app.tenant', 'hefei', true)")
            assert await connection.fetchval("SELECT count(*) FROM indicator_value WHERE jurisdiction <> 'hefei'") == 0
            assert (
                await connection.fetchval("SELECT count(*) FROM indicator_revision WHERE value_id = $1", value["id"])
                == 0
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute(
                        "INSERT INTO indicator_value (id, indicator, jurisdiction, start) "
                        "VALUES (uuidv7(), $1, 'wuhu', '2026-02-01')",
                        code,
                    )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.execute("UPDATE indicator_revision SET value = 0")
    finally:
        await connection.close()


async def test_a_revision_keeps_what_was_and_says_why(world: World) -> None:
    code = await define(world)
    first = (await record(world, "hefei", code, "hefei", "0.1", "2026-01")).json()
    assert (await record(world, "hefei", code, "hefei", "5", "2026-01")).status_code == 409
    assert (await revise(world, "hefei", first, "0.3", 7)).status_code == 412
    assert (await revise(world, "wuhu", first, "0.3", 1)).status_code == 404
    assert (await revise(world, "province", first, "0.3", 1)).status_code == 403
    unsaid = await revise(world, "hefei", first, "0.3", 1, reason=" ")
    assert [each["pointer"] for each in unsaid.json()["errors"]] == ["/body/reason"]
    shown = ValueShown.model_validate((await revise(world, "swt", first, "0.30", 1)).json())
    assert [(each.number, each.value, each.reason, each.office) for each in shown.revisions] == [
        (1, Decimal("0.1"), None, "zone:hefei"),
        (2, Decimal("0.3"), "口径调整", "unit:swt"),
    ]
    (event,) = await told(world, "indicator_value.revised", code)
    assert (event["topic"], event["indicator_value"]["value"]) == ("progress.hefei", "0.3")


async def test_checks_warn_or_refuse(world: World) -> None:
    checks = {"negative": "refuse", "jump": "50", "maximum": "1000", "outside": "refuse"}
    code = await define(world, checks=checks)
    assert (await record(world, "hefei", code, "hefei", "-1", "2026-01")).json()["type"] == "/problems/value-refused"
    assert (await record(world, "hefei", code, "hefei", "1001", "2026-01")).status_code == 422
    assert (await record(world, "hefei", code, "hefei", "100", "2026-01")).status_code == 201
    jumped = await record(world, "hefei", code, "hefei", "300", "2026-02")
    assert (jumped.status_code, jumped.json()["errors"][0]["pointer"]) == (422, "/body/explanation")
    explained = await record(world, "hefei", code, "hefei", "300", "2026-02", explanation="大项目集中签约")
    assert explained.status_code == 201
    assert len(explained.json()["warnings"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"value": 1.5}, {"value": "1e3"}, {"value": "1.1234567"}, {"value": "１"}, {"value": "NaN"},
        {"value": "1" * 15},
        {"period": "2026"}, {"period": "2026-13"}, {"period": "2099-01"}, {"jurisdiction": "a b"}, {"note": "\x00"},
        {"value": None}, {"more": "x"},
    ],
)  # fmt: skip
async def test_bad_values_are_refused(world: World, given: Json) -> None:
    code = await define(world)
    body = {"jurisdiction": "hefei", "period": "2026-01", "value": "1"} | given
    async with world.client("hefei") as client:
        answer = await client.post(f"/indicators/{code}/values", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]


async def test_figures_of_a_year_and_of_the_province(world: World) -> None:
    part, whole = await define(world), await define(world)
    share = await define(world, formula=f"{part} / {whole} * 100", measure="%", aggregation="none")
    targets = [{"jurisdiction": place, "year": 2026, "value": "40"} for place in ("hefei", "wuhu", "province")]
    assert (await change(world, share, "/targets", {"targets": targets}, "PUT")).status_code == 200
    for code, place, value, period in (
        (part, "hefei", "10", "2026-01"),
        (part, "hefei", "20", "2026-02"),
        (part, "hefei", "5", "2025-01"),
        (part, "hefei", "7", "2026-03"),
        (whole, "hefei", "60", "2026-01"),
        (whole, "hefei", "0", "2026-02"),
        (whole, "hefei", "25", "2025-01"),
        (part, "wuhu", "10", "2026-01"),
        (whole, "wuhu", "100", "2026-01"),
    ):
        assert (await record(world, "swt", code, place, value, period)).status_code == 201
    async with world.client("province") as client:
        shown = IndicatorShown.model_validate((await client.get(f"/indicators/{share}?year=2026")).json())
        series = SeriesOut.model_validate(
            (await client.get(f"/indicators/{share}/series?jurisdiction=hefei&until=2026")).json()
        )
    stands = {each.jurisdiction: (plain(each.value or Decimal()), str(each.mark)) for each in shown.standings}
    assert (stands["hefei"], stands["province"]) == (("50", "reached"), ("25", "under_way"))
    assert stands["wuhu"][0] == "10"
    assert stands["bengbu"][1] == "no_target"
    assert [(each.period, each.value, each.year_before) for each in series.points] == [
        ("2025-01", 20, None),
        ("2026-01", Decimal("16.666667"), 20),
    ]
    assert [(each.year, each.value) for each in series.years] == [(2024, None), (2025, 20), (2026, 50)]
    async with world.database.session() as db:
        found = [each for each in await reading.reached(db, 2026, today()) if each.indicator == share]
    assert [(each.jurisdiction, plain(each.value or Decimal()), each.reached) for each in found] == [
        ("hefei", "50", True), ("province", "25", False), ("wuhu", "10", False),
    ]  # fmt: skip


async def test_a_zone_sees_its_own_figures_alone(world: World) -> None:
    code = await define(world)
    targets = [{"jurisdiction": place, "year": 2026, "value": "777"} for place in ("wuhu", "province")]
    await change(world, code, "/targets", {"targets": targets}, "PUT")
    await record(world, "wuhu", code, "wuhu", "987.25", "2026-01")
    async with world.client("hefei") as client:
        for path in (f"/indicators/{code}", f"/indicators/{code}/values", f"/indicators/{code}/series", "/indicators"):
            answer = await client.get(path, params={"year": 2026, "limit": 200})
            assert answer.status_code == 200
            assert '"987.25"' not in answer.text and '"777"' not in answer.text
        for path in (f"/indicators/{code}/series", "/indicators"):
            for place in ("wuhu", "province", "nowhere"):
                assert (await client.get(path, params={"jurisdiction": place})).status_code == 404
        assert (await client.get(f"/indicators/{code}/versions")).status_code == 403


async def test_lists_are_paged_and_every_page_fits_the_model(world: World) -> None:
    await define(world)
    await define(world)
    codes: list[str] = []
    cursor: str | None = ""
    async with world.client("province") as client:
        while cursor is not None:
            params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = IndicatorPage.model_validate((await client.get("/indicators", params=params)).json())
            codes += [each.code for each in page.items]
            cursor = page.next
    assert codes == sorted(set(codes))
    assert len(codes) >= 2


async def test_versions_are_kept_with_their_targets(world: World) -> None:
    code = await define(world)
    await change(world, code, "/targets", {"targets": [{"jurisdiction": "hefei", "year": 2026, "value": "9"}]}, "PUT")
    changed = await change(world, code, "", definition("swt", name="新名称", reason="口径统一"), "PUT")
    assert (changed.status_code, changed.json()["version"]) == (200, 4)
    async with world.client("auditor") as client:
        found = (await client.get(f"/indicators/{code}/versions")).json()["items"]
    assert [each["what"] for each in found] == ["changed", "targeted", "confirmed", "defined"]
    assert (found[0]["reason"], found[0]["definition"]["name"]) == ("口径统一", "新名称")
    assert found[0]["definition"]["targets"] == [{"jurisdiction": "hefei", "year": 2026, "value": "9"}]


@pytest.mark.parametrize(
    ("over", "pointer"),
    [
        ({"formula": "nothing_there"}, "/body/formula"),
        ({"formula": "a +"}, "/body/formula"),
        ({"unit": "no-unit"}, "/body/unit"),
        ({"checks": {"minimum": "2", "maximum": "1"}}, "/body/checks"),
        ({"measure": "a b"}, "/body/measure"),
        ({"code": "1x"}, "/body/code"),
        ({"kind": "both"}, "/body/kind"),
    ],
)
async def test_definitions_that_do_not_go(world: World, over: Json, pointer: str) -> None:
    async with world.client("province") as client:
        answer = await client.post("/indicators", json=definition(None, code="bad_one") | over)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [pointer]), answer.text


async def test_a_definition_stays_while_others_are_made_of_it(world: World) -> None:
    part = await define(world)
    share = await define(world, formula=f"{part} * 2")
    for what, body, method in (
        ("/withdrawal", None, "POST"),
        ("", definition("swt", measure="人"), "PUT"),
        ("", definition("swt", formula=share), "PUT"),
    ):
        assert (await change(world, part, what, body, method)).status_code in (409, 422)
    await record(world, "hefei", part, "hefei", "1", "2026-01")
    assert (await change(world, part, "", definition("swt", period="year"), "PUT")).status_code == 409


@pytest.mark.parametrize(
    "targets",
    [
        [{"jurisdiction": "nowhere", "year": 2026, "value": "1"}],
        [{"jurisdiction": "hefei", "year": 2026, "value": "1"}] * 2,
        [{"jurisdiction": "hefei", "year": 1999, "value": "1"}],
    ],
)
async def test_targets_that_do_not_go(world: World, targets: list[Json]) -> None:
    code = await define(world)
    assert (await change(world, code, "/targets", {"targets": targets}, "PUT")).status_code == 422


async def test_the_first_set_comes_once_and_leaves_what_the_province_changed(world: World) -> None:
    await world.publish(["swt"])
    async with world.server() as server:
        await server.execute(
            "INSERT INTO unit (code, name, kind, aliases, version) SELECT code, code, 'office', '{}', 1 "
            "FROM unnest($1::text[]) code ON CONFLICT DO NOTHING",
            [each.unit for each in first_set.known() if each.unit],
        )
    async with world.database.session() as db:
        assert await first_set.load(db, today()) == len(first_set.known())
    assert (await change(world, "area", "", definition(None, name="改名"), "PUT")).status_code == 200
    async with world.database.session() as db:
        assert await first_set.load(db, today()) == 0
    async with world.client("province") as client:
        shown = (await client.get("/indicators/area?year=2021")).json()
    assert (shown["name"], shown["status"]) == ("改名", "draft")
    assert shown["sentence"].startswith("自贸试验区的实施范围为119.86平方公里")
    assert {each["jurisdiction"]: each["value"] for each in shown["targets"]}["province"] == "119.86"
