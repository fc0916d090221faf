"""What the API of preferences takes and returns."""

import re
from datetime import datetime, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from chassis.schemas import Input, Output
from notify.preferences import groups
from notify.preferences.rules import Choice, Language, Preference, Quiet, Rhythm

_HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"


def _hour(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(_HOUR, value):
        raise ValueError("应为时间，例如 22:00")
    return time.fromisoformat(value)


Hour = Annotated[
    time,
    BeforeValidator(_hour),
    PlainSerializer(lambda at: f"{at:%H:%M}"),
    WithJsonSchema({"type": "string", "pattern": f"^{_HOUR}$", "examples": ["22:00"]}),
]
_ChoiceIn = Annotated[Choice, Field(strict=False)]
Choices = Annotated[
    dict[str, _ChoiceIn],
    Field(
        max_length=len(groups.GROUPS),
        json_schema_extra={"propertyNames": {"enum": list(groups.CHOOSABLE)}},
        description="By code of the group; of those left out, mails come at once",
    ),
]
Weekday = Annotated[int, Field(ge=1, le=5, description="From Monday, 1")]


class QuietIn(Input):
    """Hours in Asia/Shanghai in which no mail comes, over midnight when they end earlier than they begin."""

    begins: Hour
    until: Hour


class DigestIn(Input):
    """At 8:30 of each working day, or of one weekday; the next working day when that one is free."""

    rhythm: Annotated[Rhythm, Field(strict=False)]
    weekday: Weekday = 1


class PreferenceIn(Input):
    """All that a person chooses; takes the place of what was chosen before."""

    choices: Choices
    quiet: QuietIn | None
    working_days_only: bool
    digest: DigestIn
    language: Annotated[Language, Field(strict=False)]

    def preference(self) -> Preference:
        quiet = Quiet(self.quiet.begins, self.quiet.until) if self.quiet else None
        rhythm, weekday = self.digest.rhythm, self.digest.weekday
        return Preference(self.choices, quiet, self.working_days_only, rhythm, weekday, self.language)


class GroupOut(Output):
    """``must``: has to be read, and comes by mail at once."""

    code: str
    title: str
    title_en: str
    about: str
    about_en: str
    must: bool
    choice: Choice


class QuietOut(Output):
    begins: Hour
    until: Hour


class DigestOut(Output):
    rhythm: Literal["daily", "weekly"]
    weekday: int


class PreferenceOut(Output):
    """``changed_at`` is null while nothing was chosen. The ETag is ``version``."""

    groups: list[GroupOut]
    quiet: QuietOut | None
    working_days_only: bool
    digest: DigestOut
    language: Literal["zh", "en"]
    version: int
    changed_at: datetime | None


def shown(preference: Preference, version: int, changed_at: datetime | None) -> PreferenceOut:
    quiet = preference.quiet
    return PreferenceOut(
        groups=[_group(group, preference) for group in groups.GROUPS],
        quiet=QuietOut(begins=quiet.begins, until=quiet.ends) if quiet else None,
        working_days_only=preference.working_days_only,
        digest=DigestOut(rhythm=preference.rhythm.value, weekday=preference.weekday),
        language=preference.language.value,
        version=version,
        changed_at=changed_at,
    )


def _group(group: groups.Group, preference: Preference) -> GroupOut:
    return GroupOut(
        code=group.code,
        title=group.words[0],
        title_en=group.words[1],
        about=group.about[0],
        about_en=group.about[1],
        must=group.must,
        choice=preference.choices.get(group.code, Choice.NOW),
    )


def audited(preference: Preference) -> dict[str, Any]:
    """As the audit trail keeps it."""
    whole = shown(preference, 0, None).model_dump(mode="json", exclude={"groups", "version", "changed_at"})
    return {"choices": dict(preference.choices)} | whole
