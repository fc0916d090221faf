from chassis.tests.conftest import Scratch


async def test_a_statement_says_how_many_rows_it_touched(scratch: Scratch) -> None:
    async with scratch.database.session() as db:
        assert await db.run("SET LOCAL lock_timeout = '1s'") == 0
        assert await db.run("DELETE FROM parked WHERE false") == 0
        assert await db.run("SELECT generate_series(1, 3)") == 3
