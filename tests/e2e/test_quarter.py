"""A quarter in the life of the plan: what the pages and the API say at its end is what the events alone say.

It lives through three months of days that are to come, so it has a system of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

import pytest

from deploy.local.system import System
from gateway.portal.tests.support import Browser
from gateway.portal.tests.test_overview import numbers
from tests.days import Days, days
from tests.quarter import reckoning, story
from tests.quarter.ledger import Ledger, office_of, stood, told
from tests.quarter.reckoning import Scheme
from tests.quarter.story import BY_HAND, ITEMS, ZONES, Story
from tests.support import LIGHTS, STATES, Json, figures
from tests.topics import all_told, read, reader
from tests.zones import linked_zone

PEOPLE = ("province.admin", "hefei.admin", "dept.swt", "auditor.demo")
TENTH = Decimal("0.1")
TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Quarter:
    """How it ended; ``daily`` are the lines as they stood when each day was closed."""

    days: Days
    story: Story
    ledger: Ledger
    daily: Mapping[date, Sequence[Json]]
    browsers: Mapping[str, Browser]

    def seen(self, user: str) -> list[Json]:
        """The lines that somebody sees."""
        return [line for line in self.ledger.lines() if sees(user, line)]

    def text(self, path: str, user: str = "province.admin") -> str:
        """What a page says, without its tags."""
        page = self.browsers[user].get(path)
        assert page.status_code == 200, path
        return " ".join(TAGS.sub(" ", page.text).split())


def sees(user: str, line: Json) -> bool:
    kind, _, who = user.partition(".")
    if kind == "dept":
        return who in {unit["code"] for unit in line["units"]}
    return kind in ("province", "auditor") or line["jurisdiction"] == kind


@pytest.fixture(scope="module")
async def quarter(lived: System) -> AsyncIterator[Quarter]:
    with ExitStack() as stack:
        zone = stack.enter_context(linked_zone(lived))
        browsers = {user: stack.enter_context(Browser(lived)) for user in PEOPLE}
        for user, browser in browsers.items():
            browser.log_in(user)
        async with days(lived) as known:
            ended = await story.live(known, zone["code"])
            await all_told(lived)
            with reader(lived) as consumer:
                ledger, daily = stood(told(read(consumer, "progress.")), known.turns)
            yield Quarter(known, ended, ledger, daily, browsers)


@pytest.mark.parametrize("user", PEOPLE)
async def test_the_overview(quarter: Quarter, user: str) -> None:
    seen = quarter.seen(user)
    overview = await quarter.days.get(user, "overview")
    assert overview["totals"] | figures(seen) == overview["totals"]
    places: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for line in seen:
        places[line["task"]["plan"]["code"], line["jurisdiction"]].append(line)
    for plan in overview["plans"]:
        for cell in plan["cells"]:
            assert cell | figures(places.pop((plan["code"], cell["jurisdiction"]), [])) == cell
    assert not places
    assert _addresses(numbers(quarter.browsers[user].get("/overview").text)) == _counted(seen)


def _addresses(shown: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """What a number of the page is about, without the unit that a department's lists are of."""
    found = {}
    for address, number in shown.items():
        asked = [part for part in address.partition("?")[2].split("&") if not part.startswith("unit=")]
        found[tuple(sorted(filter(None, asked)))] = number
    return {asked: number for asked, number in found.items() if number}


def _counted(lines: Sequence[Json]) -> dict[tuple[str, ...], int]:
    """The numbers of the matrix, and of the table below it, by what they are about."""
    found: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        place, plan = f"jurisdiction={line['jurisdiction']}", f"plan={line['task']['plan']['code']}"
        light, state = f"light={line['light']}", f"state={line['state']}"
        for asked in ((place, plan), (place, plan, light), (place,), (place, light), (place, state)):
            found[tuple(sorted(asked))] += 1
    several = len({line["jurisdiction"] for line in lines}) > 1
    for line in lines if several else ():
        plan, light = f"plan={line['task']['plan']['code']}", f"light={line['light']}"
        found[(plan,)] += 1
        found[tuple(sorted((plan, light)))] += 1
    return dict(found)


async def test_every_light(quarter: Quarter) -> None:
    steps: dict[str, list[Json]] = defaultdict(list)
    for milestone in quarter.ledger.of("milestone"):
        steps[milestone["line_id"]].append(milestone)
    lines = quarter.ledger.lines()
    assert len(lines) == 412
    lit = {line["id"]: reckoning.light_of(line, steps[line["id"]], quarter.days.today) for line in lines}
    assert {line["id"]: line["light"] for line in lines} == lit
    assert {line["id"]: line["light"] for line in await quarter.days.pages("province.admin", "lines")} == lit


@pytest.mark.parametrize("user", PEOPLE)
async def test_every_day_that_is_over(quarter: Quarter, user: str) -> None:
    trend = await quarter.days.get(user, "trends")
    ended = {**quarter.daily, quarter.days.today: quarter.ledger.lines()}
    assert [point["day"] for point in trend["points"]] == [str(day) for day in sorted(ended)]
    for point, (day, lines) in zip(trend["points"], sorted(ended.items()), strict=True):
        expected = figures([line for line in lines if sees(user, line)])
        assert point | {name: expected[name] for name in ("lines", "by_state", "by_light", "mean_percent")} == point
        assert point["reconstructed"] == (day in quarter.days.late)
    for day in sorted(quarter.daily)[::13]:
        overview = await quarter.days.get(user, "overview", on=str(day))
        expected = figures([line for line in quarter.daily[day] if sees(user, line)])
        assert overview["totals"] | expected == overview["totals"]
    (came,) = {(await quarter.days.get(user, "changes/summary", since=str(quarter.days.after(-1))))["by_what"]["came"]}
    assert came == len(quarter.seen(user))


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin"])
async def test_the_period(quarter: Quarter, user: str) -> None:
    period = await quarter.days.get(user, f"periods/{quarter.story.period}")
    own = None if user == "province.admin" else "zone:hefei"
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line, filing in quarter.ledger.filings(quarter.story.period):
        if own in (None, office_of(line)):
            counted[office_of(line), line["task"]["plan"]["code"]] += _filed(filing)
    names = tuple(period["counts"])
    told_of = {(cell["office"], cell["plan"]): {name: cell[name] for name in names} for cell in period["cells"]}
    assert told_of == {place: {name: counts[name] for name in names} for place, counts in counted.items()}
    sums = {name: sum(counts[name] for counts in counted.values()) for name in names}
    assert period["counts"] == sums
    if own is None:
        assert sums["expected"] > sums["received"] > sums["on_time"] > sums["approved"] > 0
    for path in ("/periods", f"/periods/{quarter.story.period}"):
        shown = quarter.text(path, user)
        order = "应报 {expected} 已报 {received} 按时 {on_time} 已审定 {approved}"
        plain = "{expected} {received} {on_time} {approved}"
        assert (plain if path == "/periods" else order).format_map(sums) in shown


def _filed(filing: Json) -> Counter[str]:
    return Counter(
        expected=1,
        received=int(filing["received_on"] is not None),
        on_time=int(bool(filing["on_time"])),
        approved=int(filing["approved"] > 0),
    )


def test_what_an_opened_period_asks_of_whom(quarter: Quarter) -> None:
    asked = quarter.ledger.asked[quarter.story.period]
    assert len(asked) == 412
    assert Counter(map(office_of, asked.values())) == quarter.ledger.expected[quarter.story.period]


async def test_orders(quarter: Quarter) -> None:
    shown = {order["id"]: order for order in await quarter.days.pages("province.admin", "orders")}
    known = {order["id"]: order for order in quarter.ledger.of("order")}
    assert shown.keys() == known.keys()
    for order_id, order in known.items():
        assert shown[order_id] | (order | {"updated_at": shown[order_id]["updated_at"]}) == shown[order_id]
        assert shown[order_id]["colour"] == reckoning.colour_of(quarter.ledger, order, quarter.days.today)
    assert sorted(order["serial"] for order in known.values()) == list(range(1, len(known) + 1))
    assert known[quarter.story.orders["ignored"]]["level"] == 3
    assert {order["colour"] for order in shown.values()} >= {"red", None}
    page = quarter.text("/orders")
    assert all(str(order["number"]) in page for order in known.values())


async def test_meetings_and_what_became_of_their_decisions(quarter: Quarter) -> None:
    """The portal shows them on the first day, on which it runs."""
    (meeting,), decided = quarter.ledger.of("meeting"), quarter.ledger.of("decision")
    expected = {each["id"]: reckoning.standing_of(quarter.ledger, each, quarter.days.today) for each in decided}
    shown = await quarter.days.pages("province.admin", "decisions")
    assert {each["id"]: each["standing"] for each in shown} == expected
    assert Counter(expected.values()) == {"overdue": 1, "done": 1}
    (held,) = await quarter.days.pages("province.admin", "meetings")
    assert held["id"] == meeting["id"] == quarter.story.meeting and held["decisions"] == len(decided)
    page, words = quarter.text(f"/meetings/{meeting['id']}"), {"open": "在办", "done": "办结"}
    for each in decided:
        on_the_page = reckoning.standing_of(quarter.ledger, each, quarter.days.first)
        assert f"第 {each['number']} 项 {words[on_the_page]} {each['text']}" in page
    (noted,) = (each["line_id"] for each in decided if each["line_id"])
    assert noted in {line["id"] for line in quarter.ledger.lines() if line["jurisdiction"] == "bengbu"}


async def test_problems(quarter: Quarter) -> None:
    problems, today = quarter.ledger.of("problem"), str(quarter.days.today)
    open_ones = [each for each in problems if each["ended_on"] is None]
    late = [each for each in open_ones if each["state"] == "open" and each["answer_due"] < today]
    overview = await quarter.days.get("province.admin", "overview")
    assert (overview["problems"]["open"], overview["problems"]["overdue"]) == (len(open_ones), len(late))
    shown = {each["id"]: each for each in await quarter.days.pages("province.admin", "problems")}
    assert {each["id"]: each["state"] for each in problems} == {key: each["state"] for key, each in shown.items()}
    assert Counter(each["state"] for each in problems) == Counter(("escalated", "settled", "withdrawn", "open"))
    assert f"需协调问题 {len(open_ones)} 个" in quarter.text("/overview")


@pytest.mark.parametrize("place", ["province", *ZONES])
async def test_indicators(quarter: Quarter, place: str) -> None:
    ledger, year = quarter.ledger, quarter.story.year
    targets = {(code, each["jurisdiction"], each["year"]): each["value"] for code, each in ledger.all_targets()}
    shown = await quarter.days.pages("province.admin", "indicators", jurisdiction=place, year=year)
    assert {each["code"] for each in shown} == {each["code"] for each in ledger.of("indicator")}
    page = quarter.text(f"/indicators?jurisdiction={place}&year={year}")
    for each in (each for each in shown if each["code"] in quarter.story.indicators.values()):
        value = reckoning.year_value(ledger, each, place, ZONES, year)
        target = targets.get((each["code"], place, year))
        stands = each["standing"]
        assert value is not None and Decimal(stands["value"]) == value
        assert stands["target"] == target
        if target is not None:
            assert (stands["mark"] == "reached") == reckoning.reaches(each, value, Decimal(target))
        assert stands["value"] in page


async def test_cases_and_their_replication(quarter: Quarter) -> None:
    cases, answers = quarter.ledger.of("case"), quarter.ledger.of("replication")
    shown = await quarter.days.pages("province.admin", "cases")
    assert {each["id"]: (each["state"], each["level"]) for each in shown} == {
        each["id"]: (each["state"], each["level"]) for each in cases
    }
    for case_id, zones in quarter.ledger.asked_zones.items():
        known = dict.fromkeys(zones, "unanswered") | {
            each["zone"]: each["state"] for each in answers if each["case"]["id"] == case_id
        }
        found = await quarter.days.pages("province.admin", "replications", case=case_id)
        assert {each["zone"]: each["state"] for each in found} == known
        assert (known[quarter.story.linked], known["wuhu"], known["bengbu"]) == ("adopted", "declined", "unanswered")
    assert "“一业一证”改革" in quarter.text("/public/cases")


async def test_the_assessment(quarter: Quarter) -> None:
    path = f"assessments/{quarter.story.assessment}/results"
    results = {each["office"]: each for each in (await quarter.days.get("province.admin", path))["items"]}
    scores = _scores(quarter, ITEMS)
    assert results.keys() == scores.keys()
    page = quarter.text(f"/assessments/{quarter.story.assessment}")
    for office, by_item in scores.items():
        given = {each["code"]: each["score"] for each in results[office]["scores"]}
        assert given == {code: None if value is None else float(value) for code, value in by_item.items()}, office
        total = reckoning.total([(points, by_item[code]) for code, points, _ in ITEMS])
        assert results[office]["total"] == (None if total is None else float(total)), office
        if total is not None:
            assert f"{results[office]['name']} {total.normalize():f} " in page
    (published,) = quarter.ledger.of("assessment")
    assert (published["status"], set(published["offices"])) == ("published", set(scores))


def _scores(quarter: Quarter, scheme: Scheme) -> dict[str, dict[str, Decimal | None]]:
    worths = reckoning.worths(quarter.ledger, quarter.story.year, quarter.days.today)
    zones = {f"zone:{zone}" for zone in (*ZONES, quarter.story.linked)}
    offices = zones.union(*(found.keys() for found in worths.values()))
    return {
        office: {
            code: _by_hand(office) if code == "hand" else reckoning.score(points, target, worths[code].get(office, []))
            for code, points, target in scheme
        }
        | ({} if office in zones else {"cases": None})
        for office in offices
    }


def _by_hand(office: str) -> Decimal | None:
    return Decimal(str(BY_HAND[office])) if office in BY_HAND else None


async def test_the_bulletin(quarter: Quarter) -> None:
    bulletin = await quarter.days.get("province.admin", f"bulletins/{quarter.story.bulletin}")
    sentences = [sentence["text"] for part in bulletin["parts"] for sentence in part["sentences"]]
    page, lines = quarter.text(f"/bulletins/{quarter.story.bulletin}", "hefei.admin"), quarter.ledger.lines()
    for expected in _sentences(quarter, lines):
        assert any(expected in sentence for sentence in sentences), expected
        assert expected in page
    (published,) = quarter.ledger.of("bulletin")
    told_alike = ("year", "number", "title", "since", "until", "readers", "status", "version")
    assert {name: bulletin[name] for name in told_alike} == {name: published[name] for name in told_alike}


def _sentences(quarter: Quarter, lines: Sequence[Json]) -> Iterator[str]:
    """The figures of the whole, of each light, plan and zone, and of what was confirmed in the quarter."""
    states, lights = Counter(line["state"] for line in lines), Counter(line["light"] for line in lines)
    words = dict(zip(STATES, ("未开始", "推进中", "已报完成", "已确认完成", "已暂停"), strict=True))
    yield f"推进事项共{len(lines)}项，平均完成比例{_mean(lines)}%"
    yield from (f"{words[state]}{states[state]}项" for state in STATES)
    named = dict(zip(LIGHTS, ("绿灯（正常）", "黄灯（预警）", "红灯（逾期）", "蓝灯（办结）"), strict=True))
    for light, count in lights.items():
        yield f"{named[light]}{count}项，占{(Decimal(100 * count) / len(lines)).quantize(TENTH, ROUND_HALF_UP)}%"
    confirmed = {line["id"] for line in lines if _confirmed(quarter, line["id"])}
    done = sum(line["state"] == "confirmed" and line["id"] in confirmed for line in lines)
    yield f"确认填报涉及事项{len(confirmed)}项，其中新确认完成{done}项"
    for name, own in _by(lines, lambda line: line["task"]["plan"]["name"]):
        yield f"{name}：目标：推进事项{len(own)}项"
        yield f"进展：平均完成比例{_mean(own)}%，已确认完成{_lit(own, 'blue')}项"
    for name, own in _by([line for line in lines if line["jurisdiction"] != "province"], _place):
        done, late = _lit(own, "blue"), _lit(own, "red")
        yield f"{name}：事项{len(own)}项，已确认完成{done}项，平均完成比例{_mean(own)}%，逾期{late}项"


def _place(line: Json) -> str:
    return str(line["jurisdiction_name"])


def _by(lines: Sequence[Json], name: Any) -> list[tuple[str, list[Json]]]:
    return [(key, list(own)) for key, own in groupby(sorted(lines, key=name), name)]


def _mean(lines: Sequence[Json]) -> str:
    return f"{figures(list(lines))['mean_percent']:.1f}"


def _lit(lines: Sequence[Json], light: str) -> int:
    return sum(line["light"] == light for line in lines)


def _confirmed(quarter: Quarter, line_id: str) -> bool:
    return any(each["line_id"] == line_id and each["status"] == "confirmed" for each in quarter.ledger.of("report"))
