"""Assessments of far years, which no other test needs."""

from deploy.local.system import System
from tests.support import PROGRESS, Json, get, pages, post

ITEMS = [{"code": code, "title": "…", "basis": code, "points": 50} for code in ("hand", "lines")]


def drafted(system: System, year: int) -> Json:
    """The assessment of a year, drafted unless it is there."""
    known = {each["year"]: each for each in pages(system, "province.admin", f"{PROGRESS}/assessments")}
    given: Json = {"year": year, "title": f"{year} 年度考评", "items": ITEMS}
    return known.get(year) or post(system, "province.admin", f"{PROGRESS}/assessments", **given)


def published(system: System, year: int) -> tuple[str, Json]:
    """Its path, published, and Hefei's objection to it."""
    made = drafted(system, year)
    path = f"{PROGRESS}/assessments/{made['id']}"
    if made["status"] == "draft":
        post(system, "province.admin", f"{path}/announcement", of=path)
        post(system, "province.admin", f"{path}/publication", of=path, objections_until="2100-12-31")
        post(system, "hefei.admin", f"{path}/objections", of=path, item="hand", text="漏计一项")
    (objection,) = get(system, "hefei.admin", f"{path}/results/zone:hefei")["objections"]
    return path, dict(objection)


def answer(system: System, path: str, objection: Json) -> None:
    """Unless it is answered."""
    if objection["answer"] is None:
        place = f"{path}/objections/{objection['id']}/answer"
        given: Json = {"answer": "采纳", "points": 50}
        post(system, "province.admin", place, objection["version"], **given)
