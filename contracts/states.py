"""The picture of who may move which thing where: ``docs/states.md``, drawn from the tables of the rules."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts.tables import TABLES, Table

FILE = Path(__file__).parents[1] / "docs" / "states.md"
HEADING = """# 各类事项的状态 · States of things

由 `make contracts` 按 `services/*/src/` 下各 `rules.py` 中的表生成，不要手工修改。
表中没有的操作，任何人都不能进行。推进事项的有些操作还须有待审的填报、已安排的节点或待批的延期；报告期锁定后，填报只有省自贸办能够重新开放。

Drawn by `make contracts` from the tables in these files. What is not here, nobody may do. Of lines, some actions
also need a report to decide on, milestones or an extension; after a period's lock only the province can open a
filing again.
"""


def document() -> str:
    return "\n".join([HEADING, *(row for table in TABLES.values() for row in _drawn(table))])


def _drawn(table: Table) -> Iterator[str]:
    acting = [who for who in table.capacities if any(table.allowed(state, who) for state in table.states)]
    yield f"## {table.title}\n"
    if table.pictured:
        yield from _picture(table)
    yield f"| 状态 | {' | '.join(table.capacities[who] for who in acting)} |"
    yield f"|---|{'---|' * len(acting)}"
    for state, word in table.states.items():
        cells = (_cell(table, state, table.steps.get(state, {}).get(who, {})) for who in acting)
        yield f"| {word} `{state}` | {' | '.join(cells)} |"
    yield ""


def _picture(table: Table) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2"
    yield from (f"    {code}: {word}" for code, word in table.states.items())
    yield f"    [*] --> {next(iter(table.states))}"
    moves = dict.fromkeys(
        (source, move, goal)
        for source, capacities in table.steps.items()
        for steps in capacities.values()
        for move, goal in steps.items()
    )
    yield from (f"    {source} --> {goal}: {table.actions[move]}" for source, move, goal in moves)
    yield from (f"    {code} --> [*]" for code, by_who in table.steps.items() if not any(by_who.values()))
    yield "```\n"


def _cell(table: Table, state: str, steps: Mapping[str, str]) -> str:
    return "<br>".join(
        table.actions[move] + ("" if steps[move] == state else f" → {table.states[steps[move]]}") for move in steps
    )


def write() -> None:
    FILE.write_text(document(), "utf-8")
