"""The gateway as an edge: requests that could be read in two ways, hidden ways in, sizes, and its own settings."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from deploy.provision.gateway import UPSTREAMS, render
from tests.isolation.raw import answers, http2, request, statuses
from tests.isolation.test_refusals import logged
from tests.support import PROGRESS

ABOUT = "GET /about HTTP/1.1"
HIDDEN = f"GET {PROGRESS}/overview HTTP/1.1\r\nHost: zoneportal\r\n\r\n".encode()
POST = "POST /language/zh HTTP/1.1"
CHUNKED = "Transfer-Encoding: chunked"
TWO_WAYS = {
    "CL.TE": (f"Content-Length: {len(HIDDEN) + 5}", CHUNKED),
    "TE.CL": (CHUNKED, "Content-Length: 4"),
    "TE.TE": (CHUNKED, "Transfer-Encoding: identity"),
    "TE of a case": (CHUNKED, "transfer-encoding: x"),
    "TE that nobody knows": ("Transfer-Encoding: xchunked",),
    "TE not last": ("Transfer-Encoding: chunked, identity",),
    "TE before a colon": ("Transfer-Encoding : chunked",),
    "TE after a tab": ("Transfer-Encoding:\x0bchunked",),
    "TE on a folded line": ("X-Folded: x\r\n Transfer-Encoding: chunked", "Content-Length: 4", CHUNKED),
    "two lengths": ("Content-Length: 5", f"Content-Length: {len(HIDDEN) + 5}"),
    "a list of lengths": (f"Content-Length: 5, {len(HIDDEN) + 5}",),
    "a length with a sign": ("Content-Length: +5",),
    "a length below nothing": ("Content-Length: -5",),
    "a length in hexadecimal": ("Content-Length: 0x5",),
    "a name with a space": ("X Y: z", "Content-Length: 5"),
    "an empty name": (": z", "Content-Length: 5"),
    "a NUL in a value": ("X-Y: a\0b", "Content-Length: 5"),
}


CHUNKS = (
    b"5;\n",
    b"0x5\r\nabcde\r\n0\r\n\r\n",
    b"+5\r\nabcde\r\n0\r\n\r\n",
    b"5\r\nabcdeXX0\r\n\r\n",
    b"5\nabcde\n0\n\n",
)
NO_REQUESTS = (
    *("GET /about", "GET /about HTTP/0.9", "GET /about HTTP/3.0", "GET /a b HTTP/1.1", "GET about HTTP/1.1"),
    *("GET /about\x00 HTTP/1.1", "CONNECT 127.0.0.1:5432 HTTP/1.1", "GET \\about HTTP/1.1"),
)


def _others(found: Mapping[str, list[int]], *wanted: list[int]) -> dict[str, list[int]]:
    """What was answered otherwise."""
    return {name: told for name, told in found.items() if told not in wanted}


def test_a_request_that_could_end_in_two_places_is_refused_with_all_that_follows(system: System) -> None:
    tries = {
        how: request(POST, *headers, body=b"0\r\n\r\n" + HIDDEN).replace(b"Connection: close\r\n", b"")
        for how, headers in TWO_WAYS.items()
    }
    assert _others(statuses(system, tries), [400], [501]) == {}


def test_chunks_that_could_end_in_two_places_are_refused(system: System) -> None:
    tries = {str(body): request(POST, CHUNKED, body=body + HIDDEN) for body in CHUNKS}
    assert _others(statuses(system, tries), [400]) == {}


def test_a_line_that_is_no_request_is_refused(system: System) -> None:
    tries = {line: request(line) for line in NO_REQUESTS}
    assert _others(statuses(system, tries), [], [400], [404], [426]) == {}


@pytest.mark.parametrize(
    "sent",
    [
        request(ABOUT).replace(b"\r\n", b"\n"),
        request("GET  /about HTTP/1.1"),
        request(ABOUT, "Host: elsewhere"),
        *(request(ABOUT, f"X-Y: a{end}Accept-Language: en") for end in ("\r", "\x0b", "\x85")),
    ],
    ids=["bare ends", "two spaces", "two hosts", "CR", "VT", "NEL"],
)
def test_what_is_let_through_is_one_request_and_says_nothing_of_its_own(system: System, sent: bytes) -> None:
    told = answers(system, sent)
    assert told.count(b"HTTP/1.1 ") == 1
    assert told.startswith(b"HTTP/1.1 400") or (b'<html lang="zh-CN"' in told and b"elsewhere" not in told)


SPELLINGS = (
    *("/api/progress/v1/overview", "//api/progress/v1/overview", "/about/../api/progress/v1/overview"),
    *("/about/.%2e/api/progress/v1/overview", "/%61pi/progress/v1/overview", "/./api/progress/v1/overview"),
    *("/api%2fprogress/v1/overview", "/api/progress%5cv1/overview", "/about/..%2fapi/progress/v1/overview"),
    "/about/..;/api/progress/v1/overview",
    *("http://elsewhere/api/progress/v1/overview", "http://elsewhere//api/progress/v1/overview"),
)
INSIDE = (
    *("/about/%252e%252e/api/progress/v1/overview", "/metrics%00"),
    *("/metrics", "//metrics", "/x/../metrics", "/readyz", "/login/ended", "/login/./ended", "/metrics;x"),
    *("/config_dump", "/stats", "/quitquitquit", "/server_info", "http://127.0.0.1:9901/config_dump"),
    *("/auth/admin/", "/auth/realms/master", "/auth/metrics", "/auth/health", "/auth/realms/zoneportal/../master"),
    *("/static/../../../../etc/passwd", "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py", "/../../etc/passwd"),
)


def test_however_it_is_spelled_the_api_wants_a_token(system: System) -> None:
    found = statuses(system, {path: request(f"GET {path} HTTP/1.1") for path in SPELLINGS})
    assert _others(found, [401]) == {}


def test_what_is_inside_has_no_way_in(system: System) -> None:
    found = statuses(system, {path: request(f"GET {path} HTTP/1.1") for path in INSIDE})
    assert _others(found, [400], [404]) == {}


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Original-URL", "Forwarded", "X-Forwarded-Prefix"])
def test_no_header_makes_an_address_that_leads_elsewhere(system: System, name: str) -> None:
    elsewhere = "evil.example" if name != "Forwarded" else "host=evil.example"
    with system.client("hefei.admin") as client:
        for path in (
            "/",
            "/lines/",
            f"{PROGRESS}/lines/",
            "/inbox",
            "/login",
            "/about",
            "/nothing",
            "/auth/realms/zoneportal/",
        ):
            told = client.get(path, headers={name: elsewhere})
            assert "evil.example" not in told.text
            assert "evil.example" not in told.headers.get("location", "")


def test_who_asks_cannot_say_where_from(system: System) -> None:
    """What others say of the way stands before the address that the gateway saw itself."""
    mark = uuid4().hex
    with logged(system, "gateway") as told:
        answers(system, request(f"GET /{mark} HTTP/1.1", "X-Forwarded-For: 10.9.8.7"))
        assert told(path=f"/{mark}")["from"] == "127.0.0.1"


def test_headers_are_bounded(system: System) -> None:
    many = [f"X-{number}: x" for number in range(120)]
    tries = {"too long": request(ABOUT, f"X-Long: {'x' * 33_000}"), "too many": request(ABOUT, *many)}
    assert _others(statuses(system, tries), [431]) == {}


FINE = ((b":method", b"GET"), (b":scheme", b"http"), (b":authority", b"zoneportal"), (b":path", b"/about"))
HEADERS, STATUS_200, STATUS_400 = 1, b"\x88", b"\x8c"


def test_http2_is_answered(system: System) -> None:
    assert STATUS_200 in http2(system, FINE)[1]


NOT_IN_HTTP2 = (
    *((b"transfer-encoding", b"chunked"), (b"connection", b"close"), (b"content-length", b"5")),
    *((b"x-y", b"a\r\ntransfer-encoding: chunked"), (b"x-y\r\nz", b"a"), (b"X-Upper", b"a"), (b"x y", b"a")),
    *((b":path", b"/api"), (b"x-y", b"a\0b"), (b"x-y", b"a\nb")),
)


def test_what_http1_would_read_otherwise_does_not_come_through_http2(system: System) -> None:
    with ThreadPoolExecutor(len(NOT_IN_HTTP2)) as pool:
        for kinds, payloads in pool.map(lambda header: http2(system, (*FINE, header)), NOT_IN_HTTP2):
            assert HEADERS not in kinds or STATUS_400 in payloads


def _settings(system: System) -> dict[str, Any]:
    """Envoy's own account of its configuration, which it gives on loopback alone."""
    port = system.instance.ports["gateway_admin"]
    dump = httpx.get(f"http://127.0.0.1:{port}/config_dump", trust_env=False).json()["configs"]
    return {config["@type"].rpartition(".")[2]: config for config in dump}


def test_the_gateway_is_set_up_as_its_makers_advise_for_an_edge(system: System) -> None:
    """https://www.envoyproxy.io/docs/envoy/latest/configuration/best_practices/edge, point by point."""
    known = _settings(system)
    bootstrap = known["BootstrapConfigDump"]["bootstrap"]
    assert bootstrap["admin"]["address"]["socket_address"]["address"] == "127.0.0.1"
    overload = bootstrap["overload_manager"]
    assert {monitor["name"].rpartition(".")[2] for monitor in overload["resource_monitors"]} == {
        "fixed_heap",
        "global_downstream_max_connections",
    }
    assert {action["name"].rpartition(".")[2] for action in overload["actions"]} == {
        "shrink_heap",
        "stop_accepting_requests",
    }
    for listener in bootstrap["static_resources"]["listeners"]:
        assert listener["per_connection_buffer_limit_bytes"] == 32768
        (chain,) = listener["filter_chains"]
        told = chain["filters"][0]["typed_config"]
        assert {name: told.get(name) for name in ADVISED} == ADVISED
    for cluster in bootstrap["static_resources"]["clusters"]:
        assert cluster["per_connection_buffer_limit_bytes"] == 32768


ADVISED: dict[str, Any] = {
    "use_remote_address": True,
    "normalize_path": True,
    "merge_slashes": True,
    "path_with_escaped_slashes_action": "UNESCAPE_AND_FORWARD",
    "http2_protocol_options": {
        "max_concurrent_streams": 100,
        "initial_stream_window_size": 65536,
        "initial_connection_window_size": 1048576,
    },
    "common_http_protocol_options": {
        "idle_timeout": "300s",
        "max_stream_duration": "120s",
        "max_headers_count": 100,
        "headers_with_underscores_action": "DROP_HEADER",
    },
    "max_request_headers_kb": 32,
    "request_headers_timeout": "10s",
    "request_timeout": "600s",
    "stream_idle_timeout": "60s",
}
"""A slow head ends after ten seconds, a body of which nothing comes after sixty, and any body after ten minutes."""


def test_its_own_door_is_on_loopback_wherever_it_runs() -> None:
    """Of the container's network nobody comes there."""
    names = {"issuer": "http://zoneportal/auth/realms/zoneportal", "audience": "zoneportal-api"}
    text = render(UPSTREAMS, host="0.0.0.0", ports={"public": 8080}, admin_port=9901, **names)
    (admin,) = [row for row in text.splitlines() if "port_value: 9901" in row]
    assert "address: 127.0.0.1," in admin


def test_json_is_told_of_a_method_that_is_not_there(system: System) -> None:
    for path in (f"{PROGRESS}/public/calendar", f"{PROGRESS}/public/cases"):
        for method in ("TRACE", "POST", "DELETE"):
            with system.client() as client:
                answer = client.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET"), json.dumps(answer.json())
