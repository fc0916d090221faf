"""The draft of a bulletin, from facts: target → progress → lead → members, ranking, lights, examples, overdue. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from chassis.documents import day
from progress.lines.rules import PROVINCE, Light, State
from progress.rounding import tenths

LIGHTS = {
    Light.BLUE: "蓝灯（办结）",
    Light.GREEN: "绿灯（正常）",
    Light.YELLOW: "黄灯（预警）",
    Light.RED: "红灯（逾期）",
}
STATES = {
    State.CONFIRMED: "已确认完成",
    State.SUBMITTED: "已报完成",
    State.IN_PROGRESS: "推进中",
    State.NOT_STARTED: "未开始",
    State.SUSPENDED: "已暂停",
}
MOST_NAMES, MOST_TEXT = 5, 200
_NEEDLESS = re.compile(r"(?<![!-~]) | (?![!-~])")


@dataclass(frozen=True)
class Confirmed:
    """The last confirmed report of a line: its version and who signed for it."""

    id: UUID
    number: int
    version: int
    done: str
    finished: bool
    submitted_by: str
    decided_by: str
    decided_at: datetime
    decided_on: date


@dataclass(frozen=True)
class Filed:
    """The version of a line's filing that stands approved, who signed for its office and who for the province."""

    id: UUID
    number: int
    percent: int
    done: str
    finished: bool
    on_time: bool
    sent_by: str | None
    approved_by: str
    approved_at: datetime
    approved_on: date


@dataclass(frozen=True)
class Punctuality:
    """How many filings of a period an office owes, and what came of them."""

    office: str
    expected: int
    on_time: int
    approved: int


@dataclass(frozen=True)
class Fact:
    """A line as it stood at the end of the period; in one of reporting, as it was approved."""

    line_id: UUID
    jurisdiction: str
    place: str
    plan: str
    number: int
    title: str
    due: date | None
    state: State
    percent: int
    light: Light
    leads: tuple[str, ...]
    members: tuple[str, ...]
    report: Confirmed | None
    filing: Filed | None = None

    @property
    def office(self) -> str:
        """The name of who files on it."""
        return self.place if self.jurisdiction != PROVINCE or not self.leads else self.leads[0]

    def filed(self, filing: Filed) -> "Fact":
        """As it was approved, whenever that was: what it has finished is confirmed, else it has begun at least."""
        told = replace(self, percent=filing.percent, filing=filing)
        if filing.finished:
            return replace(told, state=State.CONFIRMED, light=Light.BLUE)
        return replace(told, state=State.IN_PROGRESS) if self.state is State.NOT_STARTED else told


Facts = Sequence[Fact]


@dataclass(frozen=True)
class Sentence:
    text: str
    facts: Facts


@dataclass
class Part:
    """A heading of level 1 (一、) or 2 (（一）) and what stands below it."""

    level: int
    heading: str
    sentences: list[Sentence] = field(default_factory=list)


def draft(facts: Facts, since: date, until: date) -> list[Part]:
    """``facts`` by plan, number and jurisdiction, at least one. Every sentence rests on one of them or more."""
    recent = [fact for fact in facts if fact.report and since <= fact.report.decided_on <= until]
    finished = [fact for fact in recent if fact.state is State.CONFIRMED]
    late = sorted((fact for fact in facts if fact.light is Light.RED), key=lambda fact: fact.due or until)
    zones = [fact for fact in facts if fact.jurisdiction != PROVINCE]
    return [
        Part(1, "总体情况", [_whole(facts, until), _period(facts, recent, finished, since, until)]),
        Part(1, "亮灯情况", _lights(facts)),
        Part(1, "各计划推进情况", [_plan(name, own) for name, own in _by(facts, lambda fact: [fact.plan])]),
        Part(1, "排名情况"),
        Part(2, "片区", _ranking(_by(zones, lambda fact: [fact.place])) or [Sentence("本期没有片区事项。", facts)]),
        Part(2, "牵头单位", _ranking(_by(facts, lambda fact: fact.leads))),
        Part(1, "典型做法", [_line(fact) for fact in finished] or [Sentence("本期没有新确认完成的事项。", facts)]),
        Part(1, "逾期事项", [_line(fact) for fact in late] or [Sentence("截至期末没有逾期事项。", facts)]),
    ]


def title(since: date, until: date) -> str:
    return f"关于{day(since)}至{day(until)}推进情况的通报"


def title_of(period: str) -> str:
    return f"关于{period}推进情况的通报"


def _whole(facts: Facts, until: date) -> Sentence:
    counted = ((word, sum(fact.state is state for fact in facts)) for state, word in STATES.items())
    states = "、".join(f"{word}{count}项" for word, count in counted)
    return Sentence(
        f"截至{day(until)}，纳入本期通报的推进事项共{len(facts)}项，平均完成比例{_mean(facts)}%；其中{states}。", facts
    )


def _period(facts: Facts, recent: Facts, finished: Facts, since: date, until: date) -> Sentence:
    when = f"{day(since)}至{day(until)}"
    if not recent:
        return Sentence(f"{when}，没有经省自贸办确认的填报。", facts)
    return Sentence(f"{when}，省自贸办确认填报涉及事项{len(recent)}项，其中新确认完成{len(finished)}项。", recent)


def _lights(facts: Facts) -> list[Sentence]:
    lit = ((word, [fact for fact in facts if fact.light is light]) for light, word in LIGHTS.items())
    return [Sentence(f"{word}{len(own)}项，占{tenths(100 * len(own), len(facts))}%。", own) for word, own in lit if own]


def _plan(name: str, own: Facts) -> Sentence:
    dues = [fact.due for fact in own if fact.due]
    target = f"推进事项{len(own)}项" + (f"，最近时限为{day(min(dues))}" if dues else "，均未定时限")
    done = sum(fact.state is State.CONFIRMED for fact in own)
    leads = dict.fromkeys(unit for fact in own for unit in fact.leads)
    members = dict.fromkeys(unit for fact in own for unit in fact.members if unit not in leads)
    progress = f"平均完成比例{_mean(own)}%，已确认完成{done}项"
    return Sentence(f"{name}：目标：{target}；进展：{progress}；{_parties([*leads], [*members])}。", own)


def _parties(leads: Sequence[str], members: Sequence[str]) -> str:
    return f"牵头单位：{_names(leads)}；配合单位：{_names(members)}"


def _names(names: Sequence[str]) -> str:
    if not names:
        return "无"
    return "、".join(names[:MOST_NAMES]) + (f"等{len(names)}个单位" if len(names) > MOST_NAMES else "")


def _line(fact: Fact) -> Sentence:
    target = f"{day(fact.due)}前完成" if fact.due else "未定时限"
    told = fact.filing or fact.report
    said = told.done if told else "尚无经确认的填报"
    said = said if len(said) <= MOST_TEXT else said[:MOST_TEXT] + "……"
    progress = f"完成比例{fact.percent}%，{_in_a_line(said).rstrip('。；')}{_signed(fact)}"
    parties = _parties(fact.leads, fact.members)
    return Sentence(f"{fact.place}“{_within(fact.title)}”：目标：{target}；进展：{progress}；{parties}。", [fact])


def _in_a_line(said: str) -> str:
    """Without breaks; a space stays between Latin words alone."""
    return _NEEDLESS.sub("", " ".join(said.split()))


def _within(title: str) -> str:
    """As it stands between quotation marks."""
    return title.translate(str.maketrans("“”", "‘’"))


def _signed(fact: Fact) -> str:
    if fact.filing:
        return f"（{fact.filing.approved_by}{day(fact.filing.approved_on)}审定第{fact.filing.number}版）"
    return f"（{fact.report.decided_by}{day(fact.report.decided_on)}确认）" if fact.report else ""


def draft_of_filings(
    facts: Facts, filed: Sequence[Punctuality], since: date, until: date, running: date | None = None
) -> list[Part]:
    """The draft of a reporting period: who filed in time, what was approved; good examples are filed in time, too.

    ``running`` is its last day on time as long as that is not over: nobody is ranked before.
    """
    approved = [fact for fact in facts if fact.filing]
    finished = [fact for fact in approved if fact.filing and fact.filing.finished and fact.filing.on_time]
    parts = draft(facts, since, until)
    whole, examples = parts[0], next(part for part in parts if part.heading == "典型做法")
    whole.sentences = [whole.sentences[0], _filed(facts, filed)]
    examples.sentences = [_line(fact) for fact in finished] or [Sentence("本期没有按时报送并审定完成的事项。", facts)]
    place = parts.index(examples)
    return [
        *parts[:place],
        Part(1, "报送情况", _running(facts, running) if running else _punctual(facts, filed)),
        *parts[place:],
    ]


def _filed(facts: Facts, filed: Sequence[Punctuality]) -> Sentence:
    expected, on_time, approved = (
        sum(getattr(each, name) for each in filed) for name in ("expected", "on_time", "approved")
    )
    return Sentence(f"本期应报送{expected}项，按时报送{on_time}项，已审定{approved}项。", facts)


def _running(facts: Facts, grace: date) -> list[Sentence]:
    return [Sentence(f"报送宽限至{day(grace)}，期限未满，暂不排名。", facts)]


def _punctual(facts: Facts, filed: Sequence[Punctuality]) -> list[Sentence]:
    """By the share that came in time, then the share that is approved; equals share a place."""
    owing = [(each, [fact for fact in facts if fact.office == each.office]) for each in filed if each.expected]
    told = sorted(((_timely(each), each.office, each, own) for each, own in owing if own), key=lambda row: row[:2])
    scores = [score for score, *_ in told]
    return [
        Sentence(
            f"第{1 + scores.index(score)}名 {name}：应报送{each.expected}项，按时报送{each.on_time}项，"
            f"按时率{tenths(100 * each.on_time, each.expected)}%，已审定{each.approved}项。",
            own,
        )
        for score, name, each, own in told
    ] or [Sentence("本期没有应报送的事项。", facts)]


def _timely(each: Punctuality) -> tuple[float, float]:
    return -each.on_time / each.expected, -each.approved / each.expected


def _ranking(groups: Iterable[tuple[str, Facts]]) -> list[Sentence]:
    """By the share that is confirmed, then the mean percent, then the share that is overdue; equals share a place."""
    scored = sorted(((_score(own), name, own) for name, own in groups), key=lambda each: each[:2])
    scores = [score for score, _, _ in scored]
    return [_placed(1 + scores.index(score), name, own) for score, name, own in scored]


def _score(own: Facts) -> tuple[float, float, float]:
    done, late = (sum(fact.light is light for fact in own) / len(own) for light in (Light.BLUE, Light.RED))
    return -done, -sum(fact.percent for fact in own) / len(own), late


def _placed(place: int, name: str, own: Facts) -> Sentence:
    done, late = (sum(fact.light is light for fact in own) for light in (Light.BLUE, Light.RED))
    return Sentence(
        f"第{place}名 {name}：事项{len(own)}项，已确认完成{done}项，平均完成比例{_mean(own)}%，逾期{late}项。", own
    )


def _by(facts: Facts, names: Callable[[Fact], Iterable[str]]) -> list[tuple[str, Facts]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        for name in names(fact):
            groups.setdefault(name, []).append(fact)
    return [*groups.items()]


def _mean(facts: Facts) -> str:
    return str(tenths(sum(fact.percent for fact in facts), len(facts)))


def kept(parts: Sequence[Part]) -> tuple[list[dict[str, Any]], dict[UUID, list[int]]]:
    """The parts as they are stored, their sentences numbered from 1; and by line the sentences that rest on it."""
    stored, resting, numbers = [], dict[UUID, list[int]](), count(1)
    for part in parts:
        sentences = []
        for sentence, key in zip(part.sentences, numbers, strict=False):
            sentences.append({"key": key, "text": sentence.text})
            for fact in sentence.facts:
                resting.setdefault(fact.line_id, []).append(key)
        stored.append({"level": part.level, "heading": part.heading, "sentences": sentences})
    return stored, resting
