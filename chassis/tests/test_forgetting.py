import asyncpg

from chassis.forgetting import Forgetting
from chassis.tests.conftest import Scratch

KEYS = """
    INSERT INTO idempotency (sub, key, fingerprint, at)
    SELECT 'forgetting', days, '', now() - days * interval '1 day' FROM generate_series(1, 20) days
"""
IDS = """
    INSERT INTO inbox (id, consumer, handled_at)
    SELECT uuidv7(), 'forgetting', now() - days * interval '1 day' FROM generate_series(1, 120) days
"""
LETTERS = """
    INSERT INTO dead_letter (consumer, topic, key, headers, value, reason, replayable, state, ended_at)
    SELECT 'forgetting', '', '', '{}', '', '', true, state, now() - days * interval '1 day'
    FROM generate_series(1, 120) days, unnest(ARRAY['waiting', 'retried', 'discarded']) state
"""
STATES = "SELECT state, count(*) FROM dead_letter WHERE consumer = 'forgetting' GROUP BY state"


async def test_old_keys_and_event_ids_go_and_young_ones_stay(scratch: Scratch) -> None:
    owner = await asyncpg.connect(scratch.owner_url)
    await owner.execute(KEYS)
    await owner.execute(IDS)
    await Forgetting(scratch.database.url).forget()
    assert await owner.fetchval("SELECT count(*) FROM idempotency WHERE sub = 'forgetting'") == 6
    assert await owner.fetchval("SELECT count(*) FROM inbox WHERE consumer = 'forgetting'") == 99
    await owner.close()


async def test_dead_letters_that_were_dealt_with_go_and_those_that_wait_stay(scratch: Scratch) -> None:
    owner = await asyncpg.connect(scratch.owner_url)
    await owner.execute(LETTERS)
    await Forgetting(scratch.database.url).forget()
    assert dict(await owner.fetch(STATES)) == {"waiting": 120, "retried": 89, "discarded": 89}
    await owner.close()
