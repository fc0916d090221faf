"""Whom the news of innovation cases (创新案例) and of their replication (复制推广) are for, and their words. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from notify import audiences
from notify.inbox.texts import Texts, clause, clause_en, english, quoted

Json = Mapping[str, Any]
Told = tuple[str, Texts]
"""An audience and what it is told."""
LEVELS = {
    "zone": ("片区级", "zone level"),
    "provincial": ("省级", "provincial level"),
    "recommended": ("省级并推荐国家层面推广", "provincial level, recommended to the nation"),
}
UNANSWERED = "unanswered"


def told(happened: str, data: Json) -> list[Told]:
    """What an event tells to whom; nothing for events that nobody is told of."""
    teller = _TELLERS.get(happened)
    return list(teller(data)) if teller else []


def zone(data: Json) -> str:
    """The zone whose matter the event is."""
    return str((data.get("replication") or data["case"])["zone"])


def href(data: Json, audience: str) -> str:
    """The case; the list for those who read it no more: who was to score it, or had not answered."""
    case = data["replication"]["case"] if "replication" in data else data["case"]
    gone = [audiences.unit(str(unit["code"])) for unit in data.get("units") or () if case.get("state") == "draft"]
    gone += [audiences.zone(zone["code"]) for zone in data.get("zones") or () if _unanswered(zone)]
    return "/cases" if audience in gone else f"/cases/{case['id']}"


def _unanswered(zone: Json) -> bool:
    return zone.get("replication") == UNANSWERED


def _submitted(data: Json) -> Iterator[Told]:
    case, title = data["case"], quoted(str(data["case"]["title"]))
    yield (
        audiences.PROVINCE,
        Texts(
            f"{case['zone_name']}申报创新案例：{case['title']}",
            f"{case['zone_name']}申报了创新案例{title}，请组织评审。",
            f"Case submitted: {case['title']}",
            f"{english(case['zone'])} has submitted the innovation case {title}. Please have it evaluated.",
        ),
    )


def _invited(data: Json) -> Iterator[Told]:
    case, title, due = data["case"], quoted(str(data["case"]["title"])), data.get("due")
    until, until_en = (f"于 {due} 前", f" by {due}") if due else ("", "")
    for unit in data["units"]:
        yield (
            audiences.unit(unit["code"]),
            Texts(
                f"请评审创新案例：{case['title']}",
                f"省自贸办邀请贵单位评审{case['zone_name']}的创新案例{title}，请{until}填写评分表。",
                f"Please score a case: {case['title']}",
                f"The provincial office asks your unit to score the case {title} of {english(case['zone'])}{until_en}.",
            ),
        )


def _approved(data: Json) -> Iterator[Told]:
    case, title = data["case"], quoted(str(data["case"]["title"]))
    level, level_en = LEVELS.get(str(case["level"]), (case["level"], case["level"]))
    yield (
        audiences.zone(case["zone"]),
        Texts(
            f"创新案例已认定：{case['title']}",
            f"省自贸办认定创新案例{title}为{level}制度创新成果。",
            f"Case approved: {case['title']}",
            f"The provincial office has approved the case {title}: {level_en}.",
        ),
    )


def _returned(data: Json) -> Iterator[Told]:
    """By the province; what its zone has withdrawn itself is a draft again, and the province learns of it."""
    if data["case"]["state"] == "draft":
        yield _withdrawn(data)
        yield from _not_to_be_scored(data)
        return
    yield _refused(data, ("已退回", "returned"), ("请修改完善后重新申报。", " Please revise and submit it again."))


def _rejected(data: Json) -> Iterator[Told]:
    """Or taken from the public list, later."""
    if data["case"]["state"] == "retracted":
        yield _retracted(data)
        yield from _not_to_be_taken_over(data)
        return
    yield _refused(data, ("不予认定", "rejected"), ("", ""))


def _retracted(data: Json) -> Told:
    case, title, reason = data["case"], quoted(str(data["case"]["title"])), str(data["reason"])
    return (
        audiences.zone(case["zone"]),
        Texts(
            f"创新案例已撤下：{case['title']}",
            f"省自贸办已将创新案例{title}从公开名单中撤下{clause('原因', reason)}",
            f"Case taken down: {case['title']}",
            f"The provincial office has taken the case {title} from the public list.{clause_en('Reason', reason)}",
        ),
    )


def _withdrawn(data: Json) -> Told:
    case, title, reason = data["case"], quoted(str(data["case"]["title"])), str(data["reason"])
    return (
        audiences.PROVINCE,
        Texts(
            f"{case['zone_name']}撤回创新案例：{case['title']}",
            f"{case['zone_name']}撤回了创新案例{title}的申报{clause('原因', reason)}",
            f"Case withdrawn: {case['title']}",
            f"{english(case['zone'])} has withdrawn the case {title}.{clause_en('Reason', reason)}",
        ),
    )


def _not_to_be_scored(data: Json) -> Iterator[Told]:
    """Those who have scored what its zone has withdrawn, or were asked to."""
    case, title, reason = data["case"], quoted(str(data["case"]["title"])), str(data["reason"])
    for unit in data.get("units") or ():
        yield (
            audiences.unit(str(unit["code"])),
            Texts(
                f"创新案例评审终止：{case['title']}",
                f"{case['zone_name']}撤回了创新案例{title}的申报，评审随之终止，贵单位无须再评分"
                f"{clause('原因', reason)}",
                f"Evaluation ended: {case['title']}",
                f"{english(case['zone'])} has withdrawn the case {title}. Its evaluation has ended; there is nothing"
                f" left to score.{clause_en('Reason', reason)}",
            ),
        )


_TAKEN_DOWN = {
    UNANSWERED: ("贵片区无须再答复是否采用", "Your answer is no longer needed."),
    "adopted": ("贵片区已落地的做法请结合撤下原因研究是否调整", "Please review what you have taken over."),
}
_NOT_TO_GO_ON = ("贵片区不再复制推广", "Please do not go on with taking it over.")


def _not_to_be_taken_over(data: Json) -> Iterator[Told]:
    """The zones that take over what was retracted, did, or were asked to."""
    case, title, reason = data["case"], quoted(str(data["case"]["title"])), str(data["reason"])
    for zone in data.get("zones") or ():
        then, then_en = _TAKEN_DOWN.get(zone["replication"], _NOT_TO_GO_ON)
        yield (
            audiences.zone(zone["code"]),
            Texts(
                f"创新案例已撤下：{case['title']}",
                f"省自贸办已将{case['zone_name']}的创新案例{title}从公开名单中撤下，{then}{clause('原因', reason)}",
                f"Case taken down: {case['title']}",
                f"The provincial office has taken the case {title} of {english(case['zone'])} from the public list."
                f" {then_en}{clause_en('Reason', reason)}",
            ),
        )


def _refused(data: Json, what: tuple[str, str], then: tuple[str, str]) -> Told:
    case, title, reason = data["case"], quoted(str(data["case"]["title"])), str(data["reason"])
    return (
        audiences.zone(case["zone"]),
        Texts(
            f"创新案例{what[0]}：{case['title']}",
            f"省自贸办对创新案例{title}{what[0]}{clause('原因', reason)}{then[0]}",
            f"Case {what[1]}: {case['title']}",
            f"The provincial office has {what[1]} the case {title}.{clause_en('Reason', reason)}{then[1]}",
        ),
    )


def _published(data: Json) -> Iterator[Told]:
    """The zone of origin learns that it was published; the others are asked to take it over."""
    case, title = data["case"], quoted(str(data["case"]["title"]))
    yield (
        audiences.zone(case["zone"]),
        Texts(
            f"创新案例已发布：{case['title']}",
            f"创新案例{title}已向社会公开发布。",
            f"Case published: {case['title']}",
            f"The case {title} has been published.",
        ),
    )
    for asked in data["zones"]:
        yield (
            audiences.zone(asked["code"]),
            Texts(
                f"请复制推广创新案例：{case['title']}",
                f"{case['zone_name']}的创新案例{title}已发布，请结合实际答复是否采用；不采用的请说明原因。",
                f"Please take over a case: {case['title']}",
                f"The case {title} of {english(case['zone'])} has been published. Adopt it, or say why not.",
            ),
        )


_STEPS = {
    "planned": ("将采用", "will take over"),
    "under_way": ("已启动推广", "has begun to take over"),
    "adopted": ("已落地", "has taken over"),
    "declined": ("不采用", "does not take over"),
}


def _replicated(data: Json) -> Iterator[Told]:
    """The province and the zone of origin, whose credit it is."""
    said = data["replication"]
    case, title = said["case"], quoted(str(said["case"]["title"]))
    what, what_en = _STEPS[said["state"]]
    reason = str(said.get("reason") or "")
    texts = Texts(
        f"{said['zone_name']}{what}创新案例：{case['title']}",
        f"{said['zone_name']}{what}{case['zone_name']}的创新案例{title}{clause('原因', reason)}",
        f"Replication: {case['title']}",
        f"{english(said['zone'])} {what_en} the case {title} of {english(case['zone'])}.{clause_en('Reason', reason)}",
    )
    yield audiences.PROVINCE, texts
    yield audiences.zone(case["zone"]), texts


def _reminded(data: Json) -> Iterator[Told]:
    """A zone that has not answered; or, and the province with it, one that is late with what it agreed to."""
    said = data["replication"]
    case, title = said["case"], quoted(str(said["case"]["title"]))
    if said["state"] != "unanswered":
        yield from _late(said, title)
        return
    yield (
        audiences.zone(said["zone"]),
        Texts(
            f"请答复是否采用创新案例：{case['title']}",
            f"{case['zone_name']}的创新案例{title}发布已久，贵片区尚未答复，请答复是否采用；不采用的请说明原因。",
            f"Please answer: {case['title']}",
            f"The case {title} of {english(case['zone'])} still waits for your answer. Adopt it, or say why not.",
        ),
    )


def _late(said: Json, title: str) -> Iterator[Told]:
    case, due = said["case"], said["due"]
    for audience, then, then_en in (
        (audiences.zone(said["zone"]), "请抓紧推进，落地后填报成效。", "Please go on with it, and note its result."),
        (audiences.PROVINCE, "请予督促。", "Please urge it."),
    ):
        yield (
            audience,
            Texts(
                f"复制推广逾期：{case['title']}",
                f"{said['zone_name']}计划于 {due} 前落地{case['zone_name']}的创新案例{title}，现已逾期，{then}",
                f"Replication overdue: {case['title']}",
                f"{english(said['zone'])} meant to take over the case {title} by {due}. {then_en}",
            ),
        )


def _escalated(data: Json) -> Iterator[Told]:
    said = data["replication"]
    case, title = said["case"], quoted(str(said["case"]["title"]))
    yield (
        audiences.PROVINCE,
        Texts(
            f"{said['zone_name']}长期未答复复制推广：{case['title']}",
            f"{said['zone_name']}经提醒仍未答复是否采用{case['zone_name']}的创新案例{title}，请予督促。",
            f"No answer: {case['title']}",
            f"{english(said['zone'])} was reminded and has not answered whether it takes over the case {title}.",
        ),
    )


_TELLERS: Mapping[str, Callable[[Json], Iterator[Told]]] = {
    "case.submitted": _submitted,
    "case.invited": _invited,
    "case.approved": _approved,
    "case.returned": _returned,
    "case.rejected": _rejected,
    "case.published": _published,
    **dict.fromkeys((f"replication.{state}" for state in _STEPS), _replicated),
    "replication.reminded": _reminded,
    "replication.escalated": _escalated,
}
HAPPENED = (*_TELLERS, "case.scored", "case.concluded")
