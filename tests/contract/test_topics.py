"""What is on the topics of the running system is as the contracts say: attributes, key, topic and data."""

import json
from collections.abc import Iterator
from functools import cache
from uuid import uuid4

import asyncpg
import jsonschema_rs
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.consumer.fetcher import ConsumerRecord

from contracts.asyncapi import HEADERS
from contracts.channels import CHANNELS, CONSUMERS
from contracts.generate import FOLDER
from deploy.local.system import System
from tests import assessments
from tests.cases import acted, published, written
from tests.contract import happenings, supervision
from tests.contract.support import progress_topics
from tests.days import days
from tests.indicators import everything
from tests.support import done, handed_over, lines, set_schedule, until
from tests.topics import all_told, attributes, broker, read, reader

PROGRESS = {name for channel in CHANNELS if channel.name == "progress" for name in channel.types}
NOT_MADE_HERE = {"zoneportal.progress.day.closed.v1"}
"""The end of a day, which would be that of the whole system: in the tests of progress itself."""
OWN = """
    SELECT thing_id FROM audit UNION SELECT thing || '/' || thing_id FROM audit
    UNION SELECT id::text FROM value_reminder UNION SELECT id::text FROM replication
"""
"""The ids of what progress has, settings among them, which are told by the name of their kind and their key."""


@pytest.fixture(scope="module")
def consumer(system: System) -> Iterator[KafkaConsumer]:
    with reader(system) as made:
        yield made


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """That of a type's committed schema; a type without one has no file."""
    schema = json.loads((FOLDER / "events" / f"{name}.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def subjects(record: ConsumerRecord) -> set[str | None]:
    """What an event is about; a reminder about the lines that are due."""
    headers = attributes(record)
    reminds = headers.get("ce_type", "").startswith("zoneportal.progress.reminder.")
    due = json.loads(record.value)["reminder"]["due"] if reminds else ()
    return {headers.get("ce_subject"), *(each["line_id"] for each in due)}


def check(record: ConsumerRecord) -> str:
    """The type of an event that is as it should be."""
    headers = attributes(record)
    jsonschema_rs.Draft202012Validator(HEADERS, validate_formats=True).validate(headers)
    assert record.key.decode() == headers["ce_subject"]
    validator(headers["ce_type"]).validate(json.loads(record.value))
    return headers["ce_type"]


def test_the_catalog_is_as_its_contract_says(consumer: KafkaConsumer) -> None:
    types = {check(record) for record in read(consumer, "catalog")}
    assert {
        f"zoneportal.catalog.{thing}.published.v1" for thing in ("zone", "unit", "plan", "task", "edition")
    } <= types


def work(system: System) -> str:
    """The id of a line to which all happened that people can make happen."""
    found = lines(system, "province.admin", jurisdiction="hefei", unit="swt", state="not_started")
    line_id = str([line for line in found if line["units"][0]["code"] == "swt"][-1]["id"])
    report = {"percent": 40, "done": "完成招标"}
    done(system, "hefei.admin", line_id, "reports", **report)
    done(system, "dept.swt", line_id, "latest/review", opinion="agree", remark="属实")
    done(system, "hefei.admin", line_id, "reports", **report)
    done(system, "province.admin", line_id, "latest/return", reason="缺少佐证材料")
    done(system, "hefei.admin", line_id, "reports", **report)
    done(system, "province.admin", line_id, "latest/confirmation")
    schedule(system, line_id)
    done(system, "province.admin", line_id, "suspension", reason="规划调整")
    done(system, "province.admin", line_id, "resumption")
    return line_id


def schedule(system: System, line_id: str) -> None:
    """Sets a schedule twice, has an extension refused and one approved, and completes the milestone."""
    deadline = "2030-06-28"
    for earlier in (["制定方案"], []):
        milestone = set_schedule(system, "hefei.admin", line_id, deadline, *earlier)["milestones"][-1]["id"]
    done(system, "province.admin", line_id, "deadline", deadline="2030-03-29", cause="重新核定")
    for later, decision in (("2030-12-31", {"refusal": {"reason": "…"}}), ("2031-06-30", {"approval": {}})):
        asked = done(system, "hefei.admin", line_id, "extensions", deadline=later, cause="审批延后")["id"]
        for what, body in decision.items():
            done(system, "province.admin", line_id, f"extensions/{asked}/{what}", **body)
    done(system, "hefei.admin", line_id, f"milestones/{milestone}/completion", on="2026-01-05")


def innovate(system: System) -> None:
    """Has a case returned and rejected, and one published, which one zone declines and then takes over."""
    refused = str(written(system, "hefei.admin")["id"])
    for decision in ("return", "rejection"):
        acted(system, "hefei.admin", refused, "submission")
        acted(system, "province.admin", refused, decision, reason="已有先例")
    case, own = published(system), "replications/wuhu"
    acted(system, "wuhu.admin", case, f"{own}/refusal", reason="没有综合窗口")
    acted(system, "wuhu.admin", case, f"{own}/adoption", plan="先行试点")
    acted(system, "wuhu.admin", case, f"{own}/start")
    acted(system, "wuhu.admin", case, f"{own}/result", result="已施行")


async def test_progress_is_as_its_contract_says(system: System, consumer: KafkaConsumer) -> None:
    """Other tests publish examples as progress would; only what is of things that progress has is its own."""
    everything(system)
    innovate(system)
    path, objection = assessments.published(system, 2097)
    assessments.answer(system, path, objection)
    assessments.exempted(system, 2095)
    handed_over(system, "hefei.admin", lines(system, "hefei.admin", state="not_started")[-1]["id"])
    supervision.happen(system)
    line_id = work(system)
    async with days(system) as now:
        await happenings.file(now, line_id)
        await happenings.stand_still(now)
        await happenings.assess(now, 2096)
        happenings.edit(now)
        await happenings.meet(now, line_id)
        await happenings.report(now)
        await happenings.change_a_setting(now)
        await happenings.wait(now)
    await all_told(system)
    connection = await asyncpg.connect(system.database("progress"))
    things = {row["thing_id"] for row in await connection.fetch(OWN)}
    await connection.close()
    own = [record for record in read(consumer, "progress.") if not things.isdisjoint(subjects(record))]
    assert PROGRESS - {check(record) for record in own} == NOT_MADE_HERE
    assert all(record.topic == f"progress.{attributes(record)['ce_tenant']}" for record in own)


async def test_dead_letters_are_as_their_contract_says(system: System, consumer: KafkaConsumer) -> None:
    key = uuid4().hex
    await progress_topics(system).ensure("contract")
    producer = KafkaProducer(**broker(system, "progress", system.instance.secrets["kafka_progress"]))
    producer.send("progress.contract", key=key.encode(), value=b"no event").get(20)
    producer.close()

    def buried() -> list[ConsumerRecord]:
        return [record for record in read(consumer, "dead-letters.") if key in record.value.decode()]

    assert {record.topic for record in until(buried)} == {"dead-letters.notify"}
    for record in read(consumer, "dead-letters."):
        assert check(record) == f"zoneportal.{record.topic.partition('.')[2]}.event.buried.v1"
        assert record.topic.partition(".")[2] in CONSUMERS
