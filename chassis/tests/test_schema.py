from chassis import schema
from chassis.parking import LONGEST_PAUSE, pause


def test_a_script_is_cut_into_statements_and_bodies_stay_whole() -> None:
    script = "CREATE TABLE a (x int);\nCREATE FUNCTION f() AS $$ BEGIN; END; $$;\nDROP TABLE a;"
    assert schema.statements(script) == [
        "CREATE TABLE a (x int)",
        "CREATE FUNCTION f() AS $$ BEGIN; END; $$",
        "DROP TABLE a",
    ]


def test_every_table_of_the_chassis_is_closed_by_row_level_security() -> None:
    statements = schema.ddl("catalog")
    for table in schema.TABLES:
        assert f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" in statements


def test_pauses_grow_and_end_at_the_longest() -> None:
    pauses = [pause(attempts) for attempts in range(1, 12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1, LONGEST_PAUSE)
