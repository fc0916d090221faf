"""The words of the news of a bulletin (通报)."""

from collections.abc import Mapping
from typing import Any

from notify.inbox.texts import Texts, quoted


def published(bulletin: Mapping[str, Any]) -> Texts:
    """``bulletin`` as its event tells it."""
    title, number = str(bulletin["title"]), f"〔{bulletin['year']}〕{bulletin['number']}号"
    corrects = bulletin.get("corrects_name")
    instead, instead_en = (f"，更正{corrects}", ", a correction") if corrects else ("", "")
    return Texts(
        f"新发布的通报：{title}",
        f"省自贸办发布了{number}通报{quoted(title)}{instead}，请查阅。",
        f"New bulletin: {title}",
        f"The provincial office has published the bulletin {quoted(title)}{instead_en}. Please read it.",
    )
