"""A request's spans reach a collector over OTLP, under the id that the gateway gave it."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import httpx
import jwt
import pytest
from opentelemetry.instrumentation.utils import is_http_instrumentation_enabled
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from chassis import telemetry, tracing
from deploy.local import services
from deploy.local.ports import free
from deploy.local.system import System

Span = tuple[str, str, str, str]
"""Of which process, the trace, the span's name, and the statement if it is one."""


@contextmanager
def collector() -> Iterator[tuple[str, list[Span]]]:
    """A receiver of OTLP over HTTP on loopback: its address, and what it was sent."""
    spans: list[Span] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
            for resource in sent.resource_spans:
                names = {each.key: each.value.string_value for each in resource.resource.attributes}
                for span in (span for scope in resource.scope_spans for span in scope.spans):
                    said = {each.key: each.value.string_value for each in span.attributes}
                    spans.append((names["service.name"], span.trace_id.hex(), span.name, said.get("db.statement", "")))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", spans
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def another_api(system: System, endpoint: str) -> Iterator[str]:
    """A further process of the catalog's API that exports its spans; its address."""
    command = services.api(system.instance, "catalog")
    port = next(port for port in range(14_000, 15_000) if free(port))
    told = {**command.env, "ZP_PORT": str(port), telemetry.COLLECTOR: endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    process = subprocess.Popen(command.argv, cwd=command.cwd, env={**os.environ, **told})
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def seen(spans: list[Span], trace: str, wanted: set[str]) -> bool:
    """Whether all of these came within ten seconds."""
    until = time.monotonic() + 10
    while not wanted <= {name for _, of, name, _ in spans if of == trace}:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_a_request_and_its_statements_come_to_the_collector(system: System) -> None:
    request = uuid4()
    headers = {"Authorization": f"Bearer {system.token('province.admin')}", "X-Request-Id": str(request)}
    with collector() as (endpoint, spans), another_api(system, endpoint) as api:
        transport = httpx.HTTPTransport(retries=10)
        with httpx.Client(base_url=api, transport=transport, timeout=10) as client:
            assert client.get("/readyz").status_code == 200
            assert client.get("/api/catalog/v1/plans", headers=headers).status_code == 200
        assert seen(spans, request.hex, {"GET /api/catalog/v1/plans", "SELECT", "COMMIT"})
    assert {process for process, *_ in spans} == {"catalog-api"}
    assert not [name for _, _, name, _ in spans if "readyz" in name]
    token = system.token("province.admin")
    assert token not in str(spans)
    assert jwt.decode(token, options={"verify_signature": False})["sub"] not in str(spans)


def test_what_handles_an_event_goes_on_with_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), tracing.provider("progress-worker")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("zoneportal"))
    came = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with telemetry.continuing("zoneportal.x.y.z.v1", came, **{"messaging.system": "kafka"}):
        inner = telemetry.traceparent() or ""
    (span,) = exporter.get_finished_spans()
    assert span.context and span.parent
    assert (inner[:36], inner[36:52]) == (came[:36], f"{span.context.span_id:016x}")
    assert f"{span.parent.span_id:016x}" == "00f067aa0ba902b7"


def test_events_that_are_handled_together_are_linked_with_the_span_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exporter, provider = InMemorySpanExporter(), tracing.provider("notify-worker")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("zoneportal"))
    first, second = (f"00-{uuid4().hex}-{uuid4().hex[:16]}-01" for _ in range(2))
    with telemetry.continuing("zoneportal.x.y.z.v1", first):
        telemetry.link([second, None])
    (span,) = exporter.get_finished_spans()
    assert span.context and f"{span.context.trace_id:032x}" == first.split("-")[1]
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [second.split("-")[1]]


def test_a_try_to_tell_others_is_a_span_of_the_events_trace_without_where_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exporter, provider = InMemorySpanExporter(), tracing.provider("notify-worker")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("zoneportal"))
    came = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with telemetry.telling("webhook", came):
        assert not is_http_instrumentation_enabled()
        sent = telemetry.traceparent() or ""
    assert is_http_instrumentation_enabled()
    (span,) = exporter.get_finished_spans()
    assert span.context and sent == f"{came[:36]}{span.context.span_id:016x}-01"


def test_looking_for_work_is_no_span_but_doing_it_is() -> None:
    exporter, provider = InMemorySpanExporter(), tracing.provider("progress-worker")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("zoneportal")
    with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT):
        pass
    with tracer.start_as_current_span("event", kind=SpanKind.CONSUMER), tracer.start_as_current_span("INSERT"):
        pass
    assert {span.name for span in exporter.get_finished_spans()} == {"event", "INSERT"}
