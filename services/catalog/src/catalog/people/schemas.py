"""What the people's API takes and returns."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chassis.auth import Role
from chassis.schemas import Input, Line, Output, Storable

Username = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]+([._-][a-z0-9]+)*$", min_length=3, max_length=40)]
_BAD = r"<>&\"$%!#?§;*~/\\|^=\[\]{}()\x00-\x1f\x7f"
"""What Keycloak takes in no name."""
_NAME = rf"^[^\s{_BAD}]([^{_BAD}]*[^\s{_BAD}])?$"
PersonName = Annotated[str, StringConstraints(pattern=_NAME, min_length=1, max_length=50), Storable]
Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*@[A-Za-z0-9]+([-][A-Za-z0-9]+)*(\.[A-Za-z0-9]+([-][A-Za-z0-9]+)*)+$",
        max_length=64,
    ),
]
Office = Annotated[
    str,
    StringConstraints(pattern=r"^(province|system|(zone|unit):[a-z][a-z0-9-]{0,30})$"),
    Field(description="`province`, `zone:<code>`, `unit:<code>`, or `system` for the three hats"),
]
SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Given = Annotated[Role, Field(strict=False)]
Roles = Annotated[list[Given], Field(min_length=1, max_length=4)]


class PersonIn(Input):
    """Somebody new; is written to, to choose a password."""

    username: Username
    name: PersonName
    email: Email
    office: Office
    roles: Roles


class RolesIn(Input):
    """All roles that the person shall have."""

    roles: Roles


class Blocking(Input):
    reason: Line


class ResetIn(Input):
    """What is taken from the account, and has to be chosen anew at the next login."""

    what: Annotated[list[Literal["password", "second_factors"]], Field(min_length=1, max_length=2)]


class LogoutIn(Input):
    """Without ``session`` all of them end."""

    session: SessionId | None = None


class Demands(Input):
    """All roles of which a second factor shall be demanded."""

    roles: Annotated[list[Given], Field(max_length=8)]


class DemandsOut(Output):
    """``roles`` are those of which it is demanded, ``open`` those of which it can be."""

    roles: list[Role]
    open: list[Role]
    version: int


class PersonBrief(Output):
    """``office`` is null for an account whose rights fit none."""

    id: str
    username: str
    name: str
    email: str
    enabled: bool
    office: str | None
    roles: list[Role]


class PersonOut(PersonBrief):
    """An account; ``grantable`` are the roles that it may have, ``actions`` what the caller may do with it."""

    version: int
    grantable: list[Role]
    actions: list[Literal["roles", "block", "unblock", "reset", "logout"]]


class SecondFactor(Output):
    kind: Literal["totp", "passkey"]
    label: str
    since: datetime


class SessionOut(Output):
    """A login that lasts; ``clients`` are those by which it was used."""

    id: str
    address: str
    since: datetime
    last: datetime
    clients: list[str]


class PersonWhole(PersonOut):
    second_factors: list[SecondFactor]
    sessions: list[SessionOut]


class AccountsOut(Output):
    """Of a zone's ``people`` so many are its ``administrators``; who is blocked does not count."""

    people: int
    administrators: int


class OfficeOut(Output):
    """An office whose people the caller manages, with the roles that these may have."""

    office: str
    name: str
    roles: list[Role]


class PersonPage(Output):
    """``total`` is null for a search within one office that has more pages: Keycloak does not count those."""

    items: list[PersonBrief]
    next: str | None
    total: int | None
    offices: list[OfficeOut]


class Invited(PersonOut):
    """``mailed``: the person was written to. Else ``password``, shown this once, is good for one login."""

    mailed: bool
    password: str | None


class Sheet(Output):
    items: list[Invited]


class Reset(Invited):
    """``password`` is null as well when it was not reset."""
