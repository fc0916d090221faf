"""The live stream in the running system, through the gateway."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from services.notify.tests.samples import event, line, report
from services.notify.tests.support import Publish, entries, until

STREAM = "/api/notify/v1/stream"
Frame = tuple[str, str, dict[str, Any]]


@contextmanager
def streaming(system: System, user: str, last_event_id: str | None = None) -> Iterator[Iterator[Frame]]:
    """The frames ``(id, event, data)`` of a stream; reading waits at most 5 s."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    with system.client(user) as client, client.stream("GET", STREAM, headers=headers, timeout=5) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 2000"
        yield _frames(lines)


def _frames(lines: Iterator[str]) -> Iterator[Frame]:
    fields: dict[str, str] = {}
    for text in lines:
        if text and not text.startswith(":"):
            name, _, value = text.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["id"], fields["event"], json.loads(fields["data"])
            fields = {}


def changed(id_: str, jurisdiction: str, type_: str) -> dict[str, str]:
    return {"thing": type_.split(".")[2], "id": id_, "jurisdiction": jurisdiction, "type": type_}


@pytest.fixture
def title() -> str:
    return f"事项{uuid4().hex[:12]}"


def test_news_arrives_live(system: System, publish: Publish, title: str) -> None:
    returned = event("report.returned", line=line(task={"title": title}), report=report(reason="补充材料"))
    with streaming(system, "hefei.admin") as frames:
        publish(returned)
        kind, data = next((kind, data) for _, kind, data in frames if title in str(data))
        assert kind == "inbox"
        assert data["unread"] >= 1
        assert data["entry"]["read"] is False
        assert changed(returned.subject, "hefei", returned.type) in (data for _, _, data in frames)
    (entry,) = entries(system, "hefei.admin", title)
    assert entry == data["entry"]


def test_changes_without_an_entry_arrive_too_and_only_where_the_line_may_be_seen(
    system: System, publish: Publish
) -> None:
    foreign = event("line.progressed", line=line())
    own = event("line.progressed", line=line("wuhu", "芜湖片区", units=[]))
    with streaming(system, "wuhu.admin") as wuhu, streaming(system, "dept.swt") as swt:
        publish(foreign)
        assert changed(foreign.subject, "hefei", foreign.type) in (data for _, _, data in swt)
        publish(own)
        seen = []
        for _, _, data in wuhu:
            seen.append(data)
            if data.get("id") == own.subject:
                break
    assert not [data for data in seen if data.get("jurisdiction", "wuhu") != "wuhu"]


def test_a_client_that_comes_back_gets_what_it_missed(system: System, publish: Publish, title: str) -> None:
    with streaming(system, "hefei.admin") as frames:
        first = event("line.progressed", line=line())
        publish(first)
        last = next(id_ for id_, _, data in frames if data.get("id") == first.subject)
    publish(event("report.returned", line=line(task={"title": title}), report=report(reason="补充")))
    until(lambda: entries(system, "hefei.admin", title))
    with streaming(system, "hefei.admin", last) as frames:
        assert next(kind for _, kind, data in frames if title in str(data)) == "inbox"


def test_a_new_zone_is_heard_of_within_seconds(system: System, publish: Publish, title: str) -> None:
    from kafka.admin import KafkaAdminClient  # noqa: PLC0415

    code = f"z{uuid4().hex[:8]}"
    admin = KafkaAdminClient(
        bootstrap_servers=system.endpoints["kafka_internal"],
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username="progress",
        sasl_plain_password=system.instance.secrets["kafka_progress"],
    )
    admin.create_topics({f"progress.{code}": {"num_partitions": 1, "replication_factor": 1}})
    admin.close()
    submitted = report(office=f"zone:{code}")
    publish(event("report.submitted", line=line(code, "安庆联动创新区", task={"title": title}), report=submitted))
    (entry,) = until(lambda: entries(system, "province.admin", title))
    assert entry["body"].startswith("安庆联动创新区提交了")
    assert entry["tenant"] == code


def test_a_stream_outlives_the_loss_of_the_database_connection(system: System, publish: Publish, title: str) -> None:
    import asyncio  # noqa: PLC0415

    import asyncpg  # noqa: PLC0415

    async def cut() -> None:
        connection = await asyncpg.connect(system.database("notify"))
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notify_api' AND query ~ 'LISTEN'"
        )
        await connection.close()

    with streaming(system, "hefei.admin") as frames:
        asyncio.run(cut())
        publish(event("report.returned", line=line(task={"title": title}), report=report(reason="补充")))
        assert next(kind for _, kind, data in frames if title in str(data)) == "inbox"


def test_a_stream_needs_a_token(system: System) -> None:
    answer = httpx.get(system.endpoints["gateway"] + STREAM, trust_env=False)
    assert answer.status_code == 401
