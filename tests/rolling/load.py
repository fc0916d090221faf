"""About fifty requests a second through the gateway: people of several roles read, offices report and the province
decides. Nobody tries again: what is not answered as it should be is a failure.
"""

import itertools
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from chassis.events import Event
from deploy.local.system import TLS, System
from tests.chaos import checks
from tests.chaos.model import Line
from tests.chaos.office import OFFICES, Office, Tokens, untouched
from tests.support import CATALOG, NOTIFY, PROGRESS

READS = {
    "province.admin": (f"{PROGRESS}/lines?limit=25", f"{PROGRESS}/overview", f"{NOTIFY}/inbox?limit=20"),
    "hefei.admin": (f"{PROGRESS}/lines?limit=25", f"{NOTIFY}/inbox/summary", f"{CATALOG}/tasks?limit=25"),
    "dept.swt": (f"{PROGRESS}/lines?limit=25", f"{NOTIFY}/inbox?limit=20", f"{CATALOG}/units?limit=50"),
    "auditor.demo": (f"{PROGRESS}/lines?limit=25", f"{CATALOG}/plans?limit=25"),
    "": ("/",),
}
READ_SECONDS = 0.1
"""From one request of a user who reads to the next."""
READERS = 4
"""Of each user, who take turns: an answer that is slow does not hold the next request up."""
Published = Callable[[System, Sequence[Line]], Awaitable[list[Event]]]


def tried_again(system: System) -> int:
    """How often the gateway sent a request once more since its start."""
    admin = f"http://{system.instance.address('gateway_admin')}/stats"
    stats = httpx.get(admin, params={"filter": "upstream_rq_retry$"}, trust_env=False).text
    return sum(int(line.rpartition(" ")[2]) for line in stats.splitlines())


class Turns:
    """What a user asks for, one after the other, and when it is due."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._lock, self._due, self._paths = threading.Lock(), time.monotonic(), itertools.cycle(paths)

    def take(self) -> tuple[float, str]:
        with self._lock:
            self._due = max(self._due + READ_SECONDS, time.monotonic())
            return self._due, next(self._paths)


class Strict(Office):
    """An office that takes no failure: it stops at the first one."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.failures: list[str] = []

    def work(self, stop: threading.Event) -> None:
        try:
            super().work(stop)
        except (httpx.TransportError, AssertionError) as error:
            self.failures.append(f"{self.user} {error!r}")

    def _post(self, client: httpx.Client, user: str, line: Line, path: str, body: dict[str, Any]) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self._tokens[user]}",
            "If-Match": f'"{line.version}"',
            "Idempotency-Key": str(uuid4()),
        }
        answer = client.post(f"{PROGRESS}/lines/{line.id}/{path}", json=body, headers=headers)
        assert answer.status_code == 201, f"{path}: {answer.status_code} {answer.text}"
        self.acknowledged += 1
        return answer


class Load:
    """``failures`` says what went wrong, ``asked`` how much was asked."""

    def __init__(self, system: System) -> None:
        self._gateway = system.endpoints["gateway"]
        self._tokens = Tokens(system)
        self._offices = [
            Strict(self._gateway, self._tokens, user, untouched(system, user), seed)
            for seed, user in enumerate(OFFICES)
        ]
        self._failures: list[str] = []
        self._reads = itertools.count()
        self._read = 0
        self.seconds = 0.0

    @property
    def lines(self) -> list[Line]:
        return [line for office in self._offices for line in office.lines]

    @property
    def failures(self) -> list[str]:
        return [*self._failures, *(failure for office in self._offices for failure in office.failures)]

    @property
    def written(self) -> int:
        return sum(office.acknowledged for office in self._offices)

    @property
    def told(self) -> str:
        asked = self._read + self.written
        return f"{asked} requests, {self.written} of them writes, {asked / self.seconds:.0f} a second"

    @contextmanager
    def running(self) -> Iterator[None]:
        stop, begun = threading.Event(), time.monotonic()
        readers = [(user, turns) for user, paths in READS.items() for turns in [Turns(paths)] * READERS]
        with ThreadPoolExecutor(len(self._offices) + len(readers)) as pool:
            work = [pool.submit(office.work, stop) for office in self._offices]
            work += [pool.submit(self._keep_reading, user, turns, stop) for user, turns in readers]
            try:
                yield
            finally:
                stop.set()
        self.seconds, self._read = time.monotonic() - begun, next(self._reads)
        for done in work:
            done.result()

    async def check(self, system: System, *, repeats: bool = False, published: Published = checks.published) -> None:
        """Nothing failed, and what was acknowledged is there and was told once, in order. With ``repeats`` events may
        come again, in their order.
        """
        assert not self.failures, self.failures
        assert self.written
        checks.every_report_is_there_once(system, self.lines)
        checks.lines_stand_where_reports_put_them(system, self.lines)
        told = await published(system, self.lines)
        if repeats:
            print(f"{len(told) - len({event.id for event in told})} events came again")
            checks.who_began_again_went_on_from_there(self.lines, told)
            told = [*{event.id: event for event in told}.values()]
        checks.each_change_is_one_event_in_its_order(self.lines, told)
        for of_the_province in (True, False):
            checks.each_piece_of_news_counts_once(system, self.lines, of_the_province=of_the_province)

    def _keep_reading(self, user: str, turns: Turns, stop: threading.Event) -> None:
        with httpx.Client(base_url=self._gateway, timeout=30, trust_env=False, verify=TLS) as client:
            while True:
                due, path = turns.take()
                if stop.wait(due - time.monotonic()):
                    return
                headers = {"Authorization": f"Bearer {self._tokens[user]}"} if user else {}
                try:
                    answer = client.get(path, headers=headers)
                    if answer.status_code != 200:
                        self._failures.append(f"{user} {path}: {answer.status_code} {answer.text[:300]}")
                except httpx.TransportError as error:
                    self._failures.append(f"{user} {path}: {error!r}")
                next(self._reads)
