"""The same work done by another system, with the same data on the same machine and the same PostgreSQL: 25 lines, one
line and a report on it, against 25 issues, one issue and a change of it in Redmine. One process each of Redmine and of
the API, ours through the gateway with tokens and all rights, Redmine's directly as an administrator.
"""

import asyncio
import itertools
import json
from collections.abc import Iterator, Sequence
from uuid import uuid4

from bench.alternating import Goal, Measured, by_turns, least
from bench.lists import authorized
from bench.load import CONNECTIONS, Asked, compared, written
from bench.peers import redmine
from bench.peers.redmine import Redmine
from bench.writes import REPORT, chosen
from deploy.local.system import System
from tests.support import PROGRESS, Json, line, lines

READER, ROUNDS = "province.admin", 5
ENOUGH = 500
"""More writes than a connection has answered in a round."""
JSON = {"Content-Type": "application/json"}


async def measure(system: System) -> list[Measured]:
    known = await asyncio.to_thread(lines, system, READER)
    with redmine.served(system, known) as peer:

        async def read(what: str, theirs: str, ours: str, goal: Goal | None = None) -> Measured:
            own = Asked(f"{_progress(system)}/{ours}", authorized(system, READER))
            return await compared(what, Asked(f"{peer.base}/{theirs}", peer.headers), own, goal, ROUNDS)

        issue, first = f"issues/{peer.issues[0]}.json", f"lines/{known[0]['id']}"
        return [
            await read("25 lines, against 25 issues of Redmine", "issues.json?limit=25", "lines?limit=25", least(50)),
            await read("a line, against an issue of Redmine", issue, first),
            await _writing(system, peer),
        ]


def _progress(system: System) -> str:
    return f"{system.endpoints['gateway']}{PROGRESS}"


async def _writing(system: System, peer: Redmine) -> Measured:
    """Each connection has a thing of its own, which it changes again and again."""
    own, numbers = chosen(system)[:CONNECTIONS], itertools.count()

    async def theirs() -> float:
        return await written([_changes(peer, issue, numbers) for issue in peer.issues[:CONNECTIONS]])

    async def ours() -> float:
        return await written(await asyncio.to_thread(_reports, system, own, numbers))

    rounds = await by_turns(theirs, ours, ROUNDS)
    return Measured.of("a report, against a change of an issue of Redmine", rounds, "/s", least(10))


def _changes(peer: Redmine, issue: int, numbers: Iterator[int]) -> list[Asked]:
    """How far it is, and a note."""
    return [
        Asked(
            f"{peer.base}/issues/{issue}.json",
            {**peer.headers, **JSON},
            204,
            "PUT",
            json.dumps({"issue": {"done_ratio": number % 100, "notes": REPORT["done"]}}),
        )
        for number in itertools.islice(numbers, ENOUGH)
    ]


def _reports(system: System, own: Sequence[Json], numbers: Iterator[int]) -> list[list[Asked]]:
    """On each line, from its present version on; each takes the place of the one before."""
    found = []
    for each in own:
        version, path = line(system, each["id"])["version"], f"{_progress(system)}/lines/{each['id']}/reports"
        authority = authorized(system, f"{each['jurisdiction']}.admin")
        found.append(
            [
                Asked(
                    path,
                    {**authority, **JSON, "If-Match": f'"{version + done}"', "Idempotency-Key": str(uuid4())},
                    201,
                    "POST",
                    json.dumps(REPORT | {"percent": number % 100}),
                )
                for done, number in enumerate(itertools.islice(numbers, ENOUGH))
            ]
        )
    return found
