"""People, organizations and an integrator to try the product with; never part of a real deployment."""

from collections.abc import Iterator
from dataclasses import dataclass

from keycloak import KeycloakAdmin

from realm import declaration, registration
from realm.clients import Client, command_line, integrator
from realm.declaration import REALM, Representation
from realm.settings import DemoSettings

INTEGRATOR = "integrator-hefei"


@dataclass(frozen=True)
class Organization:
    """``domain`` is that of the catalog's organizations: ``zone`` or ``unit``."""

    alias: str
    name: str
    domain: str

    @property
    def representation(self) -> Representation:
        return declaration.organization(self.alias, self.name, self.domain)


@dataclass(frozen=True)
class Person:
    """``tenant`` and ``unit`` are the attributes that rights come from."""

    username: str
    name: str
    roles: tuple[str, ...]
    organization: str | None = None
    tenant: str | None = None
    unit: str | None = None

    def representation(self, password: str) -> Representation:
        rights = {"tenant": self.tenant, "unit": self.unit}
        return {
            "username": self.username,
            "firstName": self.name,
            "email": f"{self.username}@zoneportal.internal",
            "emailVerified": True,
            "enabled": True,
            "attributes": {name: [code] for name, code in rights.items() if code},
            "realmRoles": [f"default-roles-{REALM}", *self.roles],
            "credentials": [{"type": "password", "value": password, "temporary": False}],
        }


ORGANIZATIONS = (
    Organization("hefei", "合肥片区", "zone"),
    Organization("wuhu", "芜湖片区", "zone"),
    Organization("bengbu", "蚌埠片区", "zone"),
    Organization("swt", "省商务厅", "unit"),
    Organization("hfhg", "合肥海关", "unit"),
)
PEOPLE = (
    Person("province.admin", "省自贸办管理员", ("province", "admin"), "province"),
    Person("hefei.admin", "合肥片区管理员", ("city", "admin"), "hefei", tenant="hefei"),
    Person("wuhu.admin", "芜湖片区管理员", ("city", "admin"), "wuhu", tenant="wuhu"),
    Person("bengbu.admin", "蚌埠片区管理员", ("city", "admin"), "bengbu", tenant="bengbu"),
    Person("dept.swt", "省商务厅联络员", ("department",), "swt", unit="swt"),
    Person("swt.admin", "省商务厅管理员", ("department", "admin"), "swt", unit="swt"),
    Person("dept.hfhg", "合肥海关联络员", ("department",), "hfhg", unit="hfhg"),
    Person("auditor.demo", "审计管理员", ("auditor",), "system"),
    Person("operator.demo", "运维管理员", ("operator",), "system"),
    Person("security.demo", "安全管理员", ("security",), "system"),
)


def clients(settings: DemoSettings) -> list[Client]:
    """The clients that only a demo has."""
    return [command_line(), integrator(INTEGRATOR, settings.demo_integrator_secret, ["hefei"])]


def provision(admin: KeycloakAdmin, settings: DemoSettings) -> Iterator[str]:
    """What is there already is left as it is; only memberships come back."""
    yield from registration.register(admin, clients(settings))
    yield from _people(admin, settings.demo_password)
    yield from _organizations(admin)


def _people(admin: KeycloakAdmin, password: str) -> Iterator[str]:
    """The import makes each person whole, with password and roles, or not at all."""
    missing = [person for person in PEOPLE if admin.get_user_id(person.username) is None]
    if missing:
        users = [person.representation(password) for person in missing]
        admin.partial_import_realm(REALM, {"ifResourceExists": "SKIP", "users": users})
    yield from ("person made" for _ in missing)


def _organizations(admin: KeycloakAdmin) -> Iterator[str]:
    known = {organization["alias"]: organization["id"] for organization in admin.get_organizations()}
    for organization in ORGANIZATIONS:
        if organization.alias not in known:
            known[organization.alias] = admin.create_organization(organization.representation)
            yield f"organization {organization.alias} made"
    for alias in sorted({person.organization for person in PEOPLE if person.organization}):
        yield from _members(admin, alias, known[alias])


def _members(admin: KeycloakAdmin, alias: str, id_: str) -> Iterator[str]:
    present = {member["username"] for member in admin.get_organization_members(id_)}
    for person in PEOPLE:
        if person.organization == alias and person.username not in present:
            admin.organization_user_add(str(admin.get_user_id(person.username)), id_)
            yield f"person of {alias} joined"
