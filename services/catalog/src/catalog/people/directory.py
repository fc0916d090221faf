"""The people as Keycloak has them; nothing of them is kept here."""

import asyncio
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

from keycloak import KeycloakAdmin, KeycloakError
from keycloak.exceptions import KeycloakConnectionError, KeycloakDeleteError, raise_error_from_response

from catalog.people import rules
from catalog.people.rules import Person
from catalog.settings import CatalogSettings
from chassis import telemetry
from chassis.auth import SERVICE_ACCOUNT, Role
from chassis.problems import Invalid, NotFound, Problem

CLIENT = "zoneportal-people"
PORTAL = "zoneportal-portal"
DEMANDS = "zoneportal-second-factor"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_DOMAIN = ".zoneportal.internal"
_TOGETHER = 50
"""People whom Keycloak lists at once: what each costs grows with how many it has in hand."""

Json = dict[str, Any]


class Page(NamedTuple):
    """``total`` are all that there are; None where Keycloak does not count them."""

    people: list[Person]
    more: bool
    total: int | None


class Directory:
    """Asks Keycloak as a client of its own, which may manage people and nothing else. Raises Problems."""

    def __init__(self, settings: CatalogSettings) -> None:
        self._settings = settings

    @cached_property
    def keycloak(self) -> KeycloakAdmin:
        return KeycloakAdmin(
            server_url=self._settings.keycloak_url.rstrip("/") + "/",
            realm_name="zoneportal",
            client_id=CLIENT,
            client_secret_key=self._settings.people_secret,
            timeout=15,
        )

    async def page(self, office: str | None, search: str, first: int, most: int) -> Page:
        """People by name of account: of an office, or all. Nobody for an office that has no organization."""
        query: Json = {"first": first, "max": most + 1, "briefRepresentation": "false"}
        if search:
            query["search"] = search if office else " ".join(f"*{word}*" for word in search.split())
        with _asked():
            found, total = await (self._of_all(query) if office is None else self._of_office(office, query))
            people = await self._people(found[:most])
        more = len(found) > most
        return Page(people, more, total if more or total is not None else first + len(found))

    async def _of_all(self, query: Json) -> tuple[list[Json], int | None]:
        narrowed = {name: value for name, value in query.items() if name == "search"}
        found, total = await asyncio.gather(self.keycloak.a_get_users(query), self.keycloak.a_users_count(narrowed))
        return found, total

    async def _of_office(self, office: str, query: Json) -> tuple[list[Json], int | None]:
        """Those of an organization are counted as a whole alone."""
        organization = await self._organization(office)
        if organization is None:
            return [], 0
        id_, keycloak = organization["id"], self.keycloak
        if "search" in query:
            return await keycloak.a_get_organization_members(id_, query), None
        found, total = await asyncio.gather(
            keycloak.a_get_organization_members(id_, query), keycloak.a_get_organization_members_count(id_)
        )
        return found, total

    async def colleagues(self, office: str | None) -> list[Person]:
        """Everybody of an office."""
        accounts = [] if office is None else await self.accounts(office)
        with _asked():
            return await self._people(accounts)

    async def accounts(self, office: str) -> list[Json]:
        """Everybody of an office's organization, as Keycloak has them."""
        with _asked():
            organization = await self._organization(office)
            return [] if organization is None else await self._everybody(organization["id"])

    async def _everybody(self, organization: str) -> list[Json]:
        found: list[Json] = []
        for first in count(0, _TOGETHER):
            query = {"first": first, "max": _TOGETHER, "briefRepresentation": "false"}
            members = await self.keycloak.a_get_organization_members(organization, query)
            found += members
            if len(members) < _TOGETHER:
                break
        return found

    async def _people(self, users: Collection[Json]) -> list[Person]:
        return list(await asyncio.gather(*map(self._person, users)))

    async def person(self, id_: str) -> Person | None:
        """None for whom Keycloak does not know, and for what is no person."""
        try:
            with _asked():
                user = await self.keycloak.a_get_user(id_)
                return None if user["username"].startswith(SERVICE_ACCOUNT) else await self._person(user)
        except NotFound:
            return None

    async def belongs(self, office: str, id_: str) -> bool:
        """Whether the organization of an office has the person."""
        with _asked():
            organizations = await self.keycloak.a_get_user_organizations(id_)
        return any(_office(each) == office for each in organizations)

    async def _person(self, user: Json) -> Person:
        given = {role["name"] for role in await self.keycloak.a_get_realm_roles_of_user(user["id"])}
        roles = frozenset(role for role in Role if role in given)
        return Person(
            id=user["id"],
            username=user["username"],
            name=name_of(user),
            email=user.get("email") or "",
            enabled=user["enabled"],
            office=rules.office_of(user.get("attributes") or {}, roles),
            roles=roles,
        )

    async def offices(self) -> list[tuple[str, str]]:
        """Every office that has an organization, with its name."""
        with _asked():
            organizations = await self.keycloak.a_get_organizations()
        known = [(office, each["name"]) for each in organizations if (office := _office(each))]
        return sorted(known)

    async def _organization(self, office: str) -> Json | None:
        kind, _, code = office.partition(":")
        domain = f"{code}.{kind}{_DOMAIN}" if code else f"{office}.office{_DOMAIN}"
        found = await self.keycloak.a_get_organizations({"search": domain, "exact": "true", "first": 0, "max": 1})
        return found[0] if found else None

    async def create(self, given: Mapping[str, str], office: str, roles: Collection[Role]) -> str:
        """A new account, whole or not at all: it is let in when it has all that it shall have."""
        with _asked():
            organization = await self._organization(office)
            if organization is None:
                raise rules.WrongOffice("没有这个单位，或该单位尚未建立组织。")
            account = {
                "username": given["username"],
                "firstName": given["name"],
                "email": given["email"],
                "enabled": False,
                "attributes": rules.attributes(office),
                "requiredActions": ["UPDATE_PASSWORD"],
            }
            id_ = await self.keycloak.a_create_user(account)
            try:
                await self._give(id_, roles)
                await self.keycloak.a_organization_user_add(id_, organization["id"])
                await self._update(id_, enabled=True)
            except BaseException:
                await asyncio.shield(self.keycloak.a_delete_user(id_))
                raise
            return str(id_)

    async def taken(self, field: str, value: str) -> bool:
        """Whether somebody has this ``username`` or ``email``."""
        with _asked():
            return bool(await self.keycloak.a_get_users({field: value, "exact": "true", "first": 0, "max": 1}))

    async def remove(self, id_: str) -> None:
        """Takes back an account that was just made."""
        with _asked():
            await self.keycloak.a_delete_user(id_)

    async def write_to(self, id_: str, actions: Collection[str]) -> bool:
        """Has Keycloak send the link by which the person does these; whether it could."""
        with _asked():
            try:
                await self.keycloak.a_send_update_account(id_, list(actions), client_id=PORTAL)
            except KeycloakError as error:
                if error.response_code != 500 and "email" not in str(error).lower():
                    raise
                telemetry.log.warning("mail of an account was not sent: %s", error.response_code)
                return False
        return True

    async def new_password(self, id_: str) -> str:
        """A password for one login, at which the person chooses another."""
        made = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        with _asked():
            await self.keycloak.a_set_user_password(id_, made, temporary=True)
        return made

    async def set_roles(self, person: Person, roles: Collection[Role]) -> None:
        """Gives and takes what differs, of the roles that people have."""
        with _asked():
            if surplus := person.roles.intersection(rules.MANAGED) - set(roles):
                have = await self.keycloak.a_get_realm_roles_of_user(person.id)
                await self.keycloak.a_delete_realm_roles_of_user(
                    person.id, [role for role in have if role["name"] in surplus]
                )
            await self._give(person.id, set(roles) - person.roles)

    async def _give(self, id_: str, roles: Collection[Role]) -> None:
        if roles:
            open_ = await self.keycloak.a_get_available_realm_roles_of_user(id_)
            await self.keycloak.a_assign_realm_roles(id_, [role for role in open_ if role["name"] in set(roles)])

    async def set_enabled(self, id_: str, enabled: bool) -> None:
        """Lets an account in, or keeps it out and ends its sessions."""
        with _asked():
            await self._update(id_, enabled=enabled)
            if not enabled:
                await self.keycloak.a_user_logout(id_)

    async def set_attribute(self, id_: str, name: str, values: list[str]) -> None:
        """One attribute of an account; the others stay."""
        with _asked():
            user = await self.keycloak.a_get_user(id_)
            attributes = {**(user.get("attributes") or {}), name: values}
            await self.keycloak.a_update_user(id_, user | {"attributes": attributes})

    async def second_factors(self, id_: str) -> list[Json]:
        """TOTP and passkeys, oldest first."""
        with _asked():
            credentials = await self.keycloak.a_get_credentials(id_)
        found = [(kind, each) for each in credentials if (kind := rules.factor(each))]
        return [
            {
                "id": each["id"],
                "kind": kind,
                "label": each.get("userLabel") or "",
                "since": _instant(each["createdDate"]),
            }
            for kind, each in found
        ]

    async def forget_second_factors(self, id_: str) -> None:
        """The next login asks for a new one."""
        factors = await self.second_factors(id_)
        with _asked():
            for each in factors:
                await self.keycloak.a_delete_credential(id_, each["id"])
            await self._demand(id_, "CONFIGURE_TOTP")

    async def forget_password(self, id_: str) -> str:
        """The old one is refused from now on; the new one is for one login, or for nobody."""
        made = await self.new_password(id_)
        with _asked():
            await self._demand(id_, "UPDATE_PASSWORD")
        return made

    async def _demand(self, id_: str, action: str) -> None:
        user = await self.keycloak.a_get_user(id_)
        wanted = sorted({*user.get("requiredActions", ()), action})
        await self.keycloak.a_update_user(id_, user | {"requiredActions": wanted})

    async def sessions(self, id_: str) -> list[Json]:
        """Where the person is logged in, the last used first."""
        with _asked():
            found = await self.keycloak.a_get_sessions(id_)
        return [
            {
                "id": each["id"],
                "address": each["ipAddress"],
                "since": _instant(each["start"]),
                "last": _instant(each["lastAccess"]),
                "clients": sorted(each.get("clients", {}).values()),
            }
            for each in sorted(found, key=lambda each: each["lastAccess"], reverse=True)
        ]

    async def end(self, id_: str, session: str | None) -> None:
        """Ends one session of the person, or all; 404 for one that is not the person's."""
        if session is not None and session not in {each["id"] for each in await self.sessions(id_)}:
            raise NotFound
        with _asked():
            if session is None:
                await self.keycloak.a_user_logout(id_)
            else:
                path = f"admin/realms/{self.keycloak.connection.realm_name}/sessions/{session}"
                raise_error_from_response(await self.keycloak.connection.a_raw_delete(path), KeycloakDeleteError)

    async def demanded(self) -> list[Role]:
        """The roles of whose people a second factor is demanded, in their order."""
        with _asked():
            client = await self._demands()
            brought = await asyncio.gather(
                *(self.keycloak.a_get_composite_client_roles_of_role(client, role.value) for role in rules.MANAGED)
            )
        return [role for role, others in zip(rules.MANAGED, brought, strict=True) if others]

    async def demand(self, before: Collection[Role], after: Collection[Role]) -> None:
        """Keycloak's login asks everybody whose roles bring the role ``demanded``."""
        with _asked():
            client = await self._demands()
            demanded = [await self.keycloak.a_get_client_role(client, "demanded")]
            for role in set(after) - set(before):
                await self.keycloak.a_add_composite_client_roles_to_role(client, role.value, demanded)
            for role in set(before) - set(after):
                await self.keycloak.a_remove_composite_client_roles_from_role(client, role.value, demanded)

    async def _demands(self) -> str:
        return str(await self.keycloak.a_get_client_id(DEMANDS))

    async def _update(self, id_: str, **changes: object) -> None:
        await self.keycloak.a_update_user(id_, await self.keycloak.a_get_user(id_) | changes)


@contextmanager
def _asked() -> Iterator[None]:
    """Says what Keycloak answers in our words."""
    try:
        yield
    except KeycloakConnectionError as error:
        raise _away() from error
    except KeycloakError as error:
        if error.response_code == 404:
            raise NotFound from error
        if error.response_code == 409:
            raise rules.Taken("/body/email" if "email" in str(error) else "/body/username") from error
        if error.response_code == 400:
            telemetry.log.warning("Keycloak refuses an account: %s", error)
            raise Invalid("/body", "统一身份认证不接受这些内容") from error
        telemetry.log.error("Keycloak: %s", error)
        raise _away() from error


def name_of(user: Json) -> str:
    """What the owner of an account is called."""
    return " ".join(filter(None, (user.get("lastName"), user.get("firstName"))))


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _away() -> Problem:
    return Problem(503, "accounts-away", "统一身份认证暂时不可用，请稍后重试。", headers={"Retry-After": "5"})


def _office(organization: Mapping[str, Any]) -> str | None:
    """The office whose organization it is; None for one that is not of the product."""
    for domain in organization.get("domains") or ():
        alias, _, kind = domain["name"].removesuffix(_DOMAIN).rpartition(".")
        if domain["name"].endswith(_DOMAIN) and alias == organization["alias"] and kind in ("zone", "unit", "office"):
            return alias if kind == "office" else f"{kind}:{alias}"
    return None
