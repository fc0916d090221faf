"""What a robot may be, which news it gets, and what may be done with it. Pure."""

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from chassis.problems import DomainError
from notify import channels
from notify.channels._robots import Kind
from notify.preferences import groups

MOST = 10


class BadRobot(DomainError):
    """Something about a robot that cannot be; ``pointer`` says what."""

    status = 422
    slug = "robot"

    def __init__(self, detail: str, pointer: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


class TooMany(DomainError):
    slug = "too-many-robots"

    def __init__(self) -> None:
        super().__init__(f"每个单位最多 {MOST} 个群机器人。")


class NotNow(DomainError):
    """What the robot's present state does not allow."""

    slug = "robot-state"


def kinds() -> dict[str, Kind]:
    """The kinds of robots by code: the channels that are some."""
    found = {code: getattr(module, "ROBOT", None) for code, module in channels.modules().items()}
    return {code: kind for code, kind in found.items() if isinstance(kind, Kind)}


def kind_of(code: str) -> Kind:
    """Raises BadRobot for one that is none."""
    found = kinds().get(code)
    if found is None:
        raise BadRobot("没有这种机器人。", "/body/kind")
    return found


def check_url(kind: Kind, url: str) -> None:
    """Raises BadRobot when the address can be none of the kind's."""
    if not kind.fits(url):
        raise BadRobot(f"地址与所选机器人类型不符，应形如 {kind.example}", "/body/url")


def check_secret(kind: Kind, secret: str) -> None:
    if secret and not kind.signs:
        raise BadRobot("这种机器人没有签名密钥，请留空。", "/body/secret")


def check_groups(chosen: Sequence[str]) -> None:
    for place, code in enumerate(chosen):
        if code not in groups.BY_CODE:
            raise BadRobot("没有这个消息类别。", f"/body/groups/{place}")


def shown(url: str) -> str:
    """The address as people may see it: nobody writes to the chat with that."""
    return f"{urlsplit(url).hostname} …{url[-4:]}"


def wants(chosen: Collection[str], kinds_of_news: Collection[str]) -> bool:
    """Whether a robot with these groups (none: all) gets news of any of the kinds."""
    return not chosen or any(groups.of_kind(kind).code in chosen for kind in kinds_of_news)


def actions(*, paused: bool) -> list[str]:
    return ["edit", "resume", "remove"] if paused else ["edit", "pause", "test", "remove"]


def must_allow(action: str, *, paused: bool) -> None:
    """Raises NotNow."""
    if action not in actions(paused=paused):
        raise NotNow("该机器人没有停用。" if action == "resume" else "该机器人已停用，请先启用。")
