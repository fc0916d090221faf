"""The words of problems (需协调问题): what can be done with one, and what happened to it."""

from collections.abc import Mapping

from portal.web.steps import Act, Field, Made
from portal.web.words import Both

ACTS: Mapping[str, Act] = {
    "answer": Act(
        "answers",
        ("答复", "Answer"),
        ("答复已提交", "The answer is sent"),
        "edit",
        fields=(Field("text", ("答复内容", "Answer")),),
    ),
    "settle": Act(
        "settlement",
        ("确认解决", "Mark as settled"),
        ("问题已解决", "The problem is settled"),
        "checks",
        fields=(Field("text", ("协调结果", "Outcome")),),
    ),
    "follow_up": Act(
        "follow-ups",
        ("继续追问", "Ask again"),
        ("已追问", "It is asked about again"),
        "arrow-back-up",
        fields=(
            Field("answer_due", ("新的答复时限", "Answer due"), "day"),
            Field("text", ("仍需解决的问题", "What is still open")),
        ),
    ),
    "escalate": Act(
        "escalation",
        ("提请领导小组协调", "Take it to the leading group"),
        ("已提请领导小组", "It is taken to the leading group"),
        "flag",
        "btn-warning",
        (Field("text", ("提请理由和建议", "Why, and what is proposed")),),
    ),
    "withdraw": Act(
        "withdrawal",
        ("撤回", "Withdraw"),
        ("问题已撤回", "The problem is withdrawn"),
        "x",
        "btn-danger",
        (Field("text", ("撤回原因", "Reason")),),
    ),
}

MADE: Mapping[str, Made] = {
    "raised": Made(("提出问题", "Raised"), "plus", "azure"),
    "answered": Made(("答复", "Answered"), "edit", "azure"),
    "followed_up": Made(("追问", "Asked again"), "arrow-back-up", "yellow"),
    "due_soon": Made(("提醒：临近答复时限", "Reminded: due soon"), "bell", "yellow"),
    "overdue": Made(("提醒：逾期未答复", "Reminded: overdue"), "clock-exclamation", "red"),
    "long_overdue": Made(("久拖未复，报省自贸办", "Overdue for long: listed to the provincial office"), "flag", "red"),
    "escalated": Made(("提请领导小组", "Taken to the leading group"), "flag", "purple"),
    "settled": Made(("解决", "Settled"), "checks", "blue"),
    "withdrawn": Made(("撤回", "Withdrawn"), "x", "grey"),
}


def day_words(what: str) -> Both:
    """What the day of an entry means; the same for all."""
    return "答复时限：", "Answer due "
