"""The secrets of a system of containers, made once: a folder for each process, in it a file for each setting.

A process reads its own folder alone, as ``/run/secrets``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from deploy.local import credentials
from deploy.local.ports import SERVICES

Files = dict[str, str]
_CLIENTS = {
    "catalog": "catalog_client",
    "notify": "notify_client",
    "portal": "portal_client",
    "grants": "grants_client",
    "people": "people_client",
}
_PROCESSES = {"migration": "owner", "api": "api", "worker": "worker"}


def provision(folder: Path) -> None:
    """Only root may look into ``folder`` as a whole; each process's own folder is mounted into its container."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, files in folders(credentials.load(folder / "passwords.json")).items():
        home = folder / name
        home.mkdir(exist_ok=True)
        home.chmod(0o755)
        for file, text in files.items():
            (home / file).write_text(text)
            (home / file).chmod(0o644)


def manifests(passwords: dict[str, str]) -> str:
    """The passwords as a list of Kubernetes Secrets, named as the folders are."""
    items = [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": files}
        for name, files in folders(passwords).items()
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=2)


def folders(passwords: dict[str, str]) -> dict[str, Files]:
    """The files by process."""
    realm = {
        "ZP_KEYCLOAK_ADMIN_PASSWORD": passwords["keycloak_admin"],
        **{f"ZP_{name.upper()}_SECRET": passwords[key] for name, key in _CLIENTS.items()},
    }
    demo = {"ZP_DEMO_PASSWORD": passwords["demo"]}
    return {
        **dict(_services(passwords)),
        "postgres": {"username": "postgres", "password": passwords["postgres"]},
        "databases": _databases(passwords),
        "keycloak": {
            "keycloak.conf": _keycloak(passwords),
            "username": "keycloak",
            "password": passwords["keycloak_db"],
        },
        "keycloak-admin": {"username": "admin", "password": passwords["keycloak_admin"]},
        "realm": realm,
        "kafka": {
            "ZP_KAFKA_BROKER_PASSWORD": passwords["kafka_broker"],
            "ZP_KAFKA_PASSWORD": passwords["kafka_admin"],
        },
        "topics": {
            "ZP_KAFKA_PASSWORD": passwords["kafka_admin"],
            "ZP_KAFKA_USERS": json.dumps({service: passwords[f"kafka_{service}"] for service in SERVICES}),
        },
        "backup": {
            "ZP_SUPERUSER_URL": _database("postgres", "postgres", passwords["postgres"]),
            "ZP_KAFKA_PASSWORD": passwords["kafka_admin"],
        },
        "grafana": {"password": passwords["grafana"]},
        "people": {**realm, **demo, "ZP_DEMO_INTEGRATOR_SECRET": passwords["integrator-hefei_client"]},
        "seed": demo,
    }


def _services(passwords: dict[str, str]) -> Iterator[tuple[str, Files]]:
    for service in (*SERVICES, "portal"):
        for process, role in _PROCESSES.items():
            if (service, process) == ("portal", "worker"):
                continue
            files = {"ZP_DATABASE_URL": _database(service, f"{service}_{role}", passwords[f"{service}_{role}"])}
            if service in _CLIENTS:
                files["ZP_OIDC_CLIENT_SECRET"] = passwords[_CLIENTS[service]]
            if process == "worker":
                files["ZP_KAFKA_PASSWORD"] = passwords[f"kafka_{service}"]
            if (service, process) == ("notify", "worker"):
                files["ZP_GRANTS_SECRET"] = passwords[_CLIENTS["grants"]]
            if (service, process) == ("catalog", "api"):
                files["ZP_PEOPLE_SECRET"] = passwords[_CLIENTS["people"]]
            yield f"{service}-{process}", files


def _database(name: str, user: str, password: str) -> str:
    return f"postgresql://{user}:{password}@postgres:5432/{name}"


def _databases(passwords: dict[str, str]) -> Files:
    roles = {
        f"{service}_{role}": passwords[f"{service}_{role}"]
        for service in (*SERVICES, "portal")
        for role in _PROCESSES.values()
    }
    return {
        "ZP_SUPERUSER_URL": _database("postgres", "postgres", passwords["postgres"]),
        "ZP_ROLE_PASSWORDS": json.dumps({**roles, "keycloak": passwords["keycloak_db"]}),
    }


def _keycloak(passwords: dict[str, str]) -> str:
    return (
        f"db-password={passwords['keycloak_db']}\n"
        f"bootstrap-admin-username=admin\nbootstrap-admin-password={passwords['keycloak_admin']}\n"
    )
