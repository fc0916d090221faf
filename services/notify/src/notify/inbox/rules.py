"""Which audiences an event concerns, and what each is told. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import SHANGHAI
from notify import audiences
from notify.inbox import (
    assessments,
    bulletins,
    cases,
    comments,
    handovers,
    indicators,
    manuscripts,
    meetings,
    periods,
    reminders,
    schedules,
    supervision,
    texts,
)
from notify.inbox.levels import Level
from notify.inbox.lines import PROVINCE, Line
from notify.inbox.texts import Texts

PREFIX = "zoneportal.progress."
CATALOG = "zoneportal.catalog."
_LATE = frozenset({"overdue", "long_overdue", "urged"})


@dataclass(frozen=True)
class Entry:
    """What one audience is told. A later entry with the same ``key`` adds to ``count`` when it is ``grouped``.

    ``thing`` is what it is about, where that is not what it leads to; ``level`` whom of an office it is for.
    """

    audience: str
    key: str
    kind: str
    tenant: str
    texts: Texts
    href: str
    grouped: bool = False
    thing: str = ""
    level: Level | None = None

    @property
    def about(self) -> str:
        return self.thing or self.href

    @property
    def late(self) -> bool:
        """Whether it tells of something overdue."""
        return self.kind.partition(".")[2] in _LATE


def entries(type_: str, event_id: str, time: datetime, data: Mapping[str, Any]) -> list[Entry]:
    """The entries that an event makes, at most one per audience; none for events that nobody is told of."""
    happened = type_.removeprefix(PREFIX).removeprefix(CATALOG).removesuffix(".v1")
    if happened in texts.GROUPED:
        return _grouped(happened, time, data)
    maker = _MAKERS.get(happened)
    return maker(happened, event_id, data) if maker else []


def changed_thing(type_: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and id of the thing that an event is about: ``("report", …)`` or ``("line", …)``; a comment shows on its
    line alone.
    """
    thing = type_.removeprefix(PREFIX).partition(".")[0]
    if thing == "comment":
        thing = "line"
    return thing, str(data[thing]["id"])


def concerned(data: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """Where the thing of an event belongs and the audiences whose pages show it; None for what is shown to readers of
    its news alone.
    """
    if "line" in data:
        line = Line.of(data["line"])
        return line.jurisdiction, line.audiences
    if "order" in data:
        order = data["order"]
        parties = [order["lead"], *order["members"]]
        return str(order["jurisdiction"]), (audiences.PROVINCE, *(str(party["office"]) for party in parties))
    if "problem" in data:
        return str(data["problem"]["jurisdiction"]), supervision.concerned_by_problem(data["problem"])
    if "case" in data or "replication" in data:
        invited = (audiences.unit(str(unit["code"])) for unit in data.get("units") or ())
        return cases.zone(data), (audiences.PROVINCE, audiences.zone(cases.zone(data)), *invited)
    if "indicator_value" in data or "missing_value" in data:
        return indicators.concerned(data.get("indicator_value") or data["missing_value"])
    return None


def _grouped(happened: str, time: datetime, data: Mapping[str, Any]) -> list[Entry]:
    """One entry for all lines of an edition that concern an audience; without an edition, for those of one day."""
    line = Line.of(data["line"])
    edition = data.get("edition")
    group = f"edition-{edition}" if edition is not None else f"day-{time.astimezone(SHANGHAI).date()}"
    return [
        Entry(
            audience=audience,
            key=f"{happened}/{group}",
            kind=happened,
            tenant=line.jurisdiction if audience == line.zone_audience else PROVINCE,
            texts=texts.grouped(happened, line.place, line.jurisdiction, edition, _role(line, audience)),
            href=f"/lines{_lines_of(audience)}",
            grouped=True,
            thing=f"lines/{group}",
        )
        for audience in line.audiences
    ]


def _lines_of(audience: str) -> str:
    kind, _, code = audience.partition(":")
    return {"zone": f"?jurisdiction={code}", "unit": f"?unit={code}"}.get(kind, "")


def _role(line: Line, audience: str) -> texts.Reader:
    if audience == audiences.PROVINCE:
        return texts.Reader.PROVINCE
    if audience == line.zone_audience:
        return texts.Reader.ZONE
    leads = any(audiences.unit(unit.code) == audience for unit in line.leads)
    return texts.Reader.LEAD if leads else texts.Reader.MEMBER


def _of_line(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    line = Line.of(data["line"])
    told = texts.line(happened, line.place, line.title, _text(data, "reason"))
    return [_single(audience, happened, event_id, line, told) for audience in line.audiences if _told(audience)]


def _told(audience: str) -> bool:
    """The province, which suspends and resumes, is not told of its own act."""
    return audience != audiences.PROVINCE


def _of_report(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    line, report = Line.of(data["line"]), data["report"]
    office = str(report.get("office") or line.zone_audience or line.lead_office)
    review = report.get("review") or {}
    reviewer = audiences.unit(str(review["unit"])) if review.get("unit") else line.lead_office
    actor = {"report.submitted": office, "report.reviewed": reviewer}.get(happened, audiences.PROVINCE)
    about = texts.Report(
        place=line.place,
        code=line.jurisdiction,
        title=line.title,
        by=line.office_name(office),
        percent=int(report["percent"]),
        finished=bool(report.get("finished")),
        reason=_text(report, "reason") or _text(report, "remark"),
        reviewer=line.office_name(reviewer),
        agrees=review.get("opinion") == "agree",
        opinion=_text(review, "remark"),
    )
    return [
        _single(audience, happened, event_id, line, told)
        for audience in line.audiences
        if audience != actor
        for told in [texts.report(happened, about, _role(line, audience), audience == office)]
    ]


def _of_assessment(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(audience, f"{happened}/{event_id}", happened, _tenant(audience), told, href)
        for audience, told, href in assessments.told(happened, data)
    ]


def _tenant(audience: str) -> str:
    kind, _, code = audience.partition(":")
    return code if kind == "zone" else PROVINCE


def _of_period(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    """Each office of the jurisdiction is told how much it owes."""
    period, tenant, key = data["period"], str(data["jurisdiction"]), f"{happened}/{event_id}"
    return [
        Entry(
            str(each["office"]),
            key,
            happened,
            tenant,
            periods.period(happened, period, int(each["filings"])),
            f"/periods/{period['id']}",
        )
        for each in data["offices"]
    ]


def _of_filing(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    line, filing = Line.of(data["line"]), data["filing"]
    told = periods.filing(happened, line.title, str(data["period"]["title"]), _text(data, "remark"))
    href = f"/filings/{filing['id']}"
    return [Entry(str(filing["office"]), f"{happened}/{event_id}", happened, line.jurisdiction, told, href)]


def _of_case(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(audience, f"{happened}/{event_id}", happened, cases.zone(data), told, cases.href(data, audience))
        for audience, told in cases.told(happened, data)
    ]


def _of_extension(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    """The province is asked, who asked is answered; a deadline that was moved is told to those who work on the line."""
    line, extension = Line.of(data["line"]), data["extension"]
    office, cause = str(extension["office"]), _text(extension, "cause")
    if happened == "extension.asked":
        told = schedules.asked(line.office_name(office), line.title, extension, cause)
        readers: tuple[str, ...] = (audiences.PROVINCE,)
    elif happened == "extension.moved":
        told, readers = schedules.moved(line.title, extension, cause), line.offices
    else:
        approved = happened == "extension.approved"
        told, readers = schedules.decided(approved, line.title, extension, _text(extension, "remark")), (office,)
    return [_single(audience, happened, event_id, line, told) for audience in readers]


def _of_standstill(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    line, since = Line.of(data["line"]), data["line"]["moved_on"]
    return [
        _single(audience, happened, event_id, line, schedules.stalled(line.place, line.title, since, own))
        for audience, own in ((audiences.PROVINCE, False), *((office, True) for office in line.offices))
    ]


def _of_bulletin(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    bulletin = data["bulletin"]
    told, href = bulletins.published(bulletin), f"/bulletins/{bulletin['id']}"
    return [
        Entry(str(audience), f"{happened}/{event_id}", happened, PROVINCE, told, href) for audience in data["audiences"]
    ]


def _of_decision(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    decision = data["decision"]
    told, href = meetings.decided(happened, decision), f"/decisions/{decision['id']}"
    followed = (audiences.PROVINCE,) if happened == "decision.overdue" else ()
    return [
        Entry(audience, f"{happened}/{event_id}", happened, PROVINCE, told, href)
        for audience in (str(decision["office"]), *followed)
    ]


def _of_manuscript(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(audience, f"{happened}/{event_id}", happened, _tenant(audience), told, href)
        for audience, told, href in manuscripts.told(happened, data["manuscript"])
    ]


def _of_handover(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    handover = data["handover"]
    office, href = str(handover["office"]), f"/handovers/{handover['id']}"
    return [Entry(office, f"{happened}/{event_id}", happened, _tenant(office), handovers.made(handover), href)]


def _single(audience: str, happened: str, event_id: str, line: Line, told: Texts) -> Entry:
    return Entry(audience, f"{happened}/{event_id}", happened, line.jurisdiction, told, f"/lines/{line.id}")


def _of_indicator_value(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    value = data["indicator_value"]
    told, href = indicators.revised(value), f"/indicator-values/{value['id']}"
    return [
        Entry(audience, f"{happened}/{event_id}", happened, str(value["jurisdiction"]), told, href)
        for audience in indicators.concerned(value)[1]
        if audience != value.get("office")
    ]


def _of_missing_value(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    """One entry for all values that an office owes by the same day."""
    office, due = str(data["missing_value"]["office"]), str(data["missing_value"]["due"])
    told, href = indicators.missing(happened, due), "/indicators/_missing?waiting=true"
    key, thing = f"{happened}/{due}", f"missing_values/{due}"
    return [Entry(office, key, happened, _tenant(office), told, href, grouped=True, thing=thing)]


def _of_comment(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    line, comment = Line.of(data["line"]), data["comment"]
    return [_single(audience, happened, event_id, line, told) for audience, told in comments.told(line, comment)]


def _of_reminder(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    reminder, key = data["reminder"], f"{happened}/{event_id}"
    return [
        Entry(said.audience, key, happened, tenant, said.texts, said.href, thing=said.thing, level=said.level)
        for said in reminders.told(happened, reminder)
        for tenant in [_tenant_of(said.audience, str(reminder["jurisdiction"]))]
    ]


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""


def _of_supervision(happened: str, event_id: str, data: Mapping[str, Any]) -> list[Entry]:
    thing = happened.partition(".")[0]
    about, tell = data[thing], supervision.of_order if thing == "order" else supervision.of_problem
    href, place = f"/{thing}s/{about['id']}", str(about["jurisdiction"])
    return [
        Entry(news.audience, f"{happened}/{event_id}", happened, _tenant_of(news.audience, place), news.texts, href)
        for news in tell(happened, data)
    ]


def _tenant_of(audience: str, place: str) -> str:
    """A zone that is asked from elsewhere is not told from where."""
    return _tenant(audience) if audience.startswith("zone:") else place


Maker = Callable[[str, str, Mapping[str, Any]], list[Entry]]
_MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(("line.suspended", "line.resumed"), _of_line),
    **dict.fromkeys(("report.submitted", "report.returned", "report.confirmed", "report.reviewed"), _of_report),
    **dict.fromkeys(("assessment.announced", "assessment.published", "assessment.closed"), _of_assessment),
    **dict.fromkeys(("objection.raised", "objection.answered"), _of_assessment),
    **dict.fromkeys(("exemption.granted", "exemption.lifted"), _of_assessment),
    "indicator_value.revised": _of_indicator_value,
    **dict.fromkeys(("missing_value.due_soon", "missing_value.overdue"), _of_missing_value),
    **dict.fromkeys(("period.opened", "period.due_soon", "period.overdue"), _of_period),
    **dict.fromkeys(("filing.returned", "filing.reopened"), _of_filing),
    **dict.fromkeys(("extension.asked", "extension.approved", "extension.refused", "extension.moved"), _of_extension),
    "line.stalled": _of_standstill,
    **dict.fromkeys((f"order.{what}" for what in supervision.ORDER_STEPS), _of_supervision),
    **dict.fromkeys((f"problem.{what}" for what in supervision.PROBLEM_STEPS), _of_supervision),
    **dict.fromkeys(cases.HAPPENED, _of_case),
    "bulletin.published": _of_bulletin,
    **dict.fromkeys(manuscripts.HAPPENED, _of_manuscript),
    **dict.fromkeys((f"decision.{what}" for what in meetings.TOLD), _of_decision),
    "handover.made": _of_handover,
    "comment.made": _of_comment,
    **dict.fromkeys(reminders.HAPPENED, _of_reminder),
}
"""By what happened: makes the entries of an event, from its id and data."""
