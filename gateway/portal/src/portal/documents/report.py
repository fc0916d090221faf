"""The report of a zone or of all (推进情况报告): figures, plans, what is late, problems, orders, next steps. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.documents import Block, Column, Style, Table, day, marker
from portal.documents.breakdown import NONE, due
from portal.web.words import LIGHTS, ORDER_STATES, PROBLEM_STATES, STATES, Mark, mark

Json = Mapping[str, Any]
MOST_TEXT = 200
PLANS = (
    Column("计划", 60),
    *(Column(word, 16, centred=True) for word in ("事项", *(light.words[0] for light in LIGHTS.values()))),
    Column("平均完成比例", 16, centred=True),
)
LATE = (
    Column("序号", 12, centred=True),
    Column("事项", 44),
    Column("牵头单位", 28),
    Column("完成时限", 22, centred=True),
    Column("完成比例", 14, centred=True),
    Column("原因", 36),
)
PROBLEMS = (
    Column("问题", 50),
    Column("提出单位", 27),
    Column("答复单位", 27),
    Column("答复时限", 24, centred=True),
    Column("状态", 28, centred=True),
)
ORDERS = (
    Column("文号", 30, centred=True),
    Column("督办事项", 52),
    Column("承办单位", 28),
    Column("办理时限", 22, centred=True),
    Column("状态", 24, centred=True),
)


@dataclass(frozen=True)
class Facts:
    """``subject`` is whose report it is and ``author`` who makes it. ``figures`` are those of today, ``plans`` the
    overview's, each with the cells that count. ``reasons`` say by a line's id why it has its light.
    """

    subject: str
    author: str
    figures: Json
    plans: Sequence[tuple[str, Sequence[Json]]]
    overdue: Sequence[Json]
    at_risk: Sequence[Json]
    reasons: Mapping[str, str]
    problems: Sequence[Json]
    orders: Sequence[Json]


def title(subject: str) -> str:
    return f"{subject}专项推进行动计划推进情况报告"


def parts(facts: Facts, today: date) -> Iterator[Block | Table]:
    yield Block(Style.TITLE, title(facts.subject))
    yield Block(Style.NUMBER, f"（{day(today)}）")
    yield Block(Style.FIRST, marker(1, 1) + "总体情况")
    yield Block(Style.TEXT, _whole(facts, today))
    yield Block(Style.FIRST, marker(1, 2) + "分计划推进情况")
    yield from _table(PLANS, _plans(facts.plans), "没有推进事项。")
    yield Block(Style.FIRST, marker(1, 3) + "逾期和预警事项")
    for number, (word, lines) in enumerate((("逾期", facts.overdue), ("预警", facts.at_risk)), 1):
        yield Block(Style.SECOND, f"{marker(2, number)}{word}事项（{len(lines)}项）")
        yield from _table(LATE, _late(lines, facts.reasons), f"没有{word}事项。")
    yield Block(Style.FIRST, marker(1, 4) + "协调问题和督办单")
    yield Block(Style.SECOND, f"{marker(2, 1)}尚未解决的协调问题（{len(facts.problems)}个）")
    yield from _table(PROBLEMS, map(_problem, facts.problems), "没有尚未解决的协调问题。")
    yield Block(Style.SECOND, f"{marker(2, 2)}在办督办单（{len(facts.orders)}件）")
    yield from _table(ORDERS, map(_order, facts.orders), "没有在办督办单。")
    yield Block(Style.FIRST, marker(1, 5) + "下一步工作")
    yield from _next_steps([*facts.overdue, *facts.at_risk])
    yield Block(Style.SIGNED, facts.author)
    yield Block(Style.SIGNED, day(today))


def _whole(facts: Facts, today: date) -> str:
    figures = facts.figures
    lights, states = (_counted(figures[field], marks) for field, marks in (("by_light", LIGHTS), ("by_state", STATES)))
    return (
        f"截至{day(today)}，{facts.subject}共有推进事项{figures['lines']}项，平均完成比例{figures['mean_percent']}%。"
        f"按亮灯，{lights}；按状态，{states}。尚未解决的协调问题{len(facts.problems)}个，"
        f"在办督办单{len(facts.orders)}件。"
    )


def _counted(counts: Mapping[str, int], marks: Mapping[str, Mark]) -> str:
    return "、".join(f"{mark.words[0]}{counts[code]}项" for code, mark in marks.items())


def _table(columns: Sequence[Column], rows: Iterable[Sequence[str]], none: str) -> Iterator[Block | Table]:
    found = list(rows)
    yield Table(columns, found) if found else Block(Style.TEXT, none)


def _plans(plans: Sequence[tuple[str, Sequence[Json]]]) -> Iterator[list[str]]:
    """Those that have lines, then all of them."""
    shown = [(name, cells) for name, cells in plans if any(cell["lines"] for cell in cells)]
    if len(shown) > 1:
        shown.append(("合计", [cell for _, cells in shown for cell in cells]))
    for name, cells in shown:
        lines = sum(cell["lines"] for cell in cells)
        lights = (str(sum(cell["by_light"][light] for cell in cells)) for light in LIGHTS)
        mean = round(sum(cell["mean_percent"] * cell["lines"] for cell in cells) / lines, 1)
        yield [name, str(lines), *lights, f"{mean:g}%"]


def _late(lines: Iterable[Json], reasons: Mapping[str, str]) -> Iterator[list[str]]:
    for number, line in enumerate(lines, 1):
        problems = _short((line["latest_report"] or {}).get("problems", ""))
        yield [
            str(number),
            _named(line),
            "、".join(unit["name"] for unit in line["units"] if unit["role"] == "lead") or NONE,
            due(line["due"]),
            f"{line['percent']}%",
            reasons[line["id"]] + (f"存在问题：{problems}" if problems else ""),
        ]


def _named(line: Json) -> str:
    return f"{line['task']['number']}. {line['task']['title']}（{line['jurisdiction_name']}）"


def _problem(problem: Json) -> list[str]:
    return [
        problem["title"],
        problem["raiser"]["name"],
        problem["addressee"]["name"],
        due(problem["answer_due"]),
        mark(PROBLEM_STATES, problem["state"]).words[0],
    ]


def _order(order: Json) -> list[str]:
    state = mark(ORDER_STATES, order["state"]).words[0]
    return [order["number"] or "未编号", order["title"], order["lead"]["name"], due(order["deadline"]), state]


def _next_steps(lines: Sequence[Json]) -> Iterator[Block]:
    """What was reported as next of each line that is late or at risk."""
    told = [
        (line, _short(line["latest_report"]["next_steps"]))
        for line in lines
        if line["latest_report"] and line["latest_report"]["next_steps"]
    ]
    for number, (line, steps) in enumerate(told, 1):
        yield Block(Style.TEXT, f"{marker(3, number)}{line['task']['title']}（{line['jurisdiction_name']}）：{steps}")
    if not told:
        none = "逾期和预警事项最近的填报中没有写明下一步打算。" if lines else "没有逾期和预警事项。"
        yield Block(Style.TEXT, none)


def _short(text: str) -> str:
    told = "".join(text.split("\n"))
    return told if len(told) <= MOST_TEXT else f"{told[:MOST_TEXT]}…"
