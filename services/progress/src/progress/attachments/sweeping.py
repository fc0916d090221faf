"""What no attachment refers to goes: uploads that came to nothing, and what was removed before it was approved."""

from datetime import date

from chassis.tenancy import Session
from progress.attachments import store
from progress.attachments.files import Files

BATCH = 50


class Sweeper:
    def __init__(self, files: Files) -> None:
        self._files = files

    async def sweep(self, db: Session, today: date) -> int:
        """The chore that removes content; how much. A repeat after a fall does no harm."""
        names = await store.take_loose(db, BATCH)
        for name in names:
            await self._files.remove(name)
        return len(names)
