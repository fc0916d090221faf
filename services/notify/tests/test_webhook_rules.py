"""When webhooks are tried again, paused and told of, and where they may go."""

import random
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise

import pytest

from chassis.auth import Caller, Role
from notify.webhooks.addresses import BadAddress, destination, inside, networks, permitted
from notify.webhooks.rules import (
    GIVE_UP_AFTER,
    NOTICE_EVERY,
    PAUSES,
    NotGranted,
    NotNow,
    Paused,
    Reason,
    Standing,
    State,
    actions,
    is_back,
    judge,
    must_allow,
    must_be_granted,
    rest,
    room,
    stands,
)

T0 = datetime(2026, 11, 28, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://example.com", "example.com", "/"),
        ("http://Example.com:80/a/b?c=d", "example.com", "/a/b?c=d"),
        ("https://example.com:8443/?x", "example.com:8443", "/?x"),
        ("http://203.0.113.7:8080/in", "203.0.113.7:8080", "/in"),
        ("https://[2001:DB8:0::1]/in", "[2001:db8::1]", "/in"),
    ],
)
def test_the_parts_of_an_address(url: str, authority: str, target: str) -> None:
    found = destination(url)
    assert (found.authority, found.target) == (authority, target)


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "http://", "http:///x"),
        *("http://user@example.com/", "http://user:word@example.com/", "http://example.com@10.0.0.1/"),
        *(
            "http://example.com/#x",
            "http://exa mple.com/",
            "http://example.com\\@10.0.0.1/",
            "http://example.com/\r\nX: y",
        ),
        *("http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.2.3.08/", "http://0x/", "http://①②⑦.0.0.1/"),
        *("http://example.com:22/", "http://example.com:0/", "http://example.com:65536/", "http://example.com:x/"),
        *("http://[::1%25eth0]/", "http://[::1/", "http://[v1.x]/", "http://example.com./", "http://-a.com/"),
        *("http://a..b/", "https://" + "a" * 64 + ".com/", "https://example.com/" + "a" * 1000),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        destination(url)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.31.0.1", "192.0.0.8"),
        *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::2", "::127.0.0.1", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1"),
        *("2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd12::1"),
        *("fe80::1", "fec0::1", "ff02::1"),
    ],
)
def test_what_is_inside(address: str) -> None:
    assert inside(ip_address(address), ())


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_what_is_outside(address: str) -> None:
    assert not inside(ip_address(address), ())


def test_named_networks_are_not_inside() -> None:
    allowed = networks("127.0.0.2/32, 10.8.0.0/16")
    assert [inside(ip_address(each), allowed) for each in ("127.0.0.2", "127.0.0.1", "10.8.3.4", "10.9.0.1")] == [
        False,
        True,
        False,
        True,
    ]
    assert networks("") == ()


@pytest.mark.parametrize("answers", [[], ["127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["1.1.1.1", "::ffff:10.0.0.1"]])
def test_a_name_with_any_address_inside_is_refused(answers: list[str]) -> None:
    with pytest.raises(BadAddress):
        permitted(answers, ())


@pytest.mark.parametrize("seed", range(20))
def test_trying_ends_after_three_days_and_no_pause_is_longer_than_the_table_says(seed: int) -> None:
    now, tries, chances = T0, 1, random.Random(seed)
    while (verdict := judge(Reason.STATUS, tries=tries, since=T0, now=now, chance=chances.random())).next_try:
        longest = PAUSES[min(tries, len(PAUSES)) - 1]
        assert timedelta(0) < verdict.next_try - now <= longest
        now, tries = verdict.next_try, tries + 1
    assert verdict.state is State.FAILED and now - T0 >= GIVE_UP_AFTER


def test_the_table_of_pauses_grows() -> None:
    assert list(PAUSES) == sorted(set(PAUSES))


def test_a_success_ends_it() -> None:
    assert judge(None, tries=9, since=T0, now=T0 + 2 * GIVE_UP_AFTER, chance=0).state is State.DELIVERED


def test_its_owner_is_told_once_a_day_while_it_fails_and_when_it_is_paused() -> None:
    told, standing = [], Standing(None, None, None)
    for minutes in range(0, 4 * 24 * 60, 7):
        now = T0 + timedelta(minutes=minutes)
        before, standing = standing, stands(standing, Reason.CONNECTION, now)
        if standing.told_at != before.told_at:
            told.append(now - T0)
    assert standing.paused is Paused.FAILING
    assert [round(each / HOUR) for each in told] == [1, 25, 72]


def test_a_receiver_that_comes_and_goes_tells_no_more_often() -> None:
    told, standing = [], Standing(None, None, None)
    for hours in range(96):
        now = T0 + hours * HOUR
        before, standing = standing, stands(standing, None if hours % 4 == 3 else Reason.TIMEOUT, now)
        if standing.told_at != before.told_at:
            told.append(now)
    assert standing.paused is None
    assert all(later - earlier >= NOTICE_EVERY for earlier, later in pairwise(told))


def test_gone_pauses_at_once_and_says_so() -> None:
    assert stands(Standing(None, None, T0), Reason.GONE, T0 + HOUR) == Standing(T0 + HOUR, Paused.GONE, T0 + HOUR)


def test_what_its_owner_paused_stays_so() -> None:
    before = Standing(T0, Paused.OWNER, None)
    assert stands(before, Reason.TIMEOUT, T0 + GIVE_UP_AFTER) == before


def test_zones_must_be_granted() -> None:
    must_be_granted(["hefei"], frozenset({"hefei", "wuhu"}))
    with pytest.raises(NotGranted) as refused:
        must_be_granted(["hefei", "bengbu"], frozenset({"hefei"}))
    assert refused.value.pointer == "/body/tenants/1"


def caller(role: Role) -> Caller:
    return Caller("x", "", "", frozenset({role}), None, None, frozenset(), "", 0)


def test_who_answers_well_gets_more_at_once_and_who_fails_less() -> None:
    sizes = [8]
    for reason in [None] * 80 + [Reason.STATUS] * 40:
        sizes.append(room(sizes[-1], reason))
    assert (max(sizes), sizes[-1]) == (64, 1)
    assert room(1, None) == 2


@pytest.mark.parametrize(("failing", "rests"), [(0, 0), (5, 0), (40, 10), (600, 150), (86400, 300)])
def test_who_fails_for_long_is_left_alone_for_longer(failing: int, rests: int) -> None:
    assert rest(T0, T0 + timedelta(seconds=failing)) == timedelta(seconds=rests)
    assert rest(None, T0) == timedelta()


@pytest.mark.parametrize(
    ("seconds", "reason", "back"), [(5, None, False), (60, None, True), (60, Reason.STATUS, False)]
)
def test_what_waits_goes_at_once_when_a_receiver_is_back(seconds: int, reason: Reason | None, back: bool) -> None:
    before = stands(Standing(None, None, None), Reason.CONNECTION, T0)
    now = T0 + timedelta(seconds=seconds)
    assert is_back(before, stands(before, reason, now), now) is back


@pytest.mark.parametrize(
    ("role", "paused", "expected"),
    [
        (Role.INTEGRATOR, None, {"edit", "rotate", "remove", "pause", "test", "replay"}),
        (Role.INTEGRATOR, Paused.GONE, {"edit", "rotate", "remove", "resume"}),
        (Role.INTEGRATOR, Paused.SECURITY, {"edit", "rotate", "remove"}),
        (Role.SECURITY, None, {"pause"}),
        (Role.SECURITY, Paused.OWNER, {"resume"}),
        (Role.SECURITY, Paused.SECURITY, {"resume"}),
        (Role.OPERATOR, None, {"replay"}),
        (Role.OPERATOR, Paused.FAILING, set()),
    ],
)
def test_who_may_do_what(role: Role, paused: Paused | None, expected: set[str]) -> None:
    allowed = actions(caller(role), paused)
    assert set(allowed) == expected
    for action in {"pause", "resume", "test", "replay"} - expected:
        with pytest.raises(NotNow):
            must_allow(action, allowed)
