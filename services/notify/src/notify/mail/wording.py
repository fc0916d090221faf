"""What mails say that tell more than one piece of news: joined ones about a thing, and digests. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.clock import SHANGHAI
from notify.inbox.levels import Level
from notify.preferences import groups
from notify.preferences.rules import Language

MOST_LINES = 100
FIRST = ("请优先办理", "Please see to these first")


@dataclass(frozen=True)
class News:
    """An entry as a mail tells it."""

    id: UUID
    audience: str
    kind: str
    thing: str
    level: Level | None
    href: str
    at: datetime
    position: int
    title: str
    body: str
    title_en: str
    body_en: str

    @property
    def key(self) -> str:
        """Differs when the same entry is told anew."""
        return f"{self.id}/{self.position}"


@dataclass(frozen=True)
class Words:
    title: str
    body: str


def by_thing(news: Iterable[News]) -> list[list[News]]:
    """News of the same thing together, oldest first."""
    things: dict[str, list[News]] = {}
    for each in sorted(news, key=lambda each: each.position):
        things.setdefault(each.thing, []).append(each)
    return list(things.values())


def joined(news: Sequence[News], language: Language) -> Words:
    """All news of one thing, oldest first; what a single one says as it is."""
    said = [(each.title_en, each.body_en) if _english(language) else (each.title, each.body) for each in news]
    if len(news) == 1:
        return Words(*said[0])
    count = f" ({len(news)} messages)" if _english(language) else f"（共 {len(news)} 条消息）"
    lines = [f"{_moment(each.at, language)} {body}" for each, (_, body) in zip(news, said, strict=True)]
    return Words(said[-1][0] + count, "\n".join(lines))


def digest(news: Sequence[News], moment: datetime, language: Language, site: str) -> Words:
    """Sections by group, what presses first; each thing on a line with its link. ``news`` are not empty."""
    day = _moment(moment, language).rpartition(" ")[0].rstrip(",")
    if _english(language):
        title, opening = f"Digest of {day}: {len(news)} messages", f"{len(news)} messages since the last digest."
    else:
        title, opening = f"{day}消息汇总：{len(news)} 条", f"上次汇总以来共有 {len(news)} 条消息。"
    parts, left, whole = [opening], MOST_LINES, True
    for words, section in _sections(news).items():
        things = by_thing(section)
        shown = things[:left]
        left -= len(shown)
        whole = whole and shown == things
        name = words[1] if _english(language) else words[0]
        heading = f"[{name}] {len(section)}" if _english(language) else f"【{name}】{len(section)} 条"
        parts.append("\n".join([heading, *(_line(thing, language, site) for thing in shown)]))
    if not whole:
        parts.append("All of them are in the inbox." if _english(language) else "其余的请到收件箱查看。")
    return Words(title, "\n\n".join(parts))


def _sections(news: Iterable[News]) -> Mapping[groups.Both, list[News]]:
    order = [FIRST, *(group.words for group in groups.GROUPS)]
    found: dict[groups.Both, list[News]] = {words: [] for words in order}
    for each in news:
        found[FIRST if each.kind in groups.PRESSING else groups.of_kind(each.kind).words].append(each)
    return {words: section for words, section in found.items() if section}


def _line(thing: Sequence[News], language: Language, site: str) -> str:
    newest = thing[-1]
    words = joined(thing, language)
    return f"· {words.title} {_moment(newest.at, language)}\n  {site}{newest.href}"


def _moment(at: datetime, language: Language) -> str:
    local = at.astimezone(SHANGHAI)
    return (
        f"{local:%b} {local.day}, {local:%H:%M}"
        if _english(language)
        else f"{local.month}月{local.day}日 {local:%H:%M}"
    )


def _english(language: Language) -> bool:
    return language is Language.ENGLISH
