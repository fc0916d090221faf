"""A quarter in the life of the plan: what the province, three zones, a unit, a fourth zone and the clock do.

Lines have deadlines from two weeks to a year away. Of the period that is due on the tenth day, Hefei files at once,
Wuhu a half on time and one line after the lock, Bengbu late; units never do.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.cases import acted, published, written
from tests.days import Days
from tests.indicators import confirmed, put
from tests.quarter import filing
from tests.quarter.filing import P
from tests.support import Json, attach

LAST = 91
TURNS = (*range(1, 32), 33, 36, 38, 45, 46, 60, 61, 67, 74, 76, 80, 81, 90, LAST)
"""The days on which the clock goes; between them it stands still, and catches up."""
SPANS = (15, 35, 60, 120, 400)
DUE, GRACE, LOCKS = 10, 12, 22
ZONES = ("hefei", "wuhu", "bengbu")
ITEMS = (
    *(("lines", 30, None), ("milestones", 10, None), ("filings", 20, None), ("orders", 15, None)),
    *(("indicators", 10, None), ("cases", 5, 1), ("hand", 10, None)),
)
BY_HAND = {"zone:hefei": 8.5, "zone:wuhu": 7.25, "zone:bengbu": 10}


@dataclass
class Story:
    """What later days go on with, and what no event tells: the scheme of the assessment and its points by hand."""

    linked: str
    year: int
    lines: list[Json] = field(default_factory=list)
    filings: dict[str, list[Json]] = field(default_factory=dict)
    period: str = ""
    orders: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    meeting: str = ""
    decisions: list[str] = field(default_factory=list)
    indicators: dict[str, str] = field(default_factory=dict)
    case: str = ""
    assessment: str = ""
    bulletin: str = ""

    def of(self, jurisdiction: str, span: int | None = None) -> list[Json]:
        """The lines of a jurisdiction, or those of them that have so many days."""
        return [
            line
            for number, line in enumerate(self.lines)
            if line["jurisdiction"] == jurisdiction and (span is None or SPANS[number % len(SPANS)] == span)
        ]


def office_of(jurisdiction: str) -> str:
    return P if jurisdiction == "province" else f"{jurisdiction}.admin"


async def live(days: Days, linked: str) -> Story:
    """All of it."""
    story = Story(linked, days.after(DUE).year)
    await begin(days, story)
    for number in TURNS:
        await days.turn(days.after(number))
        if number in LATER:
            await LATER[number](days, story)
    return story


async def begin(days: Days, story: Story) -> None:
    """The first day, on which people use the running system and its pages."""
    await _never_stalled(days)
    story.lines = await days.pages(P, "lines")
    proposals = await _proposals(days, story)
    await asyncio.gather(*(_schedule(days, line, proposals[place]) for place, line in _placed(story)))
    await _open_period(days, story)
    await filing.by_page(days, story.filings["hefei"][:2])
    await filing.by_excel(days, story.period, story.filings["hefei"][2:])
    await filing.decide(days, story.filings["hefei"])
    await _extensions(days, story)
    await _orders(days, story)
    await _problems(days, story)
    _cases(days, story)
    _indicators(days, story)


async def _never_stalled(days: Days) -> None:
    """The worker of the running system lives on the first day, and would lift the alarms of later ones."""
    known = await days.get(P, "thresholds")
    given = {name: known[name] for name in ("near_days", "behind_percent")} | {"stalled_days": 3650}
    await days.done(P, "thresholds", given, known["version"], "PUT")


def _placed(story: Story) -> Iterator[tuple[tuple[str, int], Json]]:
    """Each line with its plan and the days that it has."""
    for number, line in enumerate(story.lines):
        yield (line["task"]["plan"]["code"], SPANS[number % len(SPANS)]), line


async def _proposals(days: Days, story: Story) -> dict[tuple[str, int], Json]:
    """What the template of each plan gives, counted back from each deadline."""
    one_of_each = dict(_placed(story))
    proposed = await asyncio.gather(
        *(
            days.done(P, f"lines/{line['id']}/schedule/proposal", {"deadline": str(days.after(span))})
            for (_, span), line in one_of_each.items()
        )
    )
    return dict(zip(one_of_each, proposed, strict=True))


async def _schedule(days: Days, line: Json, proposed: Json) -> Json:
    milestones = [{name: stage[name] for name in ("title", "weight", "due")} for stage in proposed["milestones"]]
    given = {"deadline": proposed["deadline"], "milestones": milestones}
    path = f"lines/{line['id']}/schedule"
    return await days.done(office_of(line["jurisdiction"]), path, given, line["version"], "PUT")


async def _open_period(days: Days, story: Story) -> None:
    dates = {"starts": -60, "ends": 0, "due": DUE, "grace": GRACE, "locks": LOCKS}
    given = {name: str(days.after(number)) for name, number in dates.items()}
    plans = sorted({line["task"]["plan"]["code"] for line in story.lines})
    said = {"kind": "quarter", "title": "季度报告", "plans": plans, "reason": "按季报送"}
    story.period = str((await days.done(P, "periods", given | said))["id"])
    for each in await days.pages(P, "filings", period=story.period):
        story.filings.setdefault(each["line"]["jurisdiction"], []).append(each)


async def _extensions(days: Days, story: Story) -> None:
    """Hefei declares in time that some lines need longer; the province agrees, refuses, or has not decided."""
    for number, line in enumerate(story.of("hefei", 35)[:9]):
        path = f"lines/{line['id']}"
        given = {"deadline": str(days.after(75)), "cause": "审批延后"}
        asked = await days.step("hefei.admin", path, "extensions", **given)
        if number % 3 == 0:
            await days.step(P, path, f"extensions/{asked['id']}/approval")
        elif number % 3 == 1:
            await days.step(P, path, f"extensions/{asked['id']}/refusal", reason="请按期完成")


async def _orders(days: Days, story: Story) -> None:
    """Five, issued on the same day to be signed for within three."""
    for name, lead, deadline, members in (
        ("ignored", "zone:hefei", 20, []),
        ("kept", "zone:wuhu", 30, []),
        ("late", "zone:bengbu", 25, []),
        ("extended", "unit:swt", 28, ["zone:hefei"]),
        ("revoked", "zone:wuhu", 60, []),
    ):
        given = {"title": f"督办{name}", "requirement": "请抓紧办理。", "source": "meeting", "lead": lead}
        more = {"deadline": str(days.after(deadline)), "members": members}
        story.orders[name] = str((await days.done(P, "orders", given | more))["id"])
        await order(days, story, P, name, "issuance", sign_due=str(days.after(3)))


async def order(days: Days, story: Story, user: str, name: str, what: str, **body: str) -> None:
    await days.step(user, f"orders/{story.orders[name]}", what, **body)


async def _problems(days: Days, story: Story) -> None:
    for name, user, asked, due in (
        ("escalated", "hefei.admin", "unit:swt", 9),
        ("settled", "wuhu.admin", "unit:swt", 12),
        ("withdrawn", "bengbu.admin", "unit:hfhg", 12),
        ("ignored", "bengbu.admin", "role:province", 14),
    ):
        line = story.of(user.partition(".")[0], SPANS[-1])[0]["id"]
        given = {
            "title": f"问题{name}",
            "description": "请协调。",
            "addressee": asked,
            "answer_due": str(days.after(due)),
        }
        story.problems[name] = str((await days.done(user, "problems", given | {"line_id": line}))["id"])


async def problem(days: Days, story: Story, user: str, name: str, what: str, **body: str) -> None:
    await days.step(user, f"problems/{story.problems[name]}", what, **body)


def _cases(days: Days, story: Story) -> None:
    """One of Hefei's is published, which Wuhu declines; one of Wuhu's is rejected."""
    story.case = published(days.system)
    acted(days.system, "wuhu.admin", story.case, "replications/wuhu/refusal", reason="没有综合窗口")
    rejected = str(written(days.system, "wuhu.admin")["id"])
    acted(days.system, "wuhu.admin", rejected, "submission")
    acted(days.system, P, rejected, "rejection", reason="已有先例")


def _indicators(days: Days, story: Story) -> None:
    """One that is added up and one that is averaged, with targets of the year in which the period is due."""
    for name, kind, aggregation, direction in (("sum", "flow", "sum", "up"), ("mean", "stock", "average", "down")):
        code = confirmed(days.system, "swt", kind=kind, aggregation=aggregation, direction=direction)
        targets = [{"jurisdiction": zone, "year": story.year, "value": "20"} for zone in ZONES]
        put(days.system, code, "/targets", {"targets": targets})
        story.indicators[name] = code


async def _meeting(days: Days, story: Story) -> None:
    """Of its decisions one becomes an order, the other is noted on a line."""
    given = {"title": "领导小组会议", "held_on": str(days.today), "agenda": ["听取汇报"]}
    story.meeting = str((await days.done(P, "meetings", given))["id"])
    await days.step(P, f"meetings/{story.meeting}", "conclusion")
    for office, due in (("zone:wuhu", 40), ("zone:bengbu", 20)):
        said = {"text": f"{office}加快办理", "office": office, "due": str(days.after(due))}
        made = await days.step(P, f"meetings/{story.meeting}", "decisions", **said)
        story.decisions.append(f"decisions/{made['id']}")
    ordered, noted = story.decisions
    what = {"title": "督办decided", "requirement": "请抓紧办理。", "lead": "zone:wuhu", "deadline": str(days.after(40))}
    made = await days.step(P, ordered, "order", **what, lines=[story.of("wuhu")[0]["id"]])
    story.orders["decided"] = str(made["order"]["id"])
    await order(days, story, P, "decided", "issuance", sign_due=str(days.after(12)))
    await days.step(P, noted, "note", line_id=story.of("bengbu")[0]["id"])


async def on_4(days: Days, story: Story) -> None:
    await _meeting(days, story)
    for name, user in (("kept", "wuhu.admin"), ("late", "bengbu.admin"), ("extended", "dept.swt")):
        await order(days, story, user, name, "receipt")
    await order(days, story, P, "revoked", "revocation", text="另行部署")
    await problem(days, story, "dept.swt", "settled", "answers", text="已协调")
    await problem(days, story, "wuhu.admin", "settled", "follow-ups", text="仍缺指标", answer_due=str(days.after(11)))
    await problem(days, story, "bengbu.admin", "withdrawn", "withdrawal", text="已自行解决")
    await days.step(P, f"lines/{story.of('bengbu')[-1]['id']}", "suspension", reason="规划调整")


async def on_11(days: Days, story: Story) -> None:
    """Past the due day, within its grace."""
    await order(days, story, "wuhu.admin", "decided", "receipt")
    wuhu = story.filings["wuhu"]
    await filing.file(days, "wuhu.admin", wuhu[: len(wuhu) // 2])
    await problem(days, story, "dept.swt", "settled", "answers", text="指标已下达")
    await problem(days, story, "wuhu.admin", "settled", "settlement", text="已落实")
    await record(days, story, "12.5", "9")


async def record(days: Days, story: Story, *values: str) -> None:
    """A value of each indicator for each zone, of this month, by the unit that is responsible."""
    for zone in ZONES:
        for code, value in zip(story.indicators.values(), values, strict=True):
            given = {"jurisdiction": zone, "period": f"{days.today:%Y-%m}", "value": value, "note": "月报"}
            await days.done("dept.swt", f"indicators/{code}/values", given)


async def on_16(days: Days, story: Story) -> None:
    """Bengbu files late; the province decides; Hefei files again what was returned."""
    wuhu = story.filings["wuhu"]
    bengbu = [each for each in story.filings["bengbu"][:-1] if each["line"]["id"] != story.of("bengbu")[-1]["id"]]
    await filing.file(days, "bengbu.admin", bengbu[:40])
    await filing.decide(days, wuhu[: len(wuhu) // 2])
    again = await days.pages(P, "filings", period=story.period, jurisdiction="hefei", state="returned")
    await filing.file(days, "hefei.admin", again[:6])
    await filing.decide(days, again[:6])
    await _complete(days, story.of("hefei", 15), 0, days.today)


async def _complete(days: Days, lines: Sequence[Json], place: int, on: date) -> None:
    """The milestone at a place is reached, of those of the lines that are not done."""
    for line in lines:
        if "complete" not in (await days.get(office_of(line["jurisdiction"]), f"lines/{line['id']}"))["actions"]:
            continue
        schedule = await days.get(P, f"lines/{line['id']}/schedule")
        milestone = schedule["milestones"][place]["id"]
        given = {"on": str(on)}
        user = office_of(line["jurisdiction"])
        await days.done(user, f"lines/{line['id']}/milestones/{milestone}/completion", given, schedule["version"])


async def on_25(days: Days, story: Story) -> None:
    """After the lock one of Wuhu's is let in; the unit asks for more time, Bengbu's order is overdue tomorrow."""
    late = story.filings["wuhu"][-1]
    await days.step(P, f"filings/{late['id']}", "reopening", reason="补报", until=str(days.after(27)))
    late.update(await days.get(P, f"filings/{late['id']}"))
    await filing.file(days, "wuhu.admin", [late])
    await days.bulk(P, "accept", [late])
    await days.bulk(P, "approve", [late], confidence="low")
    await filing.decide(days, story.filings["bengbu"][:20])
    more = {"deadline": str(days.after(50)), "text": "需延期"}
    await order(days, story, "dept.swt", "extended", "extension", **more)
    await order(days, story, "wuhu.admin", "kept", "replies", text="已印发方案")
    await order(days, story, "wuhu.admin", "kept", "application", text="已完成")
    await days.step(P, story.decisions[1], "completion", outcome="已办结")


async def on_30(days: Days, story: Story) -> None:
    await order(days, story, P, "kept", "conclusion")
    await order(days, story, P, "kept", "verification", text="现场核验")
    attach(days.system, P, "order", story.orders["kept"])
    await order(days, story, P, "kept", "closure", evidence="验收报告")
    await order(days, story, P, "extended", "extension/approval")
    await order(days, story, "bengbu.admin", "late", "application", text="已完成")
    await problem(days, story, P, "escalated", "escalation", text="提请领导小组")
    await replicate(days, story, "adoption", plan="先在园区试行")
    await _complete(days, story.of("wuhu", 35), 0, days.today)


async def replicate(days: Days, story: Story, what: str, **body: str) -> None:
    await days.step(f"{story.linked}.admin", f"cases/{story.case}/replications/{story.linked}", what, **body)


async def on_45(days: Days, story: Story) -> None:
    """Some lines caught up, one was returned, one goes on again."""
    await replicate(days, story, "start", progress="方案已印发")
    await order(days, story, P, "late", "conclusion")
    await order(days, story, "dept.swt", "extended", "application", text="已完成")
    await order(days, story, P, "extended", "return", text="材料不全")
    await days.step(P, f"lines/{story.of('bengbu')[-1]['id']}", "resumption")
    for number, line in enumerate(story.of("wuhu", 15)[:6]):
        path = f"lines/{line['id']}"
        given = {"percent": 100, "done": "已全面完成", "finished": True}
        report = await days.step("wuhu.admin", path, "reports", **given)
        what = {"return": {"reason": "缺少佐证"}} if number == 0 else {"confirmation": {}}
        for decision, body in what.items():
            await days.step(P, path, f"reports/{report['id']}/{decision}", **body)


async def on_60(days: Days, story: Story) -> None:
    await replicate(days, story, "result", result="已全面施行", effect_before="20 天", effect_after="2 天")
    await record(days, story, "14", "30")
    (value, *_) = await days.pages("dept.swt", f"indicators/{story.indicators['sum']}/values", jurisdiction="hefei")
    given = {"value": "21.75", "reason": "统计口径调整"}
    await days.step("dept.swt", f"indicator-values/{value['id']}", "revisions", **given)


async def on_80(days: Days, story: Story) -> None:
    items = [
        {"code": basis, "title": basis, "basis": basis, "points": points, "target": target}
        for basis, points, target in ITEMS
    ]
    given = {"year": story.year, "title": "年度考评", "items": items}
    story.assessment = str((await days.done(P, "assessments", given))["id"])
    path = f"assessments/{story.assessment}"
    await days.step(P, path, "announcement")
    for office, points in BY_HAND.items():
        version = (await days.get(P, path))["version"]
        await days.done(P, f"{path}/scores/{office}/hand", {"points": points, "reason": "综合评价"}, version, "PUT")


async def on_the_last(days: Days, story: Story) -> None:
    until = days.today + timedelta(30)
    await days.step(P, f"assessments/{story.assessment}", "publication", objections_until=str(until))
    drafted = await days.done(P, "bulletins", {"since": str(days.first), "until": str(days.today)})
    story.bulletin = str(drafted["id"])
    await days.step(P, f"bulletins/{story.bulletin}", "publication", readers=["all"])


LATER: Mapping[int, Callable[[Days, Story], Awaitable[None]]] = {
    4: on_4,
    11: on_11,
    16: on_16,
    25: on_25,
    30: on_30,
    45: on_45,
    60: on_60,
    80: on_80,
    LAST: on_the_last,
}
