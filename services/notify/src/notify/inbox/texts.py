"""The words of the news, Chinese and English. ``{count}`` in a grouped text stands for the count when it is read."""

from dataclasses import dataclass
from enum import StrEnum

COUNT = "{count}"
GROUPED = frozenset({"line.opened", "line.withdrawn"})
LONGEST_REASON = 200


class Reader(StrEnum):
    """What the reader is to the line."""

    PROVINCE = "province"
    ZONE = "zone"
    LEAD = "lead"
    MEMBER = "member"


@dataclass(frozen=True)
class Texts:
    title: str
    body: str
    title_en: str
    body_en: str


@dataclass(frozen=True)
class Report:
    """A report (填报). ``by`` submitted it, ``reason`` is the province's, ``opinion`` a review's."""

    place: str
    code: str
    title: str
    by: str
    percent: int
    finished: bool
    reason: str = ""
    reviewer: str = ""
    agrees: bool = False
    opinion: str = ""


ASKED = {
    Reader.PROVINCE: ("请审核", "Please review and decide."),
    Reader.LEAD: ("请研提意见", "Please give your opinion."),
}
FOR_INFORMATION = ("请知悉", "For your information.")
OPENED = {
    Reader.PROVINCE: ("请予跟踪督促", "Please follow them."),
    Reader.ZONE: ("请及时部署推进并按期填报", "Please start work and report on time."),
}
FOR_UNITS = (
    "涉及本单位，请按职责分工推进落实",
    "Your unit is responsible or takes part. Please act within your duties.",
)


def quoted(title: str) -> str:
    """A title in Chinese quotation marks; those inside it become single ones."""
    return "“" + title.replace("“", "‘").replace("”", "’") + "”"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else text[:LONGEST_REASON] + "……"


def clause(label: str, text: str) -> str:
    """``，<label>：<text>。`` ready to end a sentence, or just the full stop."""
    return f"，{label}：{_shortened(text).rstrip('。；，.;,')}。" if text else "。"


def clause_en(label: str, text: str) -> str:
    return f" {label}: {_shortened(text)}" if text else ""


def english(code: str) -> str:
    """A zone's name for English readers: its code is the romanised name."""
    return code.replace("-", " ").title()


def grouped(happened: str, place: str, code: str, edition: object, reader: Reader) -> Texts:
    """Lines that opened or were withdrawn together: a zone is told of its own, others of all that concern them."""
    where, here = (place, f" in {english(code)}") if reader is Reader.ZONE else ("", "")
    since = f"任务目录第 {edition} 版发布后，" if edition is not None else ""
    since_en = f"With edition {edition} of the catalog, " if edition is not None else ""
    if happened == "line.withdrawn":
        return Texts(
            f"{where}撤销推进事项 {COUNT} 项",
            f"{since}{where}撤销推进事项 {COUNT} 项，历史记录仍可查阅。",
            f"Lines withdrawn{here}: {COUNT}",
            f"{since_en}lines withdrawn{here}: {COUNT}. Their history stays readable.",
        )
    asked, asked_en = OPENED.get(reader, FOR_UNITS)
    return Texts(
        f"{where}新增推进事项 {COUNT} 项",
        f"{since}{where}新增推进事项 {COUNT} 项，{asked}。",
        f"New lines{here}: {COUNT}",
        f"{since_en}new lines{here}: {COUNT}. {asked_en}",
    )


def line(happened: str, place: str, title: str, reason: str) -> Texts:
    """One line suspended (暂停) or resumed (恢复)."""
    what, what_en = ("暂停", "suspended") if happened == "line.suspended" else ("恢复", "resumed")
    return Texts(
        f"推进事项已{what}：{title}",
        f"省自贸办已{what}{place}推进事项{quoted(title)}{clause('原因', reason)}",
        f"Line {what_en}: {title}",
        f"The provincial office has {what_en} the line {quoted(title)}.{clause_en('Reason', reason)}",
    )


def report(happened: str, about: Report, reader: Reader, own: bool) -> Texts:
    """What became of a report. ``own``: the readers' office submitted it."""
    if happened == "report.submitted":
        return _submitted(about, reader)
    if happened == "report.reviewed":
        return _reviewed(about, reader)
    return _returned(about, own) if happened == "report.returned" else _confirmed(about, own)


def _submitted(about: Report, reader: Reader) -> Texts:
    asked, asked_en = ASKED.get(reader, FOR_INFORMATION)
    title = quoted(about.title)
    if about.finished:
        return Texts(
            f"{about.by}申报完成：{about.title}",
            f"{about.by}申报{title}已完成，{asked}。",
            f"Reported as done: {about.title}",
            f"{about.by} reports {title} as done. {asked_en}",
        )
    return Texts(
        f"{about.by}提交进展填报：{about.title}",
        f"{about.by}提交了{title}的进展填报，完成比例 {about.percent}%，{asked}。",
        f"Report submitted: {about.title}",
        f"{about.by} has submitted a report on {title}, {about.percent}% complete. {asked_en}",
    )


def _reviewed(about: Report, reader: Reader) -> Texts:
    opinion, opinion_en = ("同意", "agrees with") if about.agrees else ("有不同意见", "objects to")
    title, remark = quoted(about.title), clause("说明", about.opinion)
    asked = "请结合意见审核。" if reader is Reader.PROVINCE else ""
    return Texts(
        f"{about.reviewer}{opinion}：{about.title}",
        f"{about.reviewer}对{about.by}{title}的进展填报研提意见：{opinion}{remark}{asked}",
        f"Opinion on a report: {about.title}",
        f"{about.reviewer} {opinion_en} the report of {about.by} on {title}.{clause_en('Remark', about.opinion)}",
    )


def _returned(about: Report, own: bool) -> Texts:
    title, of = quoted(about.title), "" if own else about.by
    asked, asked_en = ("请修改完善后重新提交。", " Please revise and submit it again.") if own else ("", "")
    return Texts(
        f"进展填报被退回：{about.title}",
        f"省自贸办退回了{of}{title}的进展填报{clause('退回原因', about.reason)}{asked}",
        f"Report returned: {about.title}",
        f"The provincial office has returned the report of {about.by} on {title}."
        f"{clause_en('Reason', about.reason)}{asked_en}",
    )


def _confirmed(about: Report, own: bool) -> Texts:
    title, of = quoted(about.title), "" if own else about.by
    what = "完成" if about.finished else f"的进展填报，完成比例 {about.percent}%"
    what_en = "done" if about.finished else f"{about.percent}% complete"
    return Texts(
        f"{'已确认完成' if about.finished else '进展填报已确认'}：{about.title}",
        f"省自贸办已确认{of}{title}{what}{clause('意见', about.reason)}",
        f"{'Confirmed as done' if about.finished else 'Report confirmed'}: {about.title}",
        f"The provincial office has confirmed the report of {about.by} on {title}: {what_en}."
        f"{clause_en('Remark', about.reason)}",
    )
