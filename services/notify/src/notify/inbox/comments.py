"""The words of the news of a comment on a line (讨论), for those who are mentioned in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from notify.inbox.lines import Line
from notify.inbox.texts import Texts


def told(line: Line, comment: Mapping[str, Any]) -> Iterator[tuple[str, Texts]]:
    """Each office that is mentioned, with its people by name, and what it is told: news go to offices."""
    people: dict[str, list[str]] = {}
    for mention in comment["mentions"]:
        named = people.setdefault(str(mention["office"]), [])
        if mention["person"]:
            named.append(str(mention["person"]))
    author, office = str(comment["author"]), str(comment["office_name"])
    for audience, names in people.items():
        who, who_en = "、".join(names) or "贵单位", ", ".join(names) or "your office"
        yield (
            audience,
            Texts(
                f"{author}在讨论中提到{who}",
                f"{author}（{office}）在{line.place}“{line.title}”的讨论中提到{who}，请查看。",
                f"{author} mentioned {who_en}",
                f"{author} ({office}) mentioned {who_en} in the discussion of “{line.title}” ({line.place}).",
            ),
        )
