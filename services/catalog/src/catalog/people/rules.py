"""Whose accounts somebody manages, which roles may be given to whom, and what may not happen by mistake. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from chassis.auth import Caller, Role
from chassis.problems import DomainError

PROVINCE, SYSTEM = "province", "system"
"""The office of the provincial people, and that of the three hats (三员)."""
HATS = frozenset({Role.OPERATOR, Role.SECURITY, Role.AUDITOR})
_KINDS = {"zone": ("tenant", Role.CITY), "unit": ("unit", Role.DEPARTMENT)}
"""By the kind of an office: the attribute that names it, and the role of all its people."""
MANAGED: tuple[Role, ...] = tuple(role for role in Role if role is not Role.INTEGRATOR)


class Yourself(DomainError):
    slug = "yourself"

    def __init__(self) -> None:
        super().__init__("不能变更自己的账号，请由其他管理员办理。")


class Foreign(DomainError):
    """An account that may do more than its office's administrator could give."""

    status = 403
    slug = "forbidden"

    def __init__(self) -> None:
        super().__init__("该用户另有本单位以外的权限，只能由安全管理员管理。")


class LastAdministrator(DomainError):
    slug = "last-administrator"

    def __init__(self) -> None:
        super().__init__("这是最后一名可用的管理员，请先指定另一名管理员。")


class NotGrantable(DomainError):
    status = 422
    slug = "role"
    pointer = "/body/roles"


class WrongOffice(DomainError):
    status = 422
    slug = "office"
    pointer = "/body/office"


class Taken(DomainError):
    slug = "taken"

    def __init__(self, pointer: str) -> None:
        super().__init__("该邮箱已被其他用户使用。" if pointer == "/body/email" else "该用户名已被使用。")
        self.pointer = pointer


class NotNow(DomainError):
    slug = "person-state"


@dataclass(frozen=True)
class Manager:
    """Who manages: the people of ``office``, or with None all (security)."""

    sub: str
    office: str | None

    def sees(self, office: str | None) -> bool:
        return self.office is None or self.office == office


@dataclass(frozen=True)
class Person:
    """``office`` is that of the rights that the account has; None when they fit none. ``roles`` are those of ours."""

    id: str
    username: str
    name: str
    email: str
    enabled: bool
    office: str | None
    roles: frozenset[Role]

    @property
    def ordered(self) -> list[Role]:
        """The roles as they are always named: an office's own first."""
        return [role for role in Role if role in self.roles]

    @property
    def version(self) -> int:
        """Changes with whatever is shown of the account."""
        state = (self.username, self.name, self.email, self.enabled, self.office, self.ordered)
        return version_of(state)

    @property
    def noted(self) -> dict[str, object]:
        """As the audit trail has it."""
        return {
            "username": self.username,
            "name": self.name,
            "email": self.email,
            "organization": self.office,
            "roles": self.ordered,
            "enabled": self.enabled,
        }


def version_of(state: object) -> int:
    """What Keycloak keeps has no versions: a number that changes with it."""
    return crc32(repr(state).encode()) + 1


def searchable(text: str) -> str:
    """Without what Keycloak takes for its own signs, or does not take at all."""
    return "".join(ch if ch.isprintable() and ch not in '*"' else " " for ch in text).strip()


def manager(caller: Caller) -> Manager | None:
    """None for who manages nobody."""
    if caller.has(Role.SECURITY):
        return Manager(caller.sub, None)
    if not caller.has(Role.ADMIN) or caller.office is None:
        return None
    return Manager(caller.sub, caller.office)


def grantable(office: str | None) -> tuple[Role, ...]:
    """The roles that people of an office may have; the first is the one without which the others mean nothing."""
    if office == SYSTEM:
        return (Role.OPERATOR, Role.SECURITY, Role.AUDITOR)
    if office == PROVINCE:
        return (Role.PROVINCE, Role.ADMIN)
    kind = (office or "").partition(":")[0]
    return (_KINDS[kind][1], Role.ADMIN) if kind in _KINDS else ()


def attributes(office: str) -> dict[str, list[str]]:
    """What an account of the office carries in Keycloak, for rights to come from."""
    kind, _, code = office.partition(":")
    return {_KINDS[kind][0]: [code]} if kind in _KINDS else {}


def office_of(given: Mapping[str, Sequence[str]], roles: Collection[Role]) -> str | None:
    """The office that an account's attributes and roles speak of; None when they speak of none, or of two."""
    named = [f"{kind}:{code}" for kind, (name, _) in _KINDS.items() for code in given.get(name, ())]
    if named:
        return named[0] if len(named) == 1 else None
    if Role.PROVINCE in roles:
        return PROVINCE
    return SYSTEM if HATS.intersection(roles) else None


def check_roles(office: str | None, roles: Collection[Role]) -> None:
    """Raises NotGrantable: an office's people have its own role, and no other but ``admin``; nobody wears two hats."""
    allowed = grantable(office)
    if not set(roles) <= set(allowed):
        raise NotGrantable("其中有不能授予该单位人员的角色。")
    if office == SYSTEM:
        if len(set(roles)) != 1:
            raise NotGrantable("系统管理员、安全管理员、审计管理员三员分立，每人只能担任其中一员。")
    elif allowed[:1] and allowed[0] not in roles:
        raise NotGrantable("须包含该单位的基本角色。")


def check_manages(by: Manager, person: Person) -> None:
    """Raises what stands against a change of the account by ``by``, who sees it."""
    if by.sub == person.id:
        raise Yourself
    if by.office is not None and not person.roles <= set(grantable(by.office)):
        raise Foreign


def is_administrator(person: Person) -> bool:
    """Whether the account is one of those of which its office needs one."""
    needed = Role.SECURITY if person.office == SYSTEM else Role.ADMIN
    return person.enabled and needed in person.roles


def check_remains(person: Person, after: Collection[Role] | None, colleagues: Collection[Person]) -> None:
    """Raises LastAdministrator when the change would leave the office none; ``after`` are the roles, None blocked."""
    needed = Role.SECURITY if person.office == SYSTEM else Role.ADMIN
    loses = is_administrator(person) and (after is None or needed not in after)
    if loses and not any(is_administrator(each) for each in colleagues if each.id != person.id):
        raise LastAdministrator


def actions(by: Manager, person: Person) -> list[str]:
    """What ``by`` may do with an account that it sees."""
    try:
        check_manages(by, person)
    except DomainError:
        return []
    return [
        *(["roles"] if grantable(person.office) else []),
        "block" if person.enabled else "unblock",
        *(["reset", "logout"] if person.enabled else []),
    ]


def factor(credential: Mapping[str, object]) -> str | None:
    """What kind of second factor a credential of Keycloak is, if it is one."""
    kind = credential["type"]
    return "totp" if kind == "otp" else "passkey" if kind in ("webauthn", "webauthn-passwordless") else None
