"""``python -m bench`` measures everything on a system of its own and writes the table to ``.run/bench/table.md``."""

import asyncio

from bench import sheets, streams, years
from deploy.local.instance import ROOT
from deploy.local.system import fresh

HEAD = (
    "| what | baseline | ours | ratio | ratios of the rounds |",
    "| --- | --- | --- | --- | --- |",
)


def main() -> None:
    folder = ROOT / ".run" / "bench"
    with fresh(folder / "system") as system:
        rows = [row for part in (streams, years, sheets) for row in asyncio.run(part.measure(system))]
    table = "\n".join((*HEAD, *(row.row() for row in rows)))
    (folder / "table.md").write_text(f"{table}\n", "utf-8")
    print(table)


if __name__ == "__main__":
    main()
