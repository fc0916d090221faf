"""A process is ready when its database is as far as it knows, or further."""

import pytest

from chassis.process import newest
from chassis.tenancy import Database
from deploy.local import services
from services.progress.tests.worlds import World


@pytest.fixture(params=["progress_api", "progress_worker"])
async def database(world: World, request: pytest.FixtureRequest) -> Database:
    return Database(world.env(request.param)["ZP_DATABASE_URL"])


@pytest.mark.parametrize("needs", ["0001", services.head("progress")])
async def test_a_newer_database_is_fine(database: Database, needs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "needs", needs)
    await database.ready()
    await database.close()


async def test_an_older_database_is_not_ready(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "needs", "9999")
    with pytest.raises(LookupError, match="9999"):
        await database.ready()
    await database.close()


@pytest.mark.parametrize("service", ["catalog", "progress", "notify", "portal"])
def test_the_newest_migration_is_the_one_that_others_lead_to(service: str) -> None:
    assert newest(services.migrations(service)) == services.head(service)
