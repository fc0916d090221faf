"""News of plans that are written here (编制稿): of a submission for the province, of what became of it for the zone.

The catalog's topic keeps the latest event of each: what was submitted and published while notify was away for long may
be told by its end alone.
"""

from collections.abc import Mapping
from typing import Any

from notify import audiences
from notify.inbox.texts import Texts, clause, clause_en, quoted

HAPPENED = tuple(f"manuscript.{what}" for what in ("submitted", "returned", "published", "discarded"))
Told = tuple[str, Texts, str]
"""An audience, what it is told, and where that leads."""


def told(happened: str, manuscript: Mapping[str, Any]) -> list[Told]:
    """Nothing of plans that belong to no zone, nor to an office of what it did itself."""
    zone, by_zone = manuscript["zone"], manuscript["office"] != audiences.PROVINCE
    if zone is None or by_zone != (happened == "manuscript.submitted"):
        return []
    audience = audiences.PROVINCE if by_zone else audiences.zone(str(zone))
    written = happened in ("manuscript.returned", "manuscript.discarded")
    href = f"/manuscripts/{manuscript['plan']}" if written else f"/editions/{manuscript['edition']}"
    if happened == "manuscript.returned":
        return [(audience, _returned(str(manuscript["name"]), str(manuscript["remarks"])), href)]
    return [(audience, _texts(happened, str(manuscript["name"])), href)]


def _returned(name: str, remarks: str) -> Texts:
    return Texts(
        f"实施方案被退回：{name}",
        f"省自贸办退回了{quoted(name)}，请修改后重新提交{clause('意见', remarks)}",
        f"Plan returned: {name}",
        f"The provincial office has returned {quoted(name)} to be changed and submitted anew."
        f"{clause_en('Remarks', remarks)}",
    )


def _texts(happened: str, name: str) -> Texts:
    if happened == "manuscript.submitted":
        return Texts(
            f"片区提交实施方案：{name}",
            f"片区已提交{quoted(name)}，已形成目录草案，请审阅发布。",
            f"Plan submitted: {name}",
            f"The zone has submitted {quoted(name)}. A draft edition is ready to be read and published.",
        )
    if happened == "manuscript.published":
        return Texts(
            f"实施方案已发布：{name}",
            f"省自贸办已发布{quoted(name)}，各项任务的推进事项随即开立或更新。",
            f"Plan published: {name}",
            f"The provincial office has published {quoted(name)}. Its lines open or change now.",
        )
    return Texts(
        f"编制稿已被撤销：{name}",
        f"省自贸办已撤销{quoted(name)}的编制稿，内容恢复为已发布的方案；需要调整的请重新编制。",
        f"Draft of a plan discarded: {name}",
        f"The provincial office has discarded what was written of {quoted(name)}; it is as published again.",
    )
