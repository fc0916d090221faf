"""Which kinds of news are in which group, when mails and digests come: working days, holidays, over midnight."""

from datetime import date, datetime, time

import pytest

from chassis.clock import SHANGHAI
from chassis.workdays import WorkCalendar
from notify.announcements.rules import Notice
from notify.inbox import rules as inbox
from notify.inbox.texts import GROUPED
from notify.preferences import groups, rules
from notify.preferences.rules import Choice, MustBeRead, NoQuiet, Preference, Quiet, Rhythm, UnknownGroup

CALENDAR = WorkCalendar()
NIGHT = Quiet(time(22), time(7))
AT_WORK = Quiet(time(9), time(18))


def at(text: str) -> datetime:
    """``09-30 21:00`` of 2025: 09-28 is a worked Sunday, 10-01 to 10-08 are free, 10-11 is a worked Saturday."""
    return datetime.fromisoformat(f"2025-{text}").replace(tzinfo=SHANGHAI)


def test_every_kind_of_news_is_in_exactly_one_group() -> None:
    grouped = [kind for group in groups.GROUPS for kind in group.kinds]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) == {*inbox._MAKERS, *GROUPED, *(f"announcement.{what}" for what in Notice)}
    assert set(grouped) >= groups.PRESSING
    assert not [kind for kind in groups.PRESSING if groups.of_kind(kind).must]


@pytest.mark.parametrize(
    ("kind", "choices", "expected"),
    [
        ("report.submitted", {}, Choice.NOW),
        ("report.submitted", {"reports": Choice.NONE}, Choice.NONE),
        ("report.submitted", {"filings": Choice.NONE}, Choice.NOW),
        ("extension.moved", {"extensions": Choice.DIGEST}, Choice.DIGEST),
        ("order.urged", {"urging": Choice.NONE}, Choice.NOW),
        ("filing.returned", {"filings": Choice.NONE}, Choice.NOW),
        ("no.longer_known", {"system": Choice.DIGEST}, Choice.DIGEST),
    ],
)
def test_a_choice_is_by_group_and_none_for_what_must_be_read(
    kind: str, choices: dict[str, Choice], expected: Choice
) -> None:
    assert rules.choice(Preference(choices), kind) is expected


def test_what_must_be_read_is_not_switched_off() -> None:
    for choice in (Choice.NONE, Choice.DIGEST):
        with pytest.raises(MustBeRead, match="必读") as refused:
            rules.check({"urging": choice}, None)
        assert refused.value.pointer == "/body/choices/urging"
    rules.check({"urging": Choice.NOW, "reports": Choice.NONE}, NIGHT)
    with pytest.raises(UnknownGroup) as unknown:
        rules.check({"a/b~": Choice.NOW}, None)
    assert unknown.value.pointer == "/body/choices/a~1b~0"
    with pytest.raises(NoQuiet):
        rules.check({}, Quiet(time(8), time(8)))


@pytest.mark.parametrize(
    ("quiet", "working_days_only", "must", "now", "expected"),
    [
        (None, False, False, "10-04 03:00", "10-04 03:00"),
        (NIGHT, False, False, "09-29 21:59", "09-29 21:59"),
        (NIGHT, False, False, "09-29 22:00", "09-30 07:00"),
        (NIGHT, False, False, "09-29 00:00", "09-29 07:00"),
        (NIGHT, False, False, "09-29 07:00", "09-29 07:00"),
        (AT_WORK, False, False, "09-29 12:00", "09-29 18:00"),
        (None, True, False, "09-30 23:59", "09-30 23:59"),
        (None, True, False, "10-01 00:00", "10-09 00:00"),
        (NIGHT, True, False, "09-30 22:00", "10-09 07:00"),
        (NIGHT, True, False, "09-27 10:00", "09-28 07:00"),
        (NIGHT, True, False, "10-10 23:00", "10-11 07:00"),
        (NIGHT, False, False, "10-04 12:00", "10-04 12:00"),
        (NIGHT, True, True, "09-30 22:00", "10-09 07:00"),
        (Quiet(time(20), time(12)), False, True, "09-29 21:00", "09-30 08:30"),
        (Quiet(time(20), time(12)), False, False, "09-29 21:00", "09-30 12:00"),
        (Quiet(time(20), time(12)), True, True, "09-30 21:00", "10-09 08:30"),
        (AT_WORK, False, True, "09-29 12:00", "09-29 12:00"),
        (AT_WORK, False, True, "10-04 12:00", "10-04 18:00"),
        (AT_WORK, False, True, "09-29 17:30", "09-29 18:00"),
    ],
)
def test_quiet_hours(quiet: Quiet | None, working_days_only: bool, must: bool, now: str, expected: str) -> None:
    preference = Preference(quiet=quiet, working_days_only=working_days_only)
    assert rules.free_from(preference, at(now), CALENDAR, must=must) == at(expected)


@pytest.mark.parametrize(
    ("rhythm", "weekday", "now", "expected"),
    [
        (Rhythm.DAILY, 1, "09-29 08:30", "09-29"),
        (Rhythm.DAILY, 1, "09-29 08:29", "09-28"),
        (Rhythm.DAILY, 1, "09-28 08:29", "09-26"),
        (Rhythm.DAILY, 1, "10-08 23:59", "09-30"),
        (Rhythm.DAILY, 1, "10-09 08:30", "10-09"),
        (Rhythm.DAILY, 1, "10-11 09:00", "10-11"),
        (Rhythm.DAILY, 1, "10-12 09:00", "10-11"),
        (Rhythm.WEEKLY, 1, "09-29 08:30", "09-29"),
        (Rhythm.WEEKLY, 1, "10-05 12:00", "09-29"),
        (Rhythm.WEEKLY, 1, "10-09 08:29", "09-29"),
        (Rhythm.WEEKLY, 1, "10-09 08:30", "10-09"),
        (Rhythm.WEEKLY, 1, "10-10 08:30", "10-09"),
        (Rhythm.WEEKLY, 3, "10-09 08:30", "10-09"),
        (Rhythm.WEEKLY, 5, "10-03 08:30", "09-26"),
        (Rhythm.WEEKLY, 5, "10-10 08:29", "10-09"),
        (Rhythm.WEEKLY, 5, "10-10 08:30", "10-10"),
        (Rhythm.WEEKLY, 5, "10-11 08:30", "10-10"),
    ],
)
def test_digests_come_on_working_days(rhythm: Rhythm, weekday: int, now: str, expected: str) -> None:
    preference = Preference(rhythm=rhythm, weekday=weekday)
    assert rules.digest_moment(preference, at(now), CALENDAR) == at(f"{expected} 08:30")


def test_corrected_days_count() -> None:
    corrected = WorkCalendar({date(2025, 10, 6): True, date(2025, 9, 29): False})
    assert rules.digest_moment(Preference(), at("10-06 09:00"), corrected) == at("10-06 08:30")
    free = Preference(working_days_only=True)
    assert rules.free_from(free, at("10-01 09:00"), corrected) == at("10-06 00:00")
    assert rules.free_from(free, at("09-29 09:00"), corrected) == at("09-30 00:00")
