"""What people are told who write in a closed zone. Pure."""

from chassis.problems import DomainError


class ZoneClosed(DomainError):
    """Of the zone with this name."""

    slug = "zone-closed"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}已撤销，内容只供查阅。")


REFUSALS = {"ZP001": ZoneClosed}
"""By the SQLSTATE with which the database refuses it."""
