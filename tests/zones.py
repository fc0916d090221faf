"""Zones that join while everything runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from deploy.local.keycloak import realm_env
from deploy.local.system import System
from realm.declaration import REALM
from realm.demo import Person
from realm.provision import connect
from tests.support import CATALOG, PROGRESS, Json, pages, until


@contextmanager
def linked_zone(system: System, **over: str) -> Iterator[Json]:
    """A linked zone that progress knows, with ``<code>.admin`` as its person: ``user``."""
    mark = uuid4().hex[:6]
    zone = {"code": f"lz{mark}", "name": f"{mark}联动创新区", "kind": "linked"} | over
    with system.client("province.admin") as client:
        added = client.post(f"{CATALOG}/zones", json=zone)
    assert added.status_code == 201, added.text
    env = realm_env(system.instance)
    admin = connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])
    person = Person(f"{zone['code']}.admin", zone["name"], ("city",), tenant=zone["code"])
    users = [person.representation(system.password)]
    admin.partial_import_realm(REALM, {"ifResourceExists": "FAIL", "users": users})
    until(
        lambda: (
            zone["code"] in [place["code"] for place in pages(system, "province.admin", f"{PROGRESS}/jurisdictions")]
        )
    )
    yield zone | {"user": person.username}
    admin.delete_user(str(admin.get_user_id(person.username)))
