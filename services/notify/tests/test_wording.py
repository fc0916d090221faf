"""What mails say that tell several pieces of news."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from notify.mail import wording
from notify.mail.wording import News
from notify.preferences.rules import Language

AT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SITE = "https://portal.example"


def news(number: int, **changes: Any) -> News:
    told = {
        "title": f"标题{number}",
        "body": f"正文{number}",
        "title_en": f"Title {number}",
        "body_en": f"Body {number}",
    }
    known = {"kind": "report.submitted", "href": f"/lines/{number}", "at": AT, "audience": "zone:hefei"}
    known |= {"thing": f"/lines/{number}", "level": None}
    given: dict[str, Any] = {"id": uuid4(), "position": number} | known | told | changes
    return News(**given)


def test_a_single_one_is_told_as_it_is() -> None:
    assert wording.joined([news(1)], Language.CHINESE) == wording.Words("标题1", "正文1")
    assert wording.joined([news(1)], Language.ENGLISH) == wording.Words("Title 1", "Body 1")


def test_several_about_one_thing_are_told_in_their_order_under_the_newest() -> None:
    (thing,) = wording.by_thing([news(2, thing="/lines/1"), news(1)])
    assert wording.joined(thing, Language.CHINESE) == wording.Words(
        "标题2（共 2 条消息）", "11月24日 15:30 正文1\n11月24日 15:30 正文2"
    )
    assert wording.joined(thing, Language.ENGLISH).title == "Title 2 (2 messages)"


def test_a_digest_goes_by_groups_with_counts_and_links_and_what_presses_first() -> None:
    told = [
        news(1),
        news(2, kind="bulletin.published"),
        news(3, kind="period.due_soon"),
        news(4, thing="/lines/1", href="/lines/1"),
    ]
    words = wording.digest(told, AT, Language.CHINESE, SITE)
    assert words.title == "11月24日消息汇总：4 条"
    assert words.body.split("\n\n") == [
        "上次汇总以来共有 4 条消息。",
        f"【请优先办理】1 条\n· 标题3 11月24日 15:30\n  {SITE}/lines/3",
        f"【进展填报】2 条\n· 标题4（共 2 条消息） 11月24日 15:30\n  {SITE}/lines/1",
        f"【通报】1 条\n· 标题2 11月24日 15:30\n  {SITE}/lines/2",
    ]
    english = wording.digest(told, AT, Language.ENGLISH, SITE)
    assert english.title == "Digest of Nov 24: 4 messages" and "[Please see to these first] 1" in english.body


def test_a_long_digest_counts_what_it_does_not_list() -> None:
    told = [news(number) for number in range(wording.MOST_LINES + 1)] + [news(1, kind="bulletin.published")]
    body = wording.digest(told, AT, Language.CHINESE, SITE).body
    assert body.count("\n· ") == wording.MOST_LINES
    assert f"【进展填报】{wording.MOST_LINES + 1} 条" in body and "【通报】1 条" in body
    assert body.endswith("其余的请到收件箱查看。")
