"""Spans over OTLP; loaded only where a collector is named (``telemetry.COLLECTOR``).

Requests and their parts come from FastAPI itself, statements and calls from the instrumentations of asyncpg and httpx,
handled events from ``telemetry.continuing``. The specification's other variables (``OTEL_*``) hold too.
"""

from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.propagators import textmap
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis import telemetry


class RequestIds(TraceContextTextMapPropagator):
    """W3C trace context; where a request brings none, the gateway's request id is the trace's, as in the logs."""

    def extract(
        self, carrier: Any, context: Context | None = None, getter: textmap.Getter[Any] = textmap.default_getter
    ) -> Context:
        traceparent, request_id = ((getter.get(carrier, name) or [""])[0] for name in telemetry.HEADERS)
        return super().extract({"traceparent": telemetry.begun_by(traceparent, request_id) or ""}, context)


class Work(Sampler):
    """What serves a request or an event; not the statements by which workers look whether there is any."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: trace.SpanKind | None = None,
        *_: Any,
        **__: Any,
    ) -> SamplingResult:
        dropped = kind is trace.SpanKind.CLIENT
        return SamplingResult(Decision.DROP if dropped else Decision.RECORD_AND_SAMPLE)

    def get_description(self) -> str:
        return "Work"


class Parts(Sampler):
    """What belongs to such work, without the statements that begin transactions: who calls stands in them."""

    def should_sample(
        self, parent_context: Context | None, trace_id: int, name: str, *others: Any, **more: Any
    ) -> SamplingResult:
        return (ALWAYS_OFF if name.startswith("BEGIN") else ALWAYS_ON).should_sample(
            parent_context, trace_id, name, *others, **more
        )

    def get_description(self) -> str:
        return "Parts"


def provider(service: str) -> TracerProvider:
    """Of a process: what has a parent follows it."""
    sampler = ParentBased(Work(), local_parent_sampled=Parts())
    return TracerProvider(sampler=sampler, resource=Resource.create({"service.name": service}))


def begin(service: str) -> None:
    """Exports what the process does, as one part of the traces that run through all."""
    exporting = provider(service)
    exporting.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(exporting)
    propagate.set_global_textmap(RequestIds())
    AsyncPGInstrumentor().instrument()  # type: ignore[no-untyped-call]
    HTTPXClientInstrumentor().instrument()
