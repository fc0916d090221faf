"""Assessments of far years, from 2090 on, each of which one test needs."""

from deploy.local.system import System
from tests.support import PROGRESS, Json, get, pages, post

TITLES = {"hand": "改革创新成效", "lines": "任务推进"}
ITEMS = [{"code": code, "title": title, "basis": code, "points": 50} for code, title in TITLES.items()]


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


def exempted(system: System, year: int) -> tuple[str, Json]:
    """Its path, announced, and the exemption of a line of Hefei, which has been lifted once."""
    made = drafted(system, year)
    path, result = f"{PROGRESS}/assessments/{made['id']}", f"{PROGRESS}/assessments/{made['id']}/results/zone:hefei"
    if made["status"] == "draft":
        post(system, "province.admin", f"{path}/announcement", of=path)
        fact = get(system, "province.admin", result)["items"][1]["facts"][0]["id"]
        for _ in range(2):
            for each in get(system, "province.admin", result)["exemptions"]:
                lifting = f"{path}/exemptions/{each['id']}/lifting"
                post(system, "province.admin", lifting, each["version"], reason="理由不成立")
            given: Json = {"item": "lines", "fact": fact, "reason": "规划调整"}
            post(system, "province.admin", f"{result}/exemptions", of=path, **given)
    return path, dict(get(system, "hefei.admin", result)["exemptions"][-1])
