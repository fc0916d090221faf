"""What is meant by what somebody types: tables."""

import pytest

from progress.search import rules


@pytest.mark.parametrize(
    ("q", "name", "found"),
    [
        ("口岸", "支持建设进口口岸", True),
        ("口岸 建设", "支持建设进口口岸", True),
        ("口岸 医院", "支持建设进口口岸", False),
        ("　口岸　", "支持建设进口口岸", True),
        ("ＱＦＬＰ", "合格境外有限合伙人（QFLP）试点", True),
        ("qflp", "合格境外有限合伙人（QFLP）试点", True),
        ("kjt", "省科技厅", True),
        ("KJT", "省科技厅", True),
        ("kjj", "省科技厅", False),
        ("cq", "重庆口岸", True),
        ("zq", "重庆口岸", True),
        ("whpq", "芜湖片区", True),
        ("k", "省科技厅", False),
        ("%", "省科技厅", False),
    ],
)
def test_what_a_name_is_found_by(q: str, name: str, found: bool) -> None:
    assert rules.fits(rules.words(q), name) is found


def test_words_are_sought_in_all_names_and_letters_in_names_alone() -> None:
    assert rules.fits(rules.words("合肥 kjt 经费"), "合肥片区", "省科技厅", text="落实经费")
    assert not rules.fits(rules.words("jf"), "省科技厅", text="落实经费")
    assert len(rules.words(" ".join("一二三四五六七八"))) == rules.MOST_WORDS


def test_an_excerpt_shows_the_first_word_that_the_names_lack() -> None:
    text = f"{'前' * 40}设立产业引导\n基金{'后' * 90}"
    assert rules.left(["合肥", "产业"], "合肥片区") == ["产业"]
    assert rules.excerpt(text, ["产业"]) == f"…{'前' * 10}设立产业引导 基金{'后' * 41}…"
    assert rules.excerpt("设立基金", ["基金"]) == "设立基金"
    assert rules.excerpt("设立基金", ["jj"]) == ""
