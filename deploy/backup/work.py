"""The steps of a backup and of a restore."""

import asyncio
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from chassis.app import VERSION
from chassis.clock import SHANGHAI
from chassis.objects import opened
from deploy.backup import archive, attachments, databases
from deploy.backup import topics as records
from deploy.backup.moment import Moment, broker, connected, names, taken
from deploy.provision.settings import BackupSettings

_UNSENT = "SELECT id FROM public.outbox"


async def take(settings: BackupSettings, home: Path) -> None:
    """SystemExit at its end when attachments are missing or damaged; the backup is whole otherwise."""
    begun = time.monotonic()
    archive.create(home)
    with broker(settings) as on:
        async with taken(settings, on) as moment:
            told: archive.Manifest = {
                "taken_at": datetime.now(SHANGHAI).isoformat(timespec="seconds"),
                "product": VERSION,
            }
            told |= await _databases(settings, home, moment)
            told["attachments"] = await _attachments(settings, home, moment)
        told |= await asyncio.to_thread(records.copy, on, home, moment)
    if settings.passwords_file:
        shutil.copyfile(settings.passwords_file, home / archive.PASSWORDS)
    sealed = archive.seal(home, told)
    size = sum(part["bytes"] for part in sealed["parts"].values())
    print(f"{home}: {summary(sealed)}; {size / 1e6:.1f} MB in {time.monotonic() - begun:.1f} s")
    if lost := told["attachments"]["missing"] + told["attachments"]["damaged"]:
        raise SystemExit(f"attachments that are missing or damaged: {', '.join(lost)}")


def summary(told: dict[str, Any]) -> str:
    """What a backup holds, in a line."""
    tables = [table for found in told["tables"].values() for table in found.values()]
    rows, events = sum(table["rows"] for table in tables), sum(topic["records"] for topic in told["topics"].values())
    return (
        f"{told['taken_at']}, {rows} rows of {len(tables)} tables, {events} events of {len(told['topics'])} topics, "
        f"{told['attachments']['objects']} attachments"
    )


async def _databases(settings: BackupSettings, home: Path, moment: Moment) -> dict[str, Any]:
    async def one(name: str) -> tuple[databases.Tables, str | None]:
        snapshot = moment.databases[name]
        dumping = asyncio.create_task(databases.dump(settings, home, name, snapshot))
        found = await databases.tables(snapshot.connection), await databases.head(snapshot.connection)
        await dumping
        return found

    found = dict(zip(moment.databases, await asyncio.gather(*map(one, moment.databases)), strict=True))
    server = await next(iter(moment.databases.values())).connection.fetchval("SHOW server_version")
    return {
        "postgresql": server,
        "heads": {name: head for name, (_, head) in found.items() if head},
        "tables": {name: tables for name, (tables, _) in found.items()},
    }


async def _attachments(settings: BackupSettings, home: Path, moment: Moment) -> dict[str, Any]:
    if not settings.attachments_url:
        return {"objects": 0, "missing": [], "damaged": []}
    store = opened(settings.attachments_url, settings.attachments_options)
    return await attachments.copy(store, home, moment.databases["progress"].connection)


async def data(settings: BackupSettings, home: Path) -> None:
    """SystemExit when a table is not as it was."""
    told = archive.manifest(home)
    differing = [
        name
        for database, tables in told["tables"].items()
        for name in await databases.restore(settings, home, database, tables)
    ]
    if differing:
        raise SystemExit(f"tables that are not as they were: {', '.join(differing)}")
    brought = 0
    if settings.attachments_url:
        brought = attachments.restore(home, opened(settings.attachments_url, settings.attachments_options))
    print(f"every table is as it was, by count and hash; {brought} attachments")


async def topics(settings: BackupSettings, home: Path) -> None:
    """What a publisher had brought to its topic, but not yet taken from its outbox, is not published again."""
    with broker(settings) as on:
        events = await asyncio.to_thread(records.restore, settings, on, home, archive.manifest(home))
    for name in await names(settings.superuser_url):
        connection = await connected(settings.superuser_url, name)
        try:
            if await connection.fetchval("SELECT to_regclass('public.outbox') IS NOT NULL"):
                sent = [row["id"] for row in await connection.fetch(_UNSENT) if str(row["id"]) in events]
                await connection.execute("DELETE FROM public.outbox WHERE id = ANY($1::uuid[])", sent)
        finally:
            connection.terminate()
    print(f"{len(events)} events are on their topics as they were")


async def check_parts(settings: BackupSettings, home: Path) -> None:
    print(summary(archive.check(home)))
