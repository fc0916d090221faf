"""The templates of all features, and what each of them may call."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.web import formats, language, menu, words
from portal.web.assets import asset

_ROOT = Path(__file__).parents[1]
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Invisible characters that turn the direction of writing: with them a text shows what it does not say."""

_OF_DICTS = frozenset(dir(dict))


def shown(value: object) -> object:
    """What is shown of a value; markup of our own stays."""
    return value.translate(_TURNING) if type(value) is str and not value.isascii() else value


class _Environment(Environment):
    """Looks a field of an answer up at once: Jinja first has Python fail to find an attribute, which takes as long as
    what surrounds it.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment() -> Environment:
    folders = [_ROOT / "templates", *sorted(_ROOT.glob("*/templates"))]
    made = _Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "t": language.t,
        "told": language.told,
        "language": language.current,
        "language_tag": language.tag,
        "asset": asset,
        "menu": menu.groups,
        "INBOX_ROLES": menu.INBOX,
        "PROGRESS_ROLES": menu.PROGRESS,
        "DRAFTING_ROLES": menu.DRAFTING,
        "PROVINCE_ROLES": menu.SETTING,
        "new_key": lambda: str(uuid4()),
        "word": words.word,
        "mark": words.mark,
        "days_left": formats.days_left,
        **{name: value for name, value in vars(words).items() if name.isupper()},
    }
    made.filters |= {
        "moment": formats.moment,
        "day": formats.day,
        "ago": formats.ago,
        "number": formats.number,
        "size": formats.size,
        "pretty": formats.pretty,
    }
    return made
