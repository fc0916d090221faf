"""Logs as JSON lines, and the trace id that follows a request through services and events."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from fastapi.telemetry import TelemetryConfig
from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("zoneportal")

_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
_who: ContextVar[dict[str, str]] = ContextVar("who", default={})  # noqa: B039 - never mutated

REQUESTS = Counter("zoneportal_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("zoneportal_request_seconds", "Time to answer", ["method", "route"])

PROBES = ("/livez", "/readyz", "/metrics")
NO_PROBES = TelemetryConfig(exclude=lambda scope: scope.get("path") in PROBES)
"""For FastAPI: what watches a process is not worth a span."""
COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""The variable that names where spans go, as OpenTelemetry calls it; without it there are none."""
HEADERS = ("traceparent", "x-request-id")
_PROPAGATOR = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("zoneportal")

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def traceparent() -> str | None:
    """The W3C trace context of the work at hand, of its span where spans are exported; events carry it on."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"
    return _traceparent.get()


def trace_id() -> str | None:
    value = traceparent()
    return value.split("-")[1] if value else None


def continue_trace(value: str | None) -> None:
    """Takes up the trace that an event brought, or begins one."""
    _traceparent.set(value if value and _TRACEPARENT.fullmatch(value) else f"00-{uuid4().hex}-{uuid4().hex[:16]}-01")


@contextmanager
def continuing(name: str, value: str | None, **about: str) -> Iterator[None]:
    """Takes up the trace that an event brought, for a span of that name with what it is about."""
    continue_trace(value)
    brought = _PROPAGATOR.extract({"traceparent": _traceparent.get() or ""})
    with _tracer.start_as_current_span(name, brought, kind=trace.SpanKind.CONSUMER, attributes=about):
        yield


def link(others: Iterable[str | None]) -> None:
    """Links the span at hand with those of other events that are handled with its own."""
    span = trace.get_current_span()
    if span.is_recording():
        for other in others:
            brought = _PROPAGATOR.extract({"traceparent": other or ""})
            span.add_link(trace.get_current_span(brought).get_span_context())


@contextmanager
def telling(name: str, value: str | None, **about: str) -> Iterator[None]:
    """As ``continuing``, for a try to tell others: its calls are no spans, since their addresses may be secret."""
    with continuing(name, value, **about):
        token = context.attach(context.set_value("suppress_instrumentation", True))
        try:
            yield
        finally:
            context.detach(token)


def identify(**who: str) -> None:
    """Adds the caller's id and tenant to the log lines of this request."""
    _who.set(who)


def refuse(problem: str, pointers: Sequence[str]) -> None:
    """Adds to the log lines of this request why it is refused, and which of its fields it is about."""
    _who.set(_who.get() | {"problem": problem} | ({"about": " ".join(pointers)} if pointers else {}))


def begun_by(traceparent: str, request_id: str) -> str | None:
    """The trace context that a request brings: its own, or one made of the gateway's id of it."""
    if _TRACEPARENT.fullmatch(traceparent):
        return traceparent
    if _REQUEST_ID.fullmatch(request_id):
        return f"00-{request_id.replace('-', '')}-{uuid4().hex[:16]}-01"
    return None


class JsonFormatter(logging.Formatter):
    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "service": self.service,
            "message": record.getMessage(),
            "trace": trace_id(),
            **_who.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(service: str, level: str) -> None:
    """Sends all logs of the process to standard output as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("kafka").setLevel("CRITICAL")  # its clients log each try; what matters is logged by their users
    for noisy in ("httpx", "httpcore", "uvicorn.access", "urllib3", "alembic.runtime.plugins"):
        logging.getLogger(noisy).setLevel("WARNING")


class Trace:
    """ASGI middleware: takes up the trace, counts and logs each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        continue_trace(begun_by(*(headers.get(name.encode(), b"").decode("latin-1") for name in HEADERS)))
        identify()
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    @staticmethod
    def _note(scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        REQUESTS.labels(scope["method"], route, status).inc()
        SECONDS.labels(scope["method"], route).observe(seconds)
        if route not in PROBES:
            fields = {"method": scope["method"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            log.info("request", extra={"fields": fields})
