"""What a draft says and rests on, what may be done with a bulletin, how it is numbered."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import DomainError
from progress.bulletins import drafting, rules
from progress.bulletins.drafting import Confirmed, Fact, Filed, Punctuality
from progress.bulletins.rules import Action, Status
from progress.lines.rules import Light, State

SINCE, UNTIL = date(2026, 10, 1), date(2026, 10, 31)
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 1))
NAMES = st.lists(st.sampled_from(["省商务厅", "合肥海关", "省科技厅"]), unique=True).map(tuple)
REPORTS = st.builds(
    Confirmed,
    id=st.uuids(),
    number=st.integers(1, 9),
    version=st.integers(1, 9),
    done=st.text(min_size=1, max_size=300),
    finished=st.booleans(),
    submitted_by=st.just("张三"),
    decided_by=st.just("李四"),
    decided_at=st.just(datetime(2026, 10, 8, tzinfo=UTC)),
    decided_on=DAYS,
)
FACTS = st.builds(
    Fact,
    line_id=st.uuids(),
    jurisdiction=st.sampled_from(["hefei", "wuhu", "province"]),
    place=st.sampled_from(["合肥片区", "芜湖片区", "省级"]),
    plan=st.sampled_from(["计划一", "计划二"]),
    number=st.integers(1, 112),
    title=st.text(min_size=1, max_size=40),
    due=st.none() | DAYS,
    state=st.sampled_from(State),
    percent=st.integers(0, 100),
    light=st.sampled_from(Light),
    leads=NAMES,
    members=NAMES,
    report=st.none() | REPORTS,
)
MANY = st.lists(FACTS, min_size=1, max_size=12, unique_by=lambda fact: fact.line_id)


def fact(number: int, **over: object) -> Fact:
    given: dict[str, object] = {
        "line_id": UUID(int=number),
        "jurisdiction": "hefei",
        "place": "合肥片区",
        "plan": "计划一",
        "number": number,
        "title": f"任务{number}",
        "due": UNTIL,
        "state": State.IN_PROGRESS,
        "percent": 40,
        "light": Light.GREEN,
        "leads": ("省商务厅",),
        "members": ("合肥海关",),
        "report": None,
    }
    return Fact(**(given | over))  # type: ignore[arg-type]


@given(MANY)
def test_every_sentence_rests_on_facts_and_every_fact_is_told(facts: list[Fact]) -> None:
    parts = drafting.draft(facts, SINCE, UNTIL)
    for part in parts:
        for sentence in part.sentences:
            assert sentence.facts, sentence.text
            assert sentence.text.endswith("。")
    stored, resting = drafting.kept(parts)
    keys = [sentence["key"] for part in stored for sentence in part["sentences"]]
    assert keys == list(range(1, len(keys) + 1))
    assert resting.keys() == {fact.line_id for fact in facts}
    assert {key for told in resting.values() for key in told} == set(keys)


@given(MANY, st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_ranking_in_whatever_order_they_come(facts: list[Fact], random: object) -> None:
    mixed = sorted(facts, key=lambda _: random.random())  # type: ignore[attr-defined]
    told = [
        [sentence.text for part in drafting.draft(order, SINCE, UNTIL)[4:6] for sentence in part.sentences]
        for order in (facts, mixed)
    ]
    assert told[0] == told[1]


def test_the_draft_counts_what_it_names() -> None:
    done = Confirmed(UUID(int=9), 2, 3, "已建成。", True, "张三", "李四", datetime(2026, 10, 8, tzinfo=UTC), SINCE)
    facts = [
        fact(1, state=State.CONFIRMED, percent=100, light=Light.BLUE, report=done),
        fact(2, light=Light.RED, due=UNTIL - timedelta(1)),
        fact(3, jurisdiction="wuhu", place="芜湖片区", percent=10),
        fact(4, jurisdiction="province", place="省级", percent=11, due=None),
    ]
    whole, lights, plans, _, zones, units, examples, late = drafting.draft(facts, SINCE, UNTIL)
    assert "推进事项共4项，平均完成比例40.3%；其中已确认完成1项、" in whole.sentences[0].text
    assert "确认填报涉及事项1项，其中新确认完成1项" in whole.sentences[1].text
    assert [each.text for each in lights.sentences] == [
        "蓝灯（办结）1项，占25.0%。",
        "绿灯（正常）2项，占50.0%。",
        "红灯（逾期）1项，占25.0%。",
    ]
    assert "牵头单位：省商务厅；配合单位：合肥海关" in plans.sentences[0].text
    assert [each.text[:8] for each in zones.sentences] == ["第1名 合肥片区", "第2名 芜湖片区"]
    assert [len(each.facts) for each in units.sentences] == [4]
    assert "已建成（李四2026年10月1日确认）；牵头单位" in examples.sentences[0].text
    assert [each.facts for each in late.sentences] == [[facts[1]]]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("一是建成平台；\n二是出台办法。", "一是建成平台；二是出台办法（"),
        ("引进 12 家企业； 其中外资 3 家", "引进12家企业；其中外资3家（"),
        ("对接 RCEP  rules\n一项", "对接RCEP rules一项（"),
    ],
)
def test_what_is_quoted_has_no_breaks_nor_spaces_within_chinese(said: str, told: str) -> None:
    done = Confirmed(UUID(int=9), 2, 3, said, True, "张三", "李四", datetime(2026, 10, 8, tzinfo=UTC), SINCE)
    facts = [fact(1, state=State.CONFIRMED, percent=100, light=Light.BLUE, report=done)]
    assert f"完成比例100%，{told}" in drafting.draft(facts, SINCE, UNTIL)[6].sentences[0].text


def test_equals_share_a_place() -> None:
    facts = [fact(1), fact(2, place="芜湖片区", jurisdiction="wuhu"), fact(3, place="蚌埠片区", percent=39)]
    told = [sentence.text.partition("：")[0] for sentence in drafting.draft(facts, SINCE, UNTIL)[4].sentences]
    assert told == ["第1名 合肥片区", "第1名 芜湖片区", "第3名 蚌埠片区"]


FILED = st.builds(
    Filed,
    id=st.uuids(),
    number=st.integers(1, 3),
    percent=st.integers(0, 100),
    done=st.text(min_size=1, max_size=300),
    finished=st.booleans(),
    on_time=st.booleans(),
    sent_by=st.none() | st.just("王五"),
    approved_by=st.just("李四"),
    approved_at=st.just(datetime(2026, 11, 8, tzinfo=UTC)),
    approved_on=st.just(date(2026, 11, 8)),
)
TOLD = st.lists(
    st.tuples(FACTS, st.none() | FILED).map(lambda pair: pair[0].filed(pair[1]) if pair[1] else pair[0]),
    min_size=1,
    max_size=12,
    unique_by=lambda fact: fact.line_id,
)
COUNTS = st.lists(
    st.builds(
        Punctuality,
        office=st.sampled_from(["合肥片区", "芜湖片区", "省商务厅", "无事项的单位"]),
        expected=st.integers(0, 9),
        on_time=st.integers(0, 9),
        approved=st.integers(0, 9),
    ),
    max_size=4,
    unique_by=lambda each: each.office,
)


@given(TOLD, COUNTS)
def test_every_sentence_of_a_reporting_period_rests_on_facts(facts: list[Fact], counts: list[Punctuality]) -> None:
    parts = drafting.draft_of_filings(facts, counts, SINCE, UNTIL)
    sentences = [sentence for part in parts for sentence in part.sentences]
    assert all(sentence.facts and sentence.text.endswith("。") for sentence in sentences)
    examples = next(part for part in parts if part.heading == "典型做法")
    good = [each for each in facts if each.filing and each.filing.finished and each.filing.on_time]
    assert [sentence.facts for sentence in examples.sentences] == ([[each] for each in good] or [facts])
    assert all("李四2026年11月8日审定第" in sentence.text for sentence in examples.sentences if good)


@given(FACTS, FILED)
def test_a_filed_line_is_as_it_was_approved(line: Fact, filing: Filed) -> None:
    told = line.filed(filing)
    assert (told.percent, told.filing, told.report) == (filing.percent, filing, line.report)
    begun = State.IN_PROGRESS if line.state is State.NOT_STARTED else line.state
    assert (told.state, told.light) == ((State.CONFIRMED, Light.BLUE) if filing.finished else (begun, line.light))


def test_offices_are_ranked_by_what_came_in_time() -> None:
    facts = [fact(1), fact(2, place="芜湖片区", jurisdiction="wuhu"), fact(3, jurisdiction="province", place="省级")]
    counts = [Punctuality("合肥片区", 4, 3, 1), Punctuality("芜湖片区", 4, 4, 0), Punctuality("省商务厅", 8, 6, 2)]
    parts = {part.heading: part for part in drafting.draft_of_filings(facts, counts, SINCE, UNTIL)}
    assert parts["总体情况"].sentences[1].text == "本期应报送16项，按时报送13项，已审定3项。"
    assert [sentence.text for sentence in parts["报送情况"].sentences] == [
        "第1名 芜湖片区：应报送4项，按时报送4项，按时率100.0%，已审定0项。",
        "第2名 合肥片区：应报送4项，按时报送3项，按时率75.0%，已审定1项。",
        "第2名 省商务厅：应报送8项，按时报送6项，按时率75.0%，已审定2项。",
    ]
    assert [sentence.facts for sentence in parts["报送情况"].sentences] == [[facts[1]], [facts[0]], [facts[2]]]


def test_nobody_is_ranked_by_filings_that_may_still_come_in_time() -> None:
    parts = drafting.draft_of_filings([fact(1)], [Punctuality("合肥片区", 3, 1, 1)], SINCE, UNTIL, date(2026, 12, 1))
    (said,) = next(part for part in parts if part.heading == "报送情况").sentences
    assert said.text == "报送宽限至2026年12月1日，期限未满，暂不排名。"


def test_quotation_marks_within_quotation_marks() -> None:
    parts = drafting.draft([fact(1, title="深入实施“四送一服”工程", light=Light.RED)], SINCE, UNTIL)
    assert "合肥片区“深入实施‘四送一服’工程”：" in parts[-1].sentences[0].text


@pytest.mark.parametrize(("ends", "allowed"), [(UNTIL, True), (UNTIL + timedelta(1), False), (None, False)])
def test_a_reporting_period_has_ended(ends: date | None, allowed: bool) -> None:
    if allowed:
        rules.must_have_ended(ends, UNTIL)
    else:
        with pytest.raises(rules.UnknownPeriod):
            rules.must_have_ended(ends, UNTIL)


@pytest.mark.parametrize(("scope", "status", "action"), [*product(("all", "audit", "tenant", "unit"), Status, Action)])
def test_the_table_says_who_may_move_a_bulletin(scope: str, status: Status, action: Action) -> None:
    allowed = {
        Status.DRAFT: {Action.EDIT, Action.PUBLISH, Action.CANCEL},
        Status.PUBLISHED: {Action.CORRECT},
        Status.CANCELLED: set(),
    }[status]
    if scope == "all" and action in allowed:
        rules.must_allow(action, scope, status)
    else:
        with pytest.raises(rules.NotNow):
            rules.must_allow(action, scope, status)
    assert (action in rules.actions(scope)[status]) == (scope == "all" and action in allowed)


@given(st.lists(st.sampled_from(Action), max_size=20))
def test_whatever_is_tried_a_published_bulletin_stays_published(tried: list[Action]) -> None:
    status, seen = Status.DRAFT, [Status.DRAFT]
    for action in tried:
        if action in rules.actions("all")[status]:
            status = rules.LEADS_TO[action]
            seen.append(status)
    assert len(set(seen)) <= 2
    if Status.PUBLISHED in seen:
        assert seen[-1] is Status.PUBLISHED


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (SINCE, UNTIL, True),
        (UNTIL, UNTIL, True),
        (UNTIL, SINCE, False),
        (SINCE, UNTIL + timedelta(1), False),
    ],
)
def test_a_period_is_over(since: date, until: date, allowed: bool) -> None:
    if allowed:
        rules.must_be_over(since, until, UNTIL)
    else:
        with pytest.raises(rules.PeriodNotAllowed):
            rules.must_be_over(since, until, UNTIL)


@pytest.mark.parametrize(
    ("given", "error"),
    [([2, 1], None), ([], None), ([1, 1], rules.UnknownSentence), ([3], rules.UnknownSentence)],
)
def test_sentences_bring_no_facts_that_are_not_theirs(given: list[int], error: type[DomainError] | None) -> None:
    if error is None:
        rules.must_keep_facts([1, 2], given)
    else:
        with pytest.raises(error):
            rules.must_keep_facts([1, 2], given)


@pytest.mark.parametrize(
    ("readers", "corrected", "allowed"),
    [
        (["all"], ["zone:hefei"], True),
        (["zone:hefei", "unit:swt"], ["zone:hefei"], True),
        (["unit:swt"], ["zone:hefei"], False),
        (["zone:hefei"], ["all"], False),
    ],
)
def test_a_correction_reaches_all_who_read_what_was_wrong(
    readers: list[str], corrected: list[str], allowed: bool
) -> None:
    if allowed:
        rules.must_reach(readers, corrected)
    else:
        with pytest.raises(rules.ReadersMissing):
            rules.must_reach(readers, corrected)
