"""Tolerance (容错): facts that the province lets count for nothing, with a reason, until the results are frozen."""

from typing import Any

import pytest

from chassis.clock import today
from progress.assessment.schemas import ExemptionOut
from services.progress.tests.test_assessment import Json, announced, ask, moved
from services.progress.tests.test_assessment_facts import late, of_line, result
from services.progress.tests.worlds import World


async def exempted(world: World, assessment: Json, line: Json) -> Json:
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    given = {"item": "lines", "fact": line["id"], "reason": "规划调整，非本单位原因"}
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()
    answer = await ask(world, "province", "POST", path, given, now["version"])
    assert answer.status_code == 201, answer.text
    return ExemptionOut.model_validate(answer.json()).model_dump(mode="json")


async def test_an_exempt_line_does_not_count_until_the_exemption_is_lifted(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    before = await result(world, "hefei", assessment)
    exemption = await exempted(world, assessment, line)
    shown = await result(world, "hefei", assessment)
    assert (await of_line(world, assessment, line))["exempt"] == "规划调整，非本单位原因"
    assert shown["items"][0]["score"] > before["items"][0]["score"]
    assert [each["title"] for each in (await result(world, "auditor", assessment))["exemptions"]] == [
        line["task"]["title"]
    ]
    again = {"item": "lines", "fact": line["id"], "reason": "…"}
    now = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    assert (await ask(world, "province", "POST", path, again, now)).status_code == 409
    lifting = f"/{assessment['id']}/exemptions/{exemption['id']}/lifting"
    lifted = await ask(world, "province", "POST", lifting, {"reason": "理由不成立"}, 1)
    assert lifted.status_code == 201, lifted.text
    after = await result(world, "hefei", assessment)
    assert after["items"] == before["items"]
    assert after["exemptions"][0]["lifted_reason"] == "理由不成立"
    assert (await ask(world, "province", "POST", lifting, {"reason": "…"}, 2)).status_code == 409
    await exempted(world, assessment, line)


async def test_tolerance_is_frozen_with_the_results(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    exemption = await exempted(world, assessment, line)
    await moved(world, assessment, "publication", {"objections_until": str(today())})
    assert (await of_line(world, assessment, line))["exempt"]
    version = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    lifting = f"/{assessment['id']}/exemptions/{exemption['id']}/lifting"
    given = {"item": "lines", "fact": line["id"], "reason": "…"}
    granting = f"/{assessment['id']}/results/zone:hefei/exemptions"
    for path, body, of in ((lifting, {"reason": "…"}, 1), (granting, given, version)):
        answer = await ask(world, "province", "POST", path, body, of)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-in-this-state")


@pytest.mark.parametrize(
    ("over", "status", "pointer"),
    [
        ({"fact": "no-such"}, 422, "/body/fact"),
        ({"item": "innovation"}, 422, "/body/fact"),
        ({"item": "no-such"}, 422, "/body/item"),
        ({"reason": " "}, 422, "/body/reason"),
        ({"fact": "a b"}, 422, "/body/fact"),
    ],
)
async def test_what_cannot_be_exempt_says_why(world: World, over: Json, status: int, pointer: str) -> None:
    line, assessment = await late(world), await announced(world)
    given = {"item": "lines", "fact": line["id"], "reason": "…"} | over
    path = f"/{assessment['id']}/results/zone:hefei/exemptions"
    answer = await ask(world, "province", "POST", path, given, assessment["version"])
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_who_may_exempt_and_who_sees_it(world: World) -> None:
    line, assessment = await late(world), await announced(world)
    exemption = await exempted(world, assessment, line)
    given = {"item": "lines", "fact": line["id"], "reason": "…"}
    for name in ("hefei", "swt", "auditor", "integrator", "nobody"):
        for path, body in (
            (f"/{assessment['id']}/results/zone:hefei/exemptions", given),
            (f"/{assessment['id']}/exemptions/{exemption['id']}/lifting", {"reason": "…"}),
        ):
            assert (await ask(world, name, "POST", path, body, 1)).status_code == 403, name
    nowhere = f"/{assessment['id']}/results/zone:nowhere/exemptions"
    version = (await ask(world, "province", "GET", f"/{assessment['id']}")).json()["version"]
    assert (await ask(world, "province", "POST", nowhere, given, version)).status_code == 404
    async with world.server() as server:
        seen = {
            (scope, tenant): await _seen_as(server, scope, tenant)
            for scope, tenant in (("tenant", "hefei"), ("tenant", "wuhu"), ("audit", ""), ("none", ""))
        }
    assert seen[("tenant", "hefei")] == seen[("audit", "")] > 0
    assert seen[("tenant", "wuhu")] == seen[("none", "")] == 0


async def _seen_as(server: Any, scope: str, tenant: str) -> int:
    """How many exemptions row-level security lets a caller read."""
    async with server.transaction():
        await server.execute("SET LOCAL ROLE progress_api")
        for name, value in (("app.scope", scope), ("app.tenant", tenant), ("app.unit", "")):
            await server.execute("SELECT set_config($1, $2, true)", name, value)
        return int(await server.fetchval("SELECT count(*) FROM exemption"))
