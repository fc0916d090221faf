"""The users' manual: its map of the pages says which there are, for whom, and how each is reached."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.routing import Route

from deploy.local.instance import ROOT
from portal.app import ROUTERS
from tests.isolation.rights import KINDS
from tests.isolation.seen import SEEN_BY
from tests.isolation.things import CODES, Things, nothing

ROUTES = [
    route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, Route) and "GET" in (route.methods or ())
]
PAGES = sorted({route.path for route in ROUTES})
"""What the portal answers, pages and other things."""
FOLDER = ROOT / "docs" / "users"
GUEST = "guest"
COLUMNS = ("province", "city", "department", "auditor", "operator", "security", GUEST)
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "province.admin": ("province", "admin"),
    "hefei.admin": ("city", "admin"),
    "wuhu.admin": ("city", "admin"),
    "dept.swt": ("department",),
    "swt.admin": ("department", "admin"),
    "auditor.demo": ("auditor",),
    "operator.demo": ("operator",),
    "security.demo": ("security",),
}
"""With their roles."""
SEES_LIKE = {"swt.admin": "dept.swt"}
MENU, UPLOAD = "menu", "upload"
_ROW = re.compile(r"^\| `(/.*?)` \| \[(.+?)\]\((\w+\.md)\) \| (.+) \|$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_ASKED = {
    "/search": f"/search?q={quote('口岸')}",
    "/inbox/thing": "/inbox/thing?thing=/orders/{order_id}",
    "/handovers/_person": "/handovers/_person?line={line_id}",
}
_KINDS = {"/periods/{period_id}/sheets": "fillable", "/cases/{case_id}/edit": "written"}
_NAMES = {"of": "progress", "service": "progress", "number": "1"}
_OPERATION, _EVENT = "lines_api_progress_v1_lines_get", "zoneportal.progress.line.withdrawn.v1"


@dataclass(frozen=True)
class Page:
    """``seen_by`` has the columns that are marked, ``managed_by`` those of which the administrators alone see it. It is
    reached from the menu or from one of the pages ``ways``, by a link or by an upload.
    """

    path: str
    name: str
    chapter: str
    seen_by: frozenset[str]
    managed_by: frozenset[str]
    reached: str
    ways: tuple[str, ...]

    def is_for(self, person: str) -> bool:
        role, *more = PEOPLE[person]
        return role in self.seen_by or (role in self.managed_by and bool(more))

    def roles(self) -> Iterator[tuple[str, list[str]]]:
        """By role its people; administrators apart from others, unless all of their role see the page anyhow."""
        by_role: dict[str, list[str]] = {}
        for person, roles in PEOPLE.items():
            apart = "admin" in roles and roles[0] not in self.seen_by
            by_role.setdefault(" ".join(roles) if apart else roles[0], []).append(person)
        yield from by_role.items()

    @property
    def picture(self) -> str:
        """Its file in the manual's folder."""
        return f"pictures/{'-'.join(_WORD.findall(self.path)) or 'desk'}.webp"


def addresses(path: str, things: Things, person: str | None = None) -> Iterator[str]:
    """Where a page is shown to somebody: of each thing that it is a page of and that the person, if given, sees."""
    asked = _ASKED.get(path, path)
    kind = _KINDS.get(path) or next((kind for parameter, kind in KINDS.items() if parameter in asked), None)
    known = _NAMES | {"name": _EVENT if "/events/" in path else _OPERATION, "year": "2027"}
    if kind in (None, "code", "year"):
        yield asked.format_map(nothing(**known, code=CODES.get("/{}/{{code}}".format(path.split("/")[1]), "1")))
        return
    for owner, thing in things.named[kind].items():
        if person in (None, GUEST) or SEEN_BY[kind][owner] & {person, SEES_LIKE.get(person)}:
            yield asked.format_map(nothing(**known, **thing))


def _page(row: re.Match[str]) -> Page:
    path, name, chapter, cells = row.groups()
    *marks, way = (cell.strip() for cell in cells.split("|"))
    by = {
        mark: frozenset(column for column, shown in zip(COLUMNS, marks, strict=True) if shown == mark) for mark in "●◐"
    }
    reached = next((word for word in (MENU, UPLOAD) if word in way.partition("`")[0]), "link")
    return Page(path, name, chapter, by["●"], by["◐"], reached, tuple(re.findall(r"`(.+?)`", way)))


MAP = [_page(row) for row in _ROW.finditer((FOLDER / "README.md").read_text())]
