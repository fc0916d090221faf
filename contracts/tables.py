"""The tables of all rules about who may do what with a thing in which state, brought into one shape."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.manuscripts import rules as manuscripts
from progress.assessment import rules as assessments
from progress.bulletins import rules as bulletins
from progress.cases import rules as cases
from progress.filings import rules as filings
from progress.indicators import rules as indicators
from progress.lines import rules as lines
from progress.meetings import rules as meetings
from progress.orders import rules as orders
from progress.problems import rules as problems
from progress.replications import rules as replications
from progress.workflow import Workflow

Steps = Mapping[Any, Mapping[Any, Mapping[Any, str]]]
"""By state and capacity the actions, each with the state that it leads to."""
PROVINCE, OFFICE = "all", "tenant"
"""How rules that go by scope call the province, and an office."""


@dataclass(frozen=True)
class Table:
    """``actions`` and ``capacities`` with their Chinese words, in the order in which they are shown; a capacity that
    may do nothing is a reader. ``states`` likewise, the first one where a thing begins. ``pictured``: steps alone say
    where it goes.
    """

    title: str
    states: Mapping[str, str]
    capacities: Mapping[str, str]
    actions: Mapping[str, str]
    steps: Steps
    pictured: bool = True

    def allowed(self, state: str, capacity: str) -> list[str]:
        steps = self.steps.get(state, {}).get(capacity, {})
        return [action for action in self.actions if action in steps]

    def ways(self, capacities: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """By state who of these does what to lead there from the beginning, as few steps as can be."""
        found: dict[str, list[tuple[str, str]]] = {next(iter(self.states)): []}
        for known in (following := list(found)):
            for capacity, action, goal in self._following(known):
                if capacity in capacities and goal not in found:
                    found[goal] = [*found[known], (capacity, action)]
                    following.append(goal)
        return found

    def _following(self, state: str) -> Iterator[tuple[str, str, str]]:
        for capacity, steps in self.steps.get(state, {}).items():
            yield from ((capacity, action, goal) for action, goal in steps.items())


def listed(kind: type[StrEnum]) -> dict[str, str]:
    """The Chinese words of an enumeration, which its docstring lists in the order of its members."""
    words = (kind.__doc__ or "").rpartition(":")[2].strip(" .\n").split("、")
    return {str(member): word for member, word in zip(kind, words, strict=True)}


def _named(kind: type[StrEnum], *words: str) -> dict[str, str]:
    return {str(member): word for member, word in zip(kind, words, strict=True)}


def _of_workflow(
    title: str,
    workflow: Workflow[orders.State, orders.Capacity, orders.Action]
    | Workflow[problems.State, problems.Capacity, problems.Action],
    state: type[StrEnum],
    capacity: type[StrEnum],
    action: type[StrEnum],
) -> Table:
    return Table(title, listed(state), listed(capacity), listed(action), workflow.table)


def _place(action: Any) -> int:
    """Where an action stands among all of its kind; tables that are sets have no order."""
    return [*type(action).__members__.values()].index(action)


def _steps(
    states: Iterable[str], allowed: Mapping[Any, Mapping[Any, Iterable[str]]], goals: Mapping[Any, str]
) -> Steps:
    """``allowed``: actions by state and capacity; those without a goal leave a thing in its state."""
    return {
        state: {
            capacity: {str(action): str(goals.get(action, state)) for action in sorted(actions, key=_place)}
            for capacity, actions in allowed.get(state, {}).items()
        }
        for state in states
    }


def _filings() -> Table:
    goals = {action: move.to for action, move in filings.MOVES.items() if move.to}
    allowed = {
        state: {who: filings.actions(who, state, filings.Hold.NONE) for who in filings.Capacity}
        for state in filings.State
    }
    return Table(
        "填报 Filings",
        listed(filings.State),
        _named(filings.Capacity, "省自贸办", "本单位审核人", "填报人", "配合单位", "其他人"),
        _named(
            filings.Action,
            *("填写", "提交配合情况", "提交", "撤回", "答复核查", "审核报送", "退回修改", "取消报送"),
            *("接收", "取消接收", "审定", "退回", "重新开放", "历史数据接管"),
        ),
        _steps(filings.State, allowed, goals),
    )


def _by_scope(given: Mapping[Any, Iterable[str]], states: Iterable[str]) -> Mapping[str, Mapping[str, Iterable[str]]]:
    return {state: {scope: given.get((scope, state), ()) for scope in (PROVINCE, OFFICE)} for state in states}


def _indicators() -> Table:
    allowed: dict[str, dict[str, Iterable[str]]] = {
        state: {PROVINCE: actions} for state, actions in indicators.DEFINING.items()
    }
    allowed[indicators.Status.CONFIRMED][OFFICE] = [indicators.Action.RECORD]
    goals = {indicators.Action.CONFIRM: "confirmed", indicators.Action.WITHDRAW: "withdrawn"}
    return Table(
        "指标 Indicators",
        listed(indicators.Status),
        SCOPES,
        _named(indicators.Action, "修改", "下达目标", "启用", "停用", "填报数值"),
        _steps(indicators.Status, allowed, goals),
    )


def _lines() -> Table:
    """What may be done in a state at all: a report to decide on, milestones or an extension may be needed too."""
    allowed = {
        state: {
            who: [
                action
                for action in lines.Action
                if any(
                    action in lines.actions(who, state, whose, timing)
                    for whose in lines.Awaiting
                    for timing in lines.Timing
                )
            ]
            for who in lines.Capacity
        }
        for state in lines.State
    }
    return Table(
        "推进事项 Lines",
        listed(lines.State),
        _named(lines.Capacity, "省自贸办", "片区", "省级事项牵头单位", "片区事项牵头单位", "其他人"),
        _named(
            lines.Action,
            *("填报", "确认", "退回", "审核", "暂停", "恢复", "安排进度", "完成节点"),
            *("申请延期", "同意延期", "不同意延期", "调整时限"),
        ),
        _steps(lines.State, allowed, {lines.Action.SUSPEND: lines.State.SUSPENDED}),
        pictured=False,
    )


SCOPES = {PROVINCE: "省自贸办", OFFICE: "片区、责任单位"}
TABLES: Mapping[str, Table] = {
    "manuscript": Table(
        "编制稿 Manuscripts",
        listed(manuscripts.Status),
        listed(manuscripts.Capacity),
        listed(manuscripts.Action),
        manuscripts.TABLE,
    ),
    "line": _lines(),
    "filing": _filings(),
    "order": _of_workflow("督办单 Orders", orders.WORKFLOW, orders.State, orders.Capacity, orders.Action),
    "problem": _of_workflow("协调问题 Problems", problems.WORKFLOW, problems.State, problems.Capacity, problems.Action),
    "meeting": Table(
        "会议 Meetings",
        listed(meetings.MeetingStatus),
        SCOPES,
        _named(meetings.MeetingAction, "修改", "登记已召开", "录入议定事项"),
        _steps(
            meetings.MeetingStatus,
            _by_scope(meetings.MEETINGS, meetings.MeetingStatus),
            {meetings.MeetingAction.CONCLUDE: meetings.MeetingStatus.HELD},
        ),
    ),
    "decision": Table(
        "议定事项 Decisions",
        listed(meetings.Status),
        SCOPES,
        _named(meetings.Action, "记入事项", "转督办单", "建议列入目录", "办结"),
        _steps(meetings.Status, _by_scope(meetings.DECISIONS, meetings.Status), meetings.LEADS_TO),
    ),
    "case": Table(
        "创新案例 Cases",
        listed(cases.State),
        _named(cases.Capacity, "所属片区", "省自贸办", "评审单位", "其他人"),
        _named(
            cases.Action,
            "修改",
            "申报",
            "邀请评审",
            "打分",
            "结束评审",
            "认定",
            "退回",
            "不予认定",
            "发布",
            "撤回",
            "撤下",
        ),
        _steps(cases.State, cases.TABLE, cases.LEADS_TO),
    ),
    "replication": Table(
        "复制推广 Replications",
        listed(replications.State),
        _named(replications.Capacity, "采用片区", "其他人"),
        _named(replications.Action, "计划采用", "启动", "落地", "不采用"),
        _steps(replications.State, replications.TABLE, replications.LEADS_TO),
    ),
    "indicator": _indicators(),
    "bulletin": Table(
        "通报 Bulletins",
        listed(bulletins.Status),
        SCOPES,
        _named(bulletins.Action, "修改", "发布", "作废", "更正"),
        _steps(bulletins.Status, _by_scope(bulletins.MAY, bulletins.Status), bulletins.LEADS_TO),
    ),
    "assessment": Table(
        "考评 Assessments",
        listed(assessments.Status),
        {"province": "省自贸办", "office": "被考评单位"},
        _named(assessments.Action, "修改方案", "下发", "人工评分", "容错", "公示", "提出异议", "答复异议", "确定结果"),
        _steps(
            assessments.Status,
            {
                status: {who: by_status.get(status, ()) for who, by_status in assessments.TABLE.items()}
                for status in assessments.Status
            },
            {
                assessments.Action.ANNOUNCE: assessments.Status.ANNOUNCED,
                assessments.Action.PUBLISH: assessments.Status.PUBLISHED,
                assessments.Action.CLOSE: assessments.Status.FINAL,
            },
        ),
    ),
}
"""By the kind of thing."""
