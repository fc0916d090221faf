"""Searching Chinese text by bigrams: what is found, and what is not. The matching follows PostgreSQL's phrase rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tasks.rules import fold, query, vector

TEXTS = st.text(alphabet="口岸进出一单窗AB“” ，'\\", min_size=1, max_size=30)


def lexemes(literal: str) -> dict[int, str]:
    found = re.findall(r"'((?:[^'\\]|''|\\.)*)':(\d+)", literal)
    return {int(at): re.sub(r"\\(.)", r"\1", word.replace("''", "'")) for word, at in found}


def finds(q: str, *texts: str) -> bool:
    """Evaluates the tsquery literal over the tsvector literal as PostgreSQL does."""
    words = lexemes(vector(*texts))
    terms = (query(q) or "").split(" & ")
    return all(any(_stands(term, words, at) for at in words) for term in terms)


def _stands(term: str, words: dict[int, str], at: int) -> bool:
    parts = re.findall(r"'((?:[^'\\]|''|\\.)*)'(:\*)?", term)
    for step, (word, prefix) in enumerate(parts):
        plain = re.sub(r"\\(.)", r"\1", word.replace("''", "'"))
        here = words.get(at + step, "")
        if not (here.startswith(plain) if prefix else here == plain):
            return False
    return True


@pytest.mark.parametrize(
    ("q", "text", "found"),
    [
        ("口岸", "推进口岸开放", True),
        ("进口", "推进口岸开放", True),
        ("进口岸", "推进口岸", True),
        ("单一窗口", "国际贸易“单一窗口”功能", True),
        ("窗口功能", "国际贸易“单一窗口”功能", True),
        ("单一 功能", "国际贸易“单一窗口”功能", True),
        ("单一 没有", "国际贸易“单一窗口”功能", False),
        ("岸口", "推进口岸开放", False),
        ("放", "推进口岸开放", True),
        ("\u2f1d岸", "推进口岸开放", True),
        ("\u2f1c岸", "推进口岸", True),
        ("rcep", "对接 RCEP 规则", True),
        ("5g", "5Ｇ应用", True),
    ],
)
def test_phrases_are_found_where_they_stand(q: str, text: str, found: bool) -> None:
    assert finds(q, text) is found


def test_no_phrase_crosses_from_the_title_into_the_text() -> None:
    assert not finds("岸开", "口岸", "开放")


def test_nothing_to_search_for_is_no_query() -> None:
    assert query("  “” ") is None


@given(TEXTS, st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = text[start:end]
    assert query(piece) is None or finds(piece, text)


@given(TEXTS, TEXTS)
def test_only_what_stands_in_a_text_is_found(q: str, text: str) -> None:
    if query(q) and finds(q, text):
        assert all(fold(phrase) in fold(text) for phrase in q.split())
