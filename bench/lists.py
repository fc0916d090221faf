"""A list of 25 lines, and what the gateway costs, in requests a second.

The baseline of the list is the service's own statement, recorded from it, behind the least that answers it
(``bench/bare.py``), by the superuser, whom row-level security does not hold.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx

from bench import recording
from bench.alternating import Measured, least
from bench.copies import answers, unused
from bench.load import Asked, compared
from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.support import PROGRESS, until

READERS = {"province.admin": "lines?limit=25", "hefei.admin": "lines?limit=25&jurisdiction=hefei"}


async def measure(system: System) -> list[Measured]:
    found = []
    for user in READERS:
        who = user.partition(".")[0]
        through = asked(system, user, system.endpoints["gateway"])
        direct = asked(system, user, system.endpoints["components"]["progress-api"])
        with bare(system, user) as (least_, _):
            what = f"{who}: 25 lines through gateway, token, row-level security"
            found.append(await compared(what, least_, through, least(0.7)))
        what = f"{who}: 25 lines through the gateway, against the service"
        found.append(await compared(what, direct, through, least(0.85)))
    return found


def asked(system: System, user: str, way: str) -> Asked:
    return Asked(f"{way}{PROGRESS}/{READERS[user]}", authorized(system, user))


def authorized(system: System, user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {system.token(user)}"}


@contextmanager
def bare(system: System, user: str) -> Iterator[tuple[Asked, Sequence[int]]]:
    """The bare list of a user's lines and the processes behind it. The statement gives one line more, by which the
    service knows of the next page.
    """
    ours = asked(system, user, system.endpoints["gateway"])
    statement = f"""SELECT '{{"items":[' || array_to_string((array_agg(item_json))[1:25], ',') || '],"next":null}}'
                    FROM ({_statement(system, READERS[user], ours.headers)}) page"""  # noqa: S608
    told = {"port": unused(), "database": system.database("progress"), "statement": statement}
    process = subprocess.Popen([sys.executable, "-m", "bench.bare"], stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdin is not None  # noqa: S101 - a pipe
    with process.stdin:
        process.stdin.write(json.dumps(told).encode())
    address = f"http://127.0.0.1:{told['port']}/lines"
    try:
        until(lambda: answers(address))
        _same(address, ours)
        yield Asked(address), (process.pid, system.components["postgres"]["pid"])
    finally:
        process.terminate()
        process.wait()


def _statement(system: System, path: str, headers: Mapping[str, str]) -> str:
    """That of the list, whose rows are its items as JSON."""
    with recording.progress(system, "progress_recorded") as (base, said):
        httpx.get(base + path, headers=headers, trust_env=False).raise_for_status()
        return next(each for each in said() if "item_json" in each.statement).whole()


def _same(address: str, ours: Asked) -> None:
    """The baseline answers what we answer, or nothing is compared."""
    one = httpx.get(address, trust_env=False).json()["items"]
    other = httpx.get(ours.url, headers=ours.headers, trust_env=False).json()["items"]
    if one != other or len(one) != 25:
        raise AssertionError("the bare list has other lines")
