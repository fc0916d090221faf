"""What is published about assessments and objections."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.tenancy import Session
from progress import offices
from progress.lines.rules import PROVINCE
from progress.publishing import publish


async def tell(db: Session, what: str, assessment: Mapping[str, Any], assessed: Sequence[str]) -> None:
    """Publishes ``assessment.<announced|published|closed>``; ``assessed`` are the offices."""
    data = {"assessment": {**assessment, "offices": assessed}}
    await publish(db, f"assessment.{what}", assessment, data, PROVINCE)


async def tell_objection(db: Session, what: str, assessment: Mapping[str, Any], objection: Mapping[str, Any]) -> None:
    """Publishes ``objection.<raised|answered>``, on the topic of the office's zone or of the province."""
    kind, _, code = str(objection["office"]).partition(":")
    data = {"objection": objection, "assessment": {**assessment, "offices": []}}
    await publish(db, f"objection.{what}", objection, data, code if kind == "zone" else PROVINCE)


async def tell_exemption(db: Session, what: str, assessment: Mapping[str, Any], exemption: Mapping[str, Any]) -> None:
    """Publishes ``exemption.<granted|lifted>``, on the topic of the office's zone or of the province."""
    data = {"exemption": exemption, "assessment": {**assessment, "offices": []}}
    await publish(db, f"exemption.{what}", exemption, data, offices.jurisdiction(str(exemption["office"])))
