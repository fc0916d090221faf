"""The news of orders (督办单) and problems (需协调问题): whom a step concerns, and in which words. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notify import audiences
from notify.inbox.texts import Texts, clause, clause_en, quoted

LEVEL_FOR_ALL = 2
"""Urgings from this level on are told to the province and to members, too."""
ORDER_STEPS: Mapping[str, tuple[str, str, str]] = {
    "issued": ("交办督办单{}", "请及时签收并按时办理", "Order issued"),
    "signed": ("签收督办单{}", "请知悉", "Order signed for"),
    "replied": ("反馈督办单{}办理情况", "请知悉", "Reply on an order"),
    "urged": ("催办督办单{}", "请抓紧办理并反馈", "Order urged"),
    "extension_asked": ("申请督办单{}延期", "请审批", "More time asked for an order"),
    "extension_approved": ("同意督办单{}延期", "请按新的时限办理", "More time given for an order"),
    "extension_refused": ("不同意督办单{}延期", "请按原时限办理", "More time refused for an order"),
    "applied": ("申请督办单{}办结", "请审核", "Order reported as done"),
    "returned": ("退回督办单{}", "请继续办理后重新申请办结", "Order returned"),
    "concluded": ("审核通过督办单{}，予以办结", "请知悉", "Order concluded"),
    "verified": ("核验督办单{}", "请知悉", "Order verified"),
    "closed": ("将督办单{}销号", "请知悉", "Order closed"),
    "revoked": ("撤销督办单{}", "不再办理", "Order revoked"),
}
PROBLEM_STEPS: Mapping[str, tuple[str, str, str]] = {
    "raised": ("提出需协调问题{}", "请按时答复", "Problem raised"),
    "answered": ("答复协调问题{}", "请确认是否解决", "Problem answered"),
    "followed_up": ("追问协调问题{}", "请按时答复", "Problem asked about again"),
    "due_soon": ("提醒协调问题{}临近答复时限", "请按时答复", "Answer to a problem due soon"),
    "overdue": ("提醒协调问题{}已逾期未答复", "请尽快答复", "Answer to a problem overdue"),
    "long_overdue": ("提示协调问题{}久拖未复", "请研究提请领导小组协调", "Problem not answered for long"),
    "escalated": ("将协调问题{}提请领导小组协调", "请知悉", "Problem taken to the leading group"),
    "settled": ("确认协调问题{}已解决", "请知悉", "Problem settled"),
    "withdrawn": ("撤回协调问题{}", "请知悉", "Problem withdrawn"),
}
"""What is done, with the place of its name, what readers whose turn it is are asked to do, and the English title."""
TURN = {
    **dict.fromkeys(("extension_asked", "applied"), "province"),
    **dict.fromkeys(("issued", "urged", "extension_approved", "extension_refused", "returned"), "lead"),
    **dict.fromkeys(("raised", "followed_up", "due_soon", "overdue"), "addressee"),
    "long_overdue": "province",
    "answered": "raiser",
    "revoked": "all",
}
"""Whose turn it is after a step; for others it is news."""


@dataclass(frozen=True)
class News:
    """What one audience is told of an order or a problem."""

    audience: str
    texts: Texts


def of_order(happened: str, data: Mapping[str, Any]) -> Iterator[News]:
    """The lead office and the province are told of everything, members of what changes the order; nobody of what its
    own office did.
    """
    order, step = data["order"], data["step"]
    what, lead = happened.partition(".")[2], str(order["lead"]["office"])
    members = [str(member["office"]) for member in order["members"]]
    for audience in _told_of_order(what, step, lead, members):
        reader = {audiences.PROVINCE: "province", lead: "lead"}.get(audience, "member")
        name = f"{quoted(order['title'])}{order['number']}"
        yield News(audience, _texts(ORDER_STEPS[what], order["title"], name, step, TURN.get(what) in (reader, "all")))


def _told_of_order(what: str, step: Mapping[str, Any], lead: str, members: Sequence[str]) -> list[str]:
    own = str(step["office"])
    told = [lead, audiences.PROVINCE, *members]
    if what == "urged" and int(step["level"] or 0) < LEVEL_FOR_ALL:
        told = [lead]
    elif what in ("signed", "replied", "extension_asked", "applied"):
        told = [lead, audiences.PROVINCE]
    return [audience for audience in told if audience != own]


def of_problem(happened: str, data: Mapping[str, Any]) -> Iterator[News]:
    """Those who raised it, those who are asked, the province and the zone of its line are told of every step; those who
    are asked of the day of their answer, those who raised it of one that is over.
    """
    problem, step, what = data["problem"], data["step"], happened.partition(".")[2]
    raiser, addressee = str(problem["raiser"]["office"]), str(problem["addressee"]["office"])
    roles = {audiences.PROVINCE: "province", raiser: "raiser", addressee: "addressee"}
    urged = {"due_soon": (addressee,), "overdue": (addressee, raiser)}
    for audience in urged.get(what, concerned_by_problem(problem)):
        if audience != step["office"]:
            turn = TURN.get(what) == roles.get(audience, "none")
            yield News(audience, _texts(PROBLEM_STEPS[what], problem["title"], quoted(problem["title"]), step, turn))


def concerned_by_problem(problem: Mapping[str, Any]) -> tuple[str, ...]:
    told = [audiences.PROVINCE, str(problem["raiser"]["office"]), str(problem["addressee"]["office"])]
    if problem["line_id"] and problem["jurisdiction"] != "province":
        told.append(audiences.zone(str(problem["jurisdiction"])))
    return tuple(dict.fromkeys(told))


def _texts(words: tuple[str, str, str], title: str, name: str, step: Mapping[str, Any], turn: bool) -> Texts:
    done, asked, english = words
    by = "系统自动" if step["office"] == "clock" else str(step["office_name"])
    by_en = "" if step["office"] == "clock" else f" by {step['office_name']}"
    level = f"（{step['level']} 级）" if step.get("level") else ""
    said = str(step.get("text") or "").strip()
    closing = asked if turn else "请知悉"
    return Texts(
        f"{by}{done.format('')}{level}：{title}",
        f"{by}{done.format(name)}{level}{clause('说明', said)}{closing}。",
        f"{english}: {title}",
        f"{english}{by_en}: {quoted(title)}.{clause_en('Remark', said)}",
    )
