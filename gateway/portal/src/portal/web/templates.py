"""The templates of all features, and what each of them may call."""

from pathlib import Path
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.web import formats, language, menu, words
from portal.web.assets import asset

_ROOT = Path(__file__).parents[1]


def environment() -> Environment:
    folders = [_ROOT / "templates", *sorted(_ROOT.glob("*/templates"))]
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
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
