"""A table of lines (推进事项) in SQLite that events keep correct through stops and repeats at any moment."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

LINE_EVENTS = {
    f"zoneportal.progress.line.{what}.v1": what
    for what in ("opened", "updated", "withdrawn", "progressed", "stalled", "suspended", "resumed")
}
"""Whatever changes a line comes with one of these, which has the whole line."""
TABLES = """
CREATE TABLE IF NOT EXISTS line (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, jurisdiction TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
    percent INTEGER NOT NULL, light TEXT NOT NULL, due TEXT, withdrawn INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS place (source TEXT PRIMARY KEY, position TEXT NOT NULL);
"""
PUT = """
INSERT INTO line VALUES (:id, :version, :jurisdiction, :title, :state, :percent, :light, :due, :withdrawn)
ON CONFLICT (id) DO UPDATE
SET version = excluded.version, title = excluded.title, state = excluded.state, percent = excluded.percent,
    light = excluded.light, due = excluded.due, withdrawn = excluded.withdrawn
WHERE excluded.version > line.version
"""


class Table:
    """The lines, and the place up to which their source was read: saved together, or not at all."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(TABLES)

    def place(self, source: str) -> str | None:
        """Where to go on reading; None for a source that was never read."""
        row = self._database.execute("SELECT position FROM place WHERE source = ?", [source]).fetchone()
        return None if row is None else str(row[0])

    @contextmanager
    def reading(self, source: str, position: str) -> Iterator[None]:
        """What is taken within the block is saved at its end, with the place after it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", [source, position])
            self._database.execute("COMMIT")
        except BaseException:
            self._database.execute("ROLLBACK")
            raise

    def take(self, type_: str, data: Mapping[str, Any]) -> None:
        """Takes an event: a line as it is now, unless the table has a later version. Ignores what it does not know."""
        if type_ not in LINE_EVENTS:
            return
        line = data["line"]
        self._database.execute(PUT, {**line, "title": line["task"]["title"]})
        print(f"{LINE_EVENTS[type_]}: {line['task']['title']} {line['state']} {line['percent']}%", flush=True)
