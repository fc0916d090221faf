"""What stands above the inbox. Pure."""

from typing import Any

from portal.inbox.rules import arrears, newest


def test_an_office_is_behind_with_what_it_has_any_of() -> None:
    late = {"office": "zone:wuhu", "office_name": "芜湖片区", "lines": 3, "orders": 0, "filings": 2}
    (unit,) = arrears([late | {"office": "unit:swt", "lines": 0, "orders": 1, "filings": 0}])
    (zone,) = arrears([late])
    assert (zone.words, zone.href) == (
        ("3 项超期、2 份待报", "3 overdue, 2 to file"),
        "/lines?light=red&jurisdiction=wuhu",
    )
    assert (unit.words[0], unit.href) == ("1 份督办单逾期", "/lines?light=red&unit=swt")


def test_what_was_shown_ends_with_the_newest_of_all_sections() -> None:
    pages: list[dict[str, Any]] = [
        {"items": [{"at": "2026-11-28"}]},
        {"items": []},
        {"items": [{"at": "2026-11-29"}, {"at": "2026-11-27"}]},
    ]
    assert newest(pages) == "2026-11-29"
    assert newest([{"items": []}]) is None
