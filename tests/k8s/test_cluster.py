"""The product on a real cluster, from nothing: it comes up, serves, stays within its limits and bears that pods die."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from time import monotonic
from typing import TypeVar
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.support import Browser, csrf
from tests.browser.visitor import launched, visitor
from tests.k8s import certificates
from tests.k8s.cluster import Cluster, forwarding, renew_certificate, running
from tests.support import (
    PDF,
    PROGRESS,
    Json,
    attach,
    client_of,
    entries,
    get,
    line,
    lines,
    order_in_hand,
    pages,
    until,
)

_KINDS = (
    *("postgres", "keycloak", "kafka", "gateway", "portal"),
    *(f"{service}-{process}" for service in ("catalog", "progress", "notify") for process in ("api", "worker")),
)
_PATIENCE_SECONDS = 600
_LARGE, _AT_ONCE = 45 * 2**20, 3
_HOST, _TLS = "localhost", 8443
T = TypeVar("T")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("cluster"), "secure") as found:
        print(f"from apply to a working portal with the notice: {found.seconds:.0f} s")
        yield found


async def test_somebody_logs_in_and_sees_the_notice_s_tasks(cluster: Cluster) -> None:
    system = cluster.system
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(launched(system.instance.cache_dir))
        person = await visitor(stack, system, browser, "province.admin")
        assert await person.open("/overview") == 200
        assert person.complaints == []
    assert len({each["task"]["code"] for each in lines(system, "province.admin")}) == 112


@pytest.mark.parametrize("kind", _KINDS)
def test_a_pod_that_is_killed_does_no_harm(cluster: Cluster, kind: str) -> None:
    """A report and its return, begun when the pod dies and repeated as a person would, count once."""
    system, mark = cluster.system, uuid4().hex
    chosen = next(each for each in lines(system, "hefei.admin") if "report" in each["actions"] and not each["percent"])
    before = _last_change(system, chosen)
    cluster.kill(kind)
    _again(system, "hefei.admin", chosen["id"], "reports", {"percent": 40, "done": f"已建成{mark}"})
    cluster.wait_ready()
    (report,) = _seen(lambda: _reports(system, chosen, mark))
    assert _seen(lambda: _last_change(system, chosen)) > before
    _again(system, "province.admin", chosen["id"], f"reports/{report['id']}/return", {"reason": mark})
    assert [each["status"] for each in _seen(lambda: _reports(system, chosen, mark))] == ["returned"]
    until(lambda: _seen(lambda: _told(system, chosen["id"], mark)), seconds=_PATIENCE_SECONDS)
    assert len(_told(system, chosen["id"], mark)) == 1


def _again(system: System, user: str, line_id: str, what: str, body: Json) -> None:
    """The same request until it is answered: what was done already is answered as it was then."""
    headers = {"Idempotency-Key": str(uuid4())}

    def answered() -> bool:
        try:
            headers.setdefault("If-Match", f'"{line(system, line_id)["version"]}"')
            answer = client_of(system, user).post(f"{PROGRESS}/lines/{line_id}/{what}", json=body, headers=headers)
        except (httpx.TransportError, httpx.HTTPStatusError, SystemExit):
            return False
        assert answer.status_code == 201 or answer.is_server_error, answer.text
        return answer.is_success

    until(answered, seconds=_PATIENCE_SECONDS)


def _seen(look: Callable[[], T]) -> T:
    """What is seen as soon as all that it takes answers again: the gateway notes a pod that has come back a little
    after the cluster has.
    """
    found: list[T] = []

    def answered() -> bool:
        try:
            found.append(look())
        except httpx.TransportError:
            return False
        except httpx.HTTPStatusError as error:
            assert error.response.is_server_error, error.response.text
            return False
        return True

    until(answered, seconds=_PATIENCE_SECONDS)
    return found[0]


def _reports(system: System, of: Json, mark: str) -> list[Json]:
    return [
        each for each in pages(system, "hefei.admin", f"{PROGRESS}/lines/{of['id']}/reports") if mark in each["done"]
    ]


def _last_change(system: System, of: Json) -> str:
    """What the overview says of the line's plan in Hefei."""
    plans = get(system, "province.admin", f"{PROGRESS}/overview")["plans"]
    (cells,) = [plan["cells"] for plan in plans if plan["code"] == of["task"]["plan"]["code"]]
    return next(str(cell["last_change"]) for cell in cells if cell["jurisdiction"] == "hefei")


def _told(system: System, line_id: str, mark: str) -> list[Json]:
    return [entry for entry in entries(system, "hefei.admin", line_id) if mark in entry["body"]]


def test_a_renewed_certificate_is_served_without_a_stop(cluster: Cluster) -> None:
    """Somebody asks on, over a connection that stays open and over a new one each time, and is never turned away."""
    with forwarding("public", f"{_TLS}:443"):
        until(lambda: certificates.served(_HOST, _TLS) == 1, seconds=_PATIENCE_SECONDS)
        processes, kept = cluster.processes("gateway"), certificates.connection(_HOST, _TLS)
        assert certificates.status(kept, "/") == 200
        opened, begun, asked = kept.sock, monotonic(), 0
        renew_certificate(2)
        while certificates.served(_HOST, _TLS) != 2:
            assert monotonic() < begun + _PATIENCE_SECONDS
            for each in (kept, certificates.connection(_HOST, _TLS)):
                assert certificates.status(each, "/") == 200
                asked += 1
        print(f"a new certificate is served after {monotonic() - begun:.0f} s, {asked} requests meanwhile")
        assert certificates.status(kept, "/") == 200
        assert kept.sock is opened
        assert cluster.processes("gateway") == processes


def test_large_files_and_sheets_go_through(cluster: Cluster) -> None:
    """Several at once: what the processes use then counts among their peaks."""
    system = cluster.system
    order, large = order_in_hand(system), PDF + bytes(_LARGE)
    with ThreadPoolExecutor(_AT_ONCE) as pool, Browser(system) as browser:
        names = [f"{number}.pdf" for number in range(_AT_ONCE)]
        files = [*pool.map(lambda name: attach(system, "hefei.admin", "order", order, name, large), names)]
        assert [each["size"] for each in files] == [len(large)] * _AT_ONCE
        asking = {"_csrf": csrf(browser.log_in("province.admin"))}
        sheets = [*pool.map(lambda _: browser.post("/exports/lines", data=asking).raise_for_status(), names)]
        assert {sheet.content[:2] for sheet in sheets} == {b"PK"}


def test_every_pod_is_within_its_limits_after_all_that(cluster: Cluster) -> None:
    limits = cluster.limits()
    assert set(limits) <= set(cluster.peaks)
    print(cluster.usage)
    assert {name for name, limit in limits.items() if cluster.peaks[name].memory > limit} == set()
    for pod in cluster.pods:
        for container in pod["status"]["containerStatuses"]:
            assert container["lastState"].get("terminated", {}).get("reason") != "OOMKilled", container["name"]


def test_no_image_of_the_product_is_larger_than_200_megabytes(cluster: Cluster) -> None:
    sizes = cluster.images()
    print(sizes)
    for what in ("catalog", "progress", "notify", "portal"):
        assert any(f"zoneportal/{what}:" in name for name in sizes)
    assert {name for name, size in sizes.items() if size > 200e6} == set()
