"""News of assessments (考评), of objections to their results, and of what is left out of them (容错)."""

from collections.abc import Mapping
from typing import Any

from notify import audiences
from notify.inbox.texts import Texts

Told = tuple[str, Texts, str]
"""An audience, what it is told, and where that leads."""


def told(happened: str, data: Mapping[str, Any]) -> list[Told]:
    assessment = data["assessment"]
    href = f"/assessments/{assessment['id']}"
    if happened == "objection.raised":
        office = str(data["objection"]["office"])
        return [(audiences.PROVINCE, _raised(assessment, str(data["objection"]["text"])), f"{href}/{office}")]
    if happened == "objection.answered":
        office = str(data["objection"]["office"])
        return [(office, _answered(assessment, str(data["objection"]["answer"])), f"{href}/{office}")]
    if happened.startswith("exemption."):
        office = str(data["exemption"]["office"])
        return [(office, _tolerated(happened, assessment, data["exemption"]), f"{href}/{office}")]
    text = {"assessment.announced": _announced, "assessment.published": _published}.get(happened, _closed)
    own = "" if happened == "assessment.announced" else "/{}"
    return [(str(office), text(assessment), href + own.format(office)) for office in assessment["offices"]]


def _announced(assessment: Mapping[str, Any]) -> Texts:
    return Texts(
        f"{assessment['year']} 年度考评方案已下发",
        f"省自贸办已下发《{assessment['title']}》，可随时按目前进展试算本单位得分。",
        f"Scheme of the {assessment['year']} assessment",
        "The provincial office has announced the scheme. You can compute your score as of today at any time.",
    )


def _published(assessment: Mapping[str, Any]) -> Texts:
    until = assessment["objections_until"]
    return Texts(
        f"{assessment['year']} 年度考评结果公示",
        f"{assessment['title']}结果已公示，对本单位得分如有异议，请于 {until} 前提出。",
        f"Results of the {assessment['year']} assessment",
        f"The results are published. Objections to your score can be raised until {until}.",
    )


def _closed(assessment: Mapping[str, Any]) -> Texts:
    return Texts(
        f"{assessment['year']} 年度考评结果已确定",
        f"{assessment['title']}结果已确定，不再变动。",
        f"The {assessment['year']} assessment is final",
        "The results are final.",
    )


def _raised(assessment: Mapping[str, Any], text: str) -> Texts:
    return Texts(
        f"{assessment['year']} 年度考评有新的异议",
        f"有单位对{assessment['title']}的得分提出异议：{text[:200]}。请核实答复。",
        f"An objection to the {assessment['year']} assessment",
        f"An office objects to its score: {text[:200]} Please check and answer.",
    )


def _answered(assessment: Mapping[str, Any], text: str) -> Texts:
    return Texts(
        f"{assessment['year']} 年度考评异议已答复",
        f"省自贸办已答复本单位提出的异议：{text[:200]}",
        f"Your objection to the {assessment['year']} assessment was answered",
        f"The provincial office answers: {text[:200]}",
    )


def _tolerated(happened: str, assessment: Mapping[str, Any], exemption: Mapping[str, Any]) -> Texts:
    year, title = assessment["year"], str(exemption["title"])[:100]
    if happened == "exemption.granted":
        reason = str(exemption["reason"])[:200]
        return Texts(
            f"{year} 年度考评容错：{title}",
            f"省自贸办认定“{title}”在考评中容错，不计入得分。理由：{reason}",
            f"{year} assessment: a fact is left out",
            f"The provincial office leaves “{title}” out of your score: {reason}",
        )
    reason = str(exemption["lifted_reason"])[:200]
    return Texts(
        f"{year} 年度考评撤销容错：{title}",
        f"省自贸办撤销“{title}”的容错，重新计入得分。理由：{reason}",
        f"{year} assessment: a fact counts again",
        f"The provincial office counts “{title}” in your score again: {reason}",
    )
