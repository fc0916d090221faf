"""The words of orders (督办单): what can be done with one, and what happened to it."""

from collections.abc import Mapping

from portal.web.steps import Act, Field, Made
from portal.web.words import Both

ACTS: Mapping[str, Act] = {
    "issue": Act(
        "issuance",
        ("交办", "Issue"),
        ("督办单已交办", "The order is issued"),
        "send",
        fields=(
            Field("sign_due", ("签收时限", "To be signed for by"), "day"),
            Field("text", ("交办意见（可选）", "Remark (optional)"), required=False),
        ),
    ),
    "sign": Act("receipt", ("签收", "Sign for it"), ("已签收", "Signed for"), "check"),
    "reply": Act(
        "replies",
        ("办理反馈", "Tell how far it is"),
        ("反馈已提交", "The reply is sent"),
        "edit",
        fields=(Field("text", ("办理情况", "How far it is")),),
    ),
    "extend": Act(
        "extension",
        ("申请延期", "Ask for more time"),
        ("延期申请已提交", "More time is asked for"),
        "calendar-due",
        fields=(
            Field("deadline", ("延期至", "New deadline"), "day"),
            Field("text", ("延期原因", "Cause")),
        ),
    ),
    "apply": Act(
        "application",
        ("申请办结", "Report as done"),
        ("办结申请已提交，等待审核", "It is reported as done"),
        "checks",
        fields=(Field("text", ("办理结果", "What was done")),),
    ),
    "approve_extension": Act(
        "extension/approval", ("同意延期", "Give more time"), ("已同意延期", "More time is given"), "check"
    ),
    "refuse_extension": Act(
        "extension/refusal",
        ("不同意延期", "Refuse more time"),
        ("未同意延期", "More time is refused"),
        "x",
        "btn-danger",
        (Field("text", ("原因", "Reason")),),
    ),
    "conclude": Act("conclusion", ("审核通过，予以办结", "Accept"), ("已办结，待核验", "It is concluded"), "check"),
    "return": Act(
        "return",
        ("退回", "Return"),
        ("已退回", "It is returned"),
        "arrow-back-up",
        "btn-danger",
        (Field("text", ("退回原因", "Reason")),),
    ),
    "verify": Act(
        "verification",
        ("核验", "Verify"),
        ("已核验，待销号", "It is verified"),
        "search",
        fields=(Field("text", ("核验情况", "What the verification has shown")),),
    ),
    "close": Act(
        "closure",
        ("销号", "Close"),
        ("已销号", "It is closed"),
        "checks",
        fields=(
            Field("evidence", ("销号依据", "Evidence")),
            Field("text", ("说明（可选）", "Remark (optional)"), required=False),
        ),
    ),
    "urge": Act(
        "urgings",
        ("催办", "Urge"),
        ("已催办", "The office is urged"),
        "bell",
        "btn-warning",
        (Field("text", ("催办意见（可选）", "Remark (optional)"), required=False),),
    ),
    "revoke": Act(
        "revocation",
        ("撤销", "Revoke"),
        ("督办单已撤销", "The order is revoked"),
        "x",
        "btn-danger",
        (Field("text", ("撤销原因", "Reason")),),
    ),
}

MADE: Mapping[str, Made] = {
    "registered": Made(("立项", "Registered"), "plus", "grey"),
    "issued": Made(("交办", "Issued"), "send", "azure"),
    "signed": Made(("签收", "Signed for"), "check", "azure"),
    "replied": Made(("办理反馈", "Reply"), "edit", "azure"),
    "urged": Made(("催办", "Urged"), "bell", "yellow"),
    "extension_asked": Made(("申请延期", "More time asked for"), "calendar-due", "purple"),
    "extension_approved": Made(("同意延期", "More time given"), "circle-check", "green"),
    "extension_refused": Made(("不同意延期", "More time refused"), "x", "red"),
    "applied": Made(("申请办结", "Reported as done"), "send", "purple"),
    "returned": Made(("退回", "Returned"), "arrow-back-up", "red"),
    "concluded": Made(("办结", "Concluded"), "circle-check", "green"),
    "verified": Made(("核验", "Verified"), "search", "green"),
    "closed": Made(("销号", "Closed"), "checks", "blue"),
    "revoked": Made(("撤销", "Revoked"), "x", "grey"),
}


def day_words(what: str) -> Both:
    """What the day of an entry means."""
    return ("签收时限：", "To be signed for by ") if what == "issued" else ("延期至：", "New deadline: ")
