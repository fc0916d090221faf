"""The task breakdown table (任务分解表): what the notice demands, who does it until when, and how it stands. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from chassis.documents import Block, Column, Style, Table, day, marker
from portal.web.words import LIGHTS, PLAN_KINDS, STATES, mark

Json = Mapping[str, Any]
TITLE = "中国（安徽）自由贸易试验区专项推进行动计划任务分解表"
NUMBER, TASK, UNITS, DUE = "序号", "任务", "责任单位", "完成时限"
COLUMNS = (Column(NUMBER, 12, centred=True), Column(TASK, 66), Column(UNITS, 54), Column(DUE, 24, centred=True))
STANDING = (
    Column(NUMBER, 12, centred=True),
    Column(TASK, 48),
    Column(UNITS, 40),
    Column(DUE, 22, centred=True),
    Column("进展情况", 34),
)
"""The columns where the reader sees how the tasks stand."""
NONE = "—"


def parts(tasks: Sequence[Json], lines: Iterable[Json] | None, today: date) -> Iterator[Block | Table]:
    """``tasks`` by plan and number; ``lines`` are those that the reader sees of them, None for who sees none."""
    standing = None if lines is None else by_task(lines)
    yield Block(Style.TITLE, TITLE)
    yield Block(Style.NUMBER, f"（{day(today)}）")
    said = "" if standing is None else f"进展情况截至{day(today)}，按辖区列出状态、完成比例和亮灯。"
    yield Block(Style.TEXT, f"本表共列任务{len(tasks)}项，责任单位中标明“牵头”的为牵头单位。{said}")
    for first, (kind, of_kind) in enumerate(groupby(tasks, lambda task: str(task["plan"]["kind"])), 1):
        yield Block(Style.FIRST, marker(1, first) + PLAN_KINDS.get(kind, (kind, kind))[0])
        for second, (name, own) in enumerate(groupby(of_kind, lambda task: str(task["plan"]["name"])), 1):
            rows = [_row(task, standing) for task in own]
            yield Block(Style.SECOND, f"{marker(2, second)}{name}（{len(rows)}项）")
            yield Table(COLUMNS if standing is None else STANDING, rows)


def by_task(lines: Iterable[Json]) -> dict[str, list[str]]:
    """How each task stands in each jurisdiction, by the task's code."""
    told: dict[str, list[str]] = {}
    for line in lines:
        told.setdefault(line["task"]["code"], []).append(f"{line['jurisdiction_name']}：{stands(line)}")
    return told


def stands(line: Json) -> str:
    """``推进中，40%，正常``."""
    return f"{mark(STATES, line['state']).words[0]}，{line['percent']}%，{mark(LIGHTS, line['light']).words[0]}"


def _row(task: Json, standing: Mapping[str, Sequence[str]] | None) -> list[str]:
    units = (
        f"{each['unit']['name']}{'（牵头）' if each['role'] == 'lead' else ''}" for each in task["responsibilities"]
    )
    row = [str(task["number"]), task["title"], "、".join(units), due(task["due"])]
    return row if standing is None else [*row, "\n".join(standing.get(task["code"], (NONE,)))]


def due(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else "未定"
