"""Deadlines as an iCalendar file (RFC 5545), for the calendar of a phone or a mail program."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from portal.deadlines.rules import KINDS, Json, path
from portal.web.language import t

MEDIA_TYPE = "text/calendar; charset=utf-8"


def written(items: Iterable[Json], address: str, now: datetime) -> bytes:
    """``address`` is where the portal's pages are."""
    calendar = Calendar()
    name = t("自贸区行动计划时限", "Zone plan deadlines")
    given = {"prodid": "-//Zone portal//Deadlines//ZH", "version": "2.0", "x-wr-calname": name, "name": name}
    for field, value in given.items():
        calendar.add(field, value)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for item in items:
        calendar.add_component(_event(item, address, now))
    return bytes(calendar.to_ical())


def _event(item: Json, address: str, now: datetime) -> Event:
    due, kind = date.fromisoformat(item["due"]), t(*KINDS[item["kind"]].words)
    event = Event()
    event.add("uid", f"{item['kind']}-{item['id']}@zoneportal")
    event.add("dtstamp", now)
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(1))
    event.add("summary", " · ".join(filter(None, (kind, item["title"], item["place"]))))
    event.add("url", address + path(item))
    event.add("transp", "TRANSPARENT")
    return event
