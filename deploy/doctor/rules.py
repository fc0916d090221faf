"""What is found, and what it means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.topics import Difference

CLOCK_SECONDS, CLOCK_WRONG_SECONDS = 2.0, 30.0
OUTBOX_SECONDS, OUTBOX_WRONG_SECONDS = 60.0, 600.0
LAG_EVENTS = 5000
DISK_SHARE, DISK_WRONG_SHARE = 0.15, 0.05
CERTIFICATE_DAYS, CERTIFICATE_WRONG_DAYS = 21, 5
KEY_DAYS = 400


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


def topic_settings(wrong: Mapping[str, Mapping[str, Difference]]) -> Finding:
    """``wrong`` are those that are not as provisioned, by topic and name."""
    if not wrong:
        return Finding("settings of topics", Level.OK, "as provisioned")
    says = "; ".join(
        f"{topic}: {name} is {found or 'the default'}, not {wanted or 'the default'}"
        for topic, settings in sorted(wrong.items())
        for name, (found, wanted) in settings.items()
    )
    return Finding(
        "settings of topics",
        Level.WRONG,
        says,
        "`make provision`, or the step topics, sets them: docs/operators/consumers.md",
    )


def partitions(found: Mapping[str, int], wanted: int) -> Finding:
    other = {topic: count for topic, count in sorted(found.items()) if count != wanted}
    if not other:
        return Finding("partitions of topics", Level.OK, f"{wanted} each")
    says = ", ".join(f"{topic} has {count}" for topic, count in other.items()) + f", not {wanted}"
    todo = "leave them: what is added later breaks the order of keys; the topic was made by other means than ours"
    return Finding("partitions of topics", Level.WARNING, says, todo)


def issuer(found: str, expected: str) -> Finding:
    if found == expected:
        return Finding("issuer", Level.OK, found)
    todo = "tokens are refused: Keycloak's hostname and ZP_ISSUER must name one address"
    return Finding("issuer", Level.WRONG, f"{found}, not {expected}", todo)


def keys(count: int) -> Finding:
    if count:
        return Finding("signing keys", Level.OK, f"{count} reachable")
    return Finding("signing keys", Level.WRONG, "none", "no token can be checked: see the realm's keys in Keycloak")


def signing(kid: str, published: bool, days: float | None) -> Finding:
    """The key that Keycloak signs with now; ``days`` is its age, if its certificate tells it."""
    if not published:
        todo = "nobody can check new tokens: restart Keycloak, then docs/operators/keys.md"
        return Finding("key in use", Level.WRONG, f"{kid} is not among the published ones", todo)
    if days is not None and days > KEY_DAYS:
        todo = "a new one each year: docs/operators/keys.md"
        return Finding("key in use", Level.WARNING, f"{kid} is {days:.0f} days old", todo)
    return Finding("key in use", Level.OK, kid if days is None else f"{kid}, {days:.0f} days old")


def trust(who: str, status: int) -> Finding:
    """``status`` is the answer to a token that is signed with the key in use."""
    what = f"key in use at {who}"
    if status == 401:
        todo = f"can {who} reach Keycloak's keys? It fetches them itself: docs/operators/keys.md"
        return Finding(what, Level.WRONG, "not known: a token is refused that Keycloak gave just now", todo)
    return Finding(what, Level.OK, "known")


def certificate(address: str, days: float) -> Finding:
    """``days`` until it ends."""
    what = f"certificate of {address}"
    if days > CERTIFICATE_DAYS:
        return Finding(what, Level.OK, f"ends in {days:.0f} days")
    level = Level.WRONG if days < CERTIFICATE_WRONG_DAYS else Level.WARNING
    says = f"ends in {days:.0f} days" if days > 0 else f"ended {-days:.0f} days ago"
    return Finding(what, level, says, "renew it: docs/operators/keys.md")


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
        todo = "docs/operators/consumers.md, and ConsumerBehind in alerts.md"
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
    return Finding(
        what,
        Level.WARNING,
        says,
        "see to the reason, then retry or discard them on the page 死信: docs/operators/consumers.md",
    )


def disk(folder: str, free: int, total: int) -> Finding:
    share, says = free / total, f"{free / 1e9:.1f} GB free of {total / 1e9:.1f}"
    if share > DISK_SHARE:
        return Finding(f"disk of {folder}", Level.OK, says)
    level = Level.WRONG if share < DISK_WRONG_SHARE else Level.WARNING
    return Finding(
        f"disk of {folder}", level, says, "make room, a full disk stops PostgreSQL and Kafka: docs/operators/disk.md"
    )


def counted(found: Sequence[Finding]) -> Mapping[Level, int]:
    return {level: sum(finding.level is level for finding in found) for level in Level}
