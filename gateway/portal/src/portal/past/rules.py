"""What the pages of days make of what the API gives. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
WHATS = ("came", "went", "due", "light", "state", "percent", "units", "leads", "plan")


def counted(summary: Json) -> list[tuple[str, int]]:
    """What has changed, each with how many lines; what did not is left out."""
    return [(what, summary["by_what"][what]) for what in WHATS if summary["by_what"][what]]


def changes(line: Json) -> list[Json]:
    """Each change of a line with what was before and after; of a line that came or went there is only one of them."""
    return [
        {
            **change,
            "before": (line["before"] or {}).get(change["what"]),
            "after": (line["after"] or {}).get(change["what"]),
        }
        for change in line["changes"]
    ]


def series(points: Sequence[Json], field: str, codes: Mapping[str, str]) -> list[Json]:
    """For a chart: each of ``by_light`` or ``by_state`` over the days; ``codes`` names those that it has."""
    return [
        {"name": name, "code": code, "data": [point[field][code] for point in points]} for code, name in codes.items()
    ]
