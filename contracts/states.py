"""The picture of who may move orders and problems where: ``docs/states.md``, drawn from the tables of their rules."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from progress.orders import rules as orders
from progress.problems import rules as problems
from progress.workflow import Workflow

FILE = Path(__file__).parents[1] / "docs" / "states.md"
Kinds = tuple[type[StrEnum], type[StrEnum], type[StrEnum]]
HEADING = """# 督办单和协调问题的状态 · States of orders and problems

由 `make contracts` 按 `services/progress/src/progress/` 下 `orders/rules.py`、`problems/rules.py` 中的表生成，
不要手工修改。表中没有的操作，任何人都不能进行。

Drawn by `make contracts` from the tables in these files. What is not here, nobody may do.
"""


def words(kind: type[StrEnum]) -> dict[str, str]:
    """The Chinese words of an enumeration, which its docstring lists in the order of its members."""
    listed = (kind.__doc__ or "").rpartition(":")[2].strip(" .\n").split("、")
    return dict(zip(kind, listed, strict=True))


def document() -> str:
    parts = [
        HEADING,
        *_drawn("督办单 Orders", orders.WORKFLOW, (orders.State, orders.Capacity, orders.Action)),
        *_drawn("协调问题 Problems", problems.WORKFLOW, (problems.State, problems.Capacity, problems.Action)),
    ]
    return "\n".join(parts)


def _drawn(title: str, workflow: Workflow[Any, Any, Any], kinds: Kinds) -> Iterator[str]:
    state, capacity, action = (words(kind) for kind in kinds)
    acting = [each for each in kinds[1] if workflow.ever(each)]
    yield f"## {title}\n\n```mermaid\nstateDiagram-v2"
    yield from (f"    {code}: {word}" for code, word in state.items())
    yield f"    [*] --> {next(iter(state))}"
    moves = dict.fromkeys((source, move, goal) for source, _, steps in workflow.rows() for move, goal in steps.items())
    yield from (f"    {source} --> {goal}: {action[move]}" for source, move, goal in moves)
    yield from (f"    {code} --> [*]" for code, steps in workflow.table.items() if not steps)
    yield "```\n"
    yield f"| 状态 | {' | '.join(capacity[each] for each in acting)} |"
    yield f"|---|{'---|' * len(acting)}"
    for code, word in state.items():
        cells = (_cell(workflow.steps(code, each), action, state, code) for each in acting)
        yield f"| {word} `{code}` | {' | '.join(cells)} |"
    yield ""


def _cell(steps: Mapping[Any, Any], action: Mapping[str, str], state: Mapping[str, str], code: str) -> str:
    return "<br>".join(action[move] + ("" if goal == code else f" → {state[goal]}") for move, goal in steps.items())


def write() -> None:
    FILE.write_text(document(), "utf-8")
