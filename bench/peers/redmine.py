"""Redmine as Debian packages it: a database on the system's PostgreSQL, the lines as issues, one process of puma."""

import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.copies import answers, psql, unused
from bench.load import CONNECTIONS
from bench.peers import debian
from deploy.local import processes
from deploy.local.instance import ROOT
from deploy.local.processes import Command
from deploy.local.system import System
from tests.support import Json, until

PACKAGES = ("redmine", "redmine-pgsql", "puma", "dash", "coreutils")
FOLDER = ROOT / ".run" / "bench" / "redmine"
HOME, DATA = "/usr/share/redmine", "var/lib/redmine/default"
ENV = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/tmp",  # noqa: S108 - within its root
    "LANG": "C.UTF-8",
    "RAILS_ENV": "production",
    "REDMINE_LANG": "en",
    "SCHEMA": "/dev/null",  # where migrations write what the tables have become
    "BUNDLE_SILENCE_ROOT_WARNING": "1",
}
STATES = {
    "not_started": "New",
    "in_progress": "In Progress",
    "submitted": "Resolved",
    "confirmed": "Closed",
    "suspended": "Feedback",
}
"""Of a line, as that of an issue in the data that Redmine begins with."""
ADMIN, MANAGER = 1, 3


@dataclass(frozen=True)
class Redmine:
    """What it takes to ask as its administrator, whom no right is checked for, and the ids of the issues."""

    base: str
    headers: Mapping[str, str]
    issues: Sequence[int]


@contextmanager
def served(system: System, lines: Sequence[Json]) -> Iterator[Redmine]:
    """With these lines. Installed first, if it is not; the database is a new one. It has a thread for each connection,
    since puma turns away those that wait for one.
    """
    root, key, port = debian.install(FOLDER, PACKAGES), secrets.token_hex(20), unused()
    env = ENV | {"SECRET_KEY_BASE": secrets.token_hex(64)}
    _make_database(system, root, key, env)
    puma = ("puma", "--threads", f"{CONNECTIONS}:{CONNECTIONS}", "--bind", f"tcp://127.0.0.1:{port}", "config.ru")
    command = Command(debian.within(root, HOME, *puma), ROOT, env)
    process = processes.start(command, system.instance.log("redmine"), ROOT)
    base, headers = f"http://127.0.0.1:{port}", {"X-Redmine-API-Key": key}
    try:
        until(lambda: answers(f"{base}/login"), 120)
        with httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=60) as client:
            yield Redmine(base, headers, _fill(client, lines))
    finally:
        process.terminate()
        process.wait()


def _make_database(system: System, root: Path, key: str, env: Mapping[str, str]) -> None:
    """With what Redmine begins with; its API answers whoever knows the key, and nobody gets mails."""
    own = f"{system.database('progress').rpartition('/')[0]}/redmine"
    psql(system.database("progress"), "DROP DATABASE IF EXISTS redmine WITH (FORCE); CREATE DATABASE redmine;")
    for folder in ("config", "log", "files", "tmp", "public/plugin_assets"):
        (root / DATA / folder).mkdir(parents=True, exist_ok=True)
    told = f"production:\n  adapter: postgresql\n  url: {own}\n  pool: {CONNECTIONS}\n"
    (root / DATA / "config" / "database.yml").write_text(told)
    for command in (
        "bundle install --local",
        "bundle exec rake db:migrate",
        "bundle exec rake redmine:load_default_data",
    ):
        _run(root, env, command)
    psql(
        own,
        f"""INSERT INTO settings (name, value, updated_on)
            VALUES ('rest_api_enabled', '1', now()), ('notified_events', '--- []', now());
            INSERT INTO tokens (user_id, action, value, created_on) VALUES ({ADMIN}, 'api', '{key}', now());
            ANALYZE""",  # noqa: S608 - a number and hexadecimal digits
    )


def _run(root: Path, env: Mapping[str, str], command: str) -> None:
    argv = debian.within(root, HOME, *command.split())
    done = subprocess.run(argv, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{command} of Redmine failed\n{done.stderr}")


def _fill(client: httpx.Client, lines: Sequence[Json]) -> list[int]:
    """A project and an account for each jurisdiction, an issue for each line; the ids of the issues."""
    statuses = {status["name"]: status["id"] for status in client.get("/issue_statuses.json").json()["issue_statuses"]}
    places = {line["jurisdiction"]: line["jurisdiction_name"] for line in lines}
    owners = {place: _owner(client, place, name) for place, name in places.items()}
    return [
        _made(
            client,
            "/issues",
            "issue",
            project_id=owners[line["jurisdiction"]][0],
            assigned_to_id=owners[line["jurisdiction"]][1],
            subject=line["task"]["title"],
            description="、".join(unit["name"] for unit in line["units"]),
            status_id=statuses[STATES[line["state"]]],
            done_ratio=line["percent"],
            start_date=line["opened_on"],
            due_date=line["due"],
        )
        for line in lines
    ]


def _owner(client: httpx.Client, place: str, name: str) -> tuple[int, int]:
    """The ids of a jurisdiction's project and account."""
    project = _made(client, "/projects", "project", name=name, identifier=place, is_public=False)
    password, mail = secrets.token_urlsafe(18), f"{place}@zoneportal.internal"
    account = _made(
        client, "/users", "user", login=place, firstname=name, lastname="办公室", mail=mail, password=password
    )
    _made(client, f"/projects/{project}/memberships", "membership", user_id=account, role_ids=[MANAGER])
    return project, account


def _made(client: httpx.Client, path: str, kind: str, **given: object) -> int:
    answer = client.post(f"{path}.json", json={kind: given})
    if answer.status_code != 201:
        raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
    return int(answer.json()[kind]["id"])
