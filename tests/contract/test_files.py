"""The files under ``contracts/`` say what the code says."""

from difflib import unified_diff

import pytest

from contracts import states
from contracts.generate import committed, generated

CODE, FILES = generated(), committed()


@pytest.mark.parametrize("name", sorted(CODE.keys() | FILES.keys()))
def test_the_file_says_what_the_code_says(name: str) -> None:
    before, after = FILES.get(name, "").splitlines(), CODE.get(name, "").splitlines()
    differences = "\n".join(unified_diff(before, after, f"contracts/{name}", "what the code says", lineterm="", n=2))
    assert not differences, f"run `make contracts` and commit what it writes:\n{differences}"


def test_the_picture_of_states_shows_the_tables_of_the_rules() -> None:
    assert states.FILE.read_text("utf-8") == states.document(), "run `make contracts` and commit what it writes"
