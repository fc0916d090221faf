"""Services of different releases work together: each of today's beside what was released last."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.instance import Instance
from deploy.local.system import System
from tests.contract.releases import Mixed, Released, beneath, mixed
from tests.support import CATALOG, NOTIFY, PROGRESS, Json, done, get, lines, pages, publish, until

NOTICE = """关于印发《中国（安徽）自由贸易试验区专项推进行动计划方案》的通知
一、总体要求
（一）区位布局。涵盖两个片区：合肥片区64.95平方公里，芜湖片区35平方公里。
合肥片区着眼带动江淮，重点发展集成电路。
芜湖片区着眼带动皖江，重点发展机器人。
二、主要任务
（一）全面启动1个专项推进行动计划。1．口岸开放专项。围绕开放，重点推进2项重点任务。
三、保障措施
1．加强领导。要做好。
附件1
一、口岸开放专项推进行动计划
1．推进口岸开放。扩大进口。（责任单位：省商务厅、合肥市）
2．推进数字赋能。（责任单位：省科技厅、芜湖市）
"""
REPORT = {"percent": 40, "done": "完成招标"}


@pytest.fixture(scope="module")
def released() -> Released:
    return Released()


@pytest.fixture(scope="module")
async def below(system: System) -> AsyncIterator[Instance]:
    async with beneath(system) as instance:
        yield instance


@pytest.fixture(params=["progress", "catalog and notify"])
async def together(request: pytest.FixtureRequest, below: Instance, released: Released) -> AsyncIterator[Mixed]:
    """The one that takes part in everything is of the release, or those about it are."""
    async with mixed(below, released, str(request.param).split(" and ")) as made:
        yield made


def test_the_release_runs_its_own_code(released: Released) -> None:
    for package in ("chassis", "catalog", "progress", "notify"):
        assert released.home_of(package).is_relative_to(released.folder)


async def test_what_one_release_publishes_the_other_acts_on(together: Mixed) -> None:
    publish(together, NOTICE)
    opened = [("1", "hefei"), ("1", "province"), ("2", "province"), ("2", "wuhu")]
    until(lambda: sorted(map(place, lines(together, "province.admin"))) == opened, 60)
    (edition,) = pages(together, "province.admin", f"{CATALOG}/editions", status="published")
    units = {unit["code"]: unit["name"] for unit in pages(together, "province.admin", f"{CATALOG}/units")}
    (line,) = lines(together, "hefei.admin")
    shown = get(together, "hefei.admin", f"{PROGRESS}/lines/{line['id']}")
    assert {unit["code"]: unit["name"] for unit in shown["units"]}.items() <= units.items()
    assert edition["number"] == 1
    done(together, "hefei.admin", line["id"], "reports", **REPORT)
    until(lambda: told(together, "province.admin", line) == ["report.submitted"])
    done(together, "province.admin", line["id"], "latest/confirmation", remark="同意")
    until(lambda: told(together, "hefei.admin", line) == ["report.confirmed"])
    for service in ("progress", "notify"):
        connection = await asyncpg.connect(together.database(service))
        for table in ("parked", "dead_letter"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
        await connection.close()


def place(line: Json) -> tuple[str, str]:
    return line["task"]["code"], line["jurisdiction"]


def told(together: Mixed, user: str, line: Json) -> list[str]:
    """What the newest of the user's inbox says of a line, of either release."""
    found = pages(together, user, f"{NOTIFY}/inbox")
    return [entry["kind"] for entry in found if entry["href"] == f"/lines/{line['id']}"]
