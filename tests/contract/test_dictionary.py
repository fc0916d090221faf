"""Every field of every event is explained in both languages, and nothing else is."""

import re
from collections.abc import Iterator
from typing import Any

from contracts import channels
from contracts.dictionary import MEANINGS


def descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (field.get("description", "") for field in schema.get("properties", {}).values())
        for part in schema.values():
            yield from descriptions(part)


def test_each_field_has_a_meaning_in_chinese_and_english() -> None:
    told = {text for kind in channels.TYPES.values() for text in descriptions(channels.schema(kind))}
    assert {text for text in told if not re.match("[\u4e00-\u9fff].*[a-z]", text)} == set()
    assert {" ".join(meaning) for meaning in MEANINGS.values()} <= told
