"""What is found, and what it means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

CLOCK_SECONDS, CLOCK_WRONG_SECONDS = 2.0, 30.0
OUTBOX_SECONDS, OUTBOX_WRONG_SECONDS = 60.0, 600.0
LAG_EVENTS = 5000
DISK_SHARE, DISK_WRONG_SHARE = 0.15, 0.05


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """``todo`` says what to do unless the level is OK."""

    what: str
    level: Level
    says: str
    todo: str = ""

    @property
    def line(self) -> str:
        return f"{self.level:<8} {self.what}: {self.says}" + (f"\n         → {self.todo}" if self.todo else "")


def broken(what: str, error: Exception) -> Finding:
    """Something could not be looked at."""
    return Finding(what, Level.WRONG, f"cannot be looked at: {type(error).__name__}: {error}".strip(), "is it running?")


def clock(what: str, seconds: float) -> Finding:
    """By how much a clock is ahead of this machine's."""
    off = abs(seconds)
    if off <= CLOCK_SECONDS:
        return Finding(f"clock of {what}", Level.OK, "as here")
    level = Level.WRONG if off > CLOCK_WRONG_SECONDS else Level.WARNING
    says = f"{off:.0f} s {'ahead of' if seconds > 0 else 'behind'} this machine's"
    return Finding(f"clock of {what}", level, says, "set both by NTP: tokens and deadlines go by the clock")


def version(service: str, found: str, expected: str) -> Finding:
    what = f"version of {service}"
    if found == expected:
        return Finding(what, Level.OK, found)
    return Finding(what, Level.WRONG, f"{found}, not {expected}", "deploy all services from one release")


def process(name: str, status: int) -> Finding:
    if status == 200:
        return Finding(name, Level.OK, "ready")
    return Finding(
        name, Level.WRONG, f"not ready (HTTP {status})", "its log tells what it misses: the line `not ready`"
    )


def migrations(database: str, found: str | None, expected: str) -> Finding:
    what = f"migrations of {database}"
    if found == expected:
        return Finding(what, Level.OK, f"at {found}")
    says = f"at {found or 'none'}, not at {expected}"
    return Finding(what, Level.WRONG, says, f"run the migration of {database}, or deploy the version that made {found}")


def topics(missing: Sequence[str]) -> Finding:
    if not missing:
        return Finding("topics", Level.OK, "all there")
    todo = "`deploy.provision kafka`; a zone's topic is made by progress-worker: restart it"
    return Finding("topics", Level.WRONG, f"missing: {', '.join(missing)}", todo)


def issuer(found: str, expected: str) -> Finding:
    if found == expected:
        return Finding("issuer", Level.OK, found)
    todo = "tokens are refused: Keycloak's hostname and ZP_ISSUER must name one address"
    return Finding("issuer", Level.WRONG, f"{found}, not {expected}", todo)


def keys(count: int) -> Finding:
    if count:
        return Finding("signing keys", Level.OK, f"{count} reachable")
    return Finding("signing keys", Level.WRONG, "none", "no token can be checked: see the realm's keys in Keycloak")


def client(name: str, error: str) -> Finding:
    """``error`` is what Keycloak says to its secret; a client that may not ask for itself has shown the right one."""
    if not error or "service account" in error:
        return Finding(f"client {name}", Level.OK, "known with its secret")
    todo = "`python -m realm` with the secrets of the services brings the realm back"
    return Finding(f"client {name}", Level.WRONG, f"refused ({error})", todo)


def consumer(group: str, lag: int, members: int) -> Finding:
    what = f"consumer {group}"
    if not members:
        return Finding(what, Level.WRONG, f"nobody reads, {lag} events wait", f"start {group.partition('.')[0]}-worker")
    if lag > LAG_EVENTS:
        todo = "docs/operators/alerts.md, ConsumerBehind"
        return Finding(what, Level.WARNING, f"{lag} events behind", todo)
    return Finding(what, Level.OK, f"{lag} events behind")


def outbox(service: str, waiting: int, seconds: float) -> Finding:
    what = f"outbox of {service}"
    if seconds <= OUTBOX_SECONDS:
        return Finding(what, Level.OK, f"{waiting} events wait")
    level = Level.WRONG if seconds > OUTBOX_WRONG_SECONDS else Level.WARNING
    says = f"{waiting} events wait, the oldest for {seconds:.0f} s"
    return Finding(what, level, says, f"is Kafka there, and {service}-worker? docs/operators/alerts.md, OutboxOld")


def letters(service: str, waiting: int, parked: int) -> Finding:
    what = f"events that {service} could not handle"
    if not waiting and not parked:
        return Finding(what, Level.OK, "none")
    says = f"{waiting} dead letters, {parked} tried again by and by"
    return Finding(what, Level.WARNING, says, "see to the reason, then retry or discard them on the page 死信")


def disk(folder: str, free: int, total: int) -> Finding:
    share, says = free / total, f"{free / 1e9:.1f} GB free of {total / 1e9:.1f}"
    if share > DISK_SHARE:
        return Finding(f"disk of {folder}", Level.OK, says)
    level = Level.WRONG if share < DISK_WRONG_SHARE else Level.WARNING
    return Finding(f"disk of {folder}", level, says, "make room: a full disk stops PostgreSQL and Kafka")


def counted(found: Sequence[Finding]) -> Mapping[Level, int]:
    return {level: sum(finding.level is level for finding in found) for level in Level}
