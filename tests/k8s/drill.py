"""What a drill looks at before and after: a system that has lost everything but a backup and its secrets."""

from deploy.local.system import System
from tests.support import (
    CATALOG,
    PROGRESS,
    Json,
    attach,
    client_of,
    done,
    entries,
    get,
    lines,
    order_in_hand,
    pages,
    until,
)


class Drill:
    """What is done before the backup (a file, a report), and after it, when it will be lost."""

    def __init__(self, system: System) -> None:
        self._system = system
        untouched = [each["id"] for each in lines(system, "hefei.admin", state="not_started")]
        self._kept, self._lost = untouched[:2]
        self._file = attach(system, "hefei.admin", "order", order_in_hand(system))["id"]
        self._report(self._kept)

    def look(self) -> Json:
        """All that people see of the plan."""
        system = self._system
        content = client_of(system, "hefei.admin").get(f"{PROGRESS}/attachments/{self._file}/content")
        return {
            "lines": lines(system, "province.admin"),
            "overview": get(system, "province.admin", f"{PROGRESS}/overview"),
            "tasks": pages(system, "province.admin", f"{CATALOG}/tasks"),
            "people": pages(system, "province.admin", f"{CATALOG}/people"),
            "inbox": entries(system, "province.admin", self._kept),
            "file": content.raise_for_status().content,
        }

    def go_on(self) -> None:
        """A report after the backup: its events come to the inbox, once more after they were lost."""
        assert entries(self._system, "province.admin", self._lost) == []
        self._report(self._lost)

    def _report(self, line: str) -> None:
        """Until the province has it in its inbox."""
        before = entries(self._system, "province.admin", line)
        done(self._system, "hefei.admin", line, "reports", percent=40, done="已建成")
        until(lambda: entries(self._system, "province.admin", line) != before, seconds=60)
