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


async def test_old_keys_and_event_ids_go_and_young_ones_stay(scratch: Scratch) -> None:
    owner = await asyncpg.connect(scratch.owner_url)
    await owner.execute(KEYS)
    await owner.execute(IDS)
    await Forgetting(scratch.database.url).forget()
    assert await owner.fetchval("SELECT count(*) FROM idempotency WHERE sub = 'forgetting'") == 6
    assert await owner.fetchval("SELECT count(*) FROM inbox WHERE consumer = 'forgetting'") == 99
    await owner.close()
