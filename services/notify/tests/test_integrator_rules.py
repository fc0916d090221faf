"""What an integrator is to Keycloak and to the broker, and why it is refused."""

from dataclasses import replace

import pytest

from notify.integrators import broker, rules
from notify.integrators.rules import Wish

WISH = Wish(
    "city-data", "市数据平台", frozenset({"hefei", "wuhu"}), suspended=False, removed=False, version=3, secret=None
)
STANDING = {"tenants": ["hefei"], "suspended": False, "removed": False}


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        (None, rules.NotRegistered),
        (STANDING | {"removed": True}, rules.NotRegistered),
        (STANDING | {"suspended": True}, rules.Suspended),
        (STANDING | {"tenants": []}, rules.NothingGranted),
    ],
)
def test_each_refusal_has_its_reason(standing: dict[str, object] | None, refusal: type[rules.Refused]) -> None:
    with pytest.raises(refusal) as raised:
        rules.admit(standing)
    assert (raised.value.status, bool(str(raised.value))) == (403, True)


def test_who_has_a_grant_is_admitted() -> None:
    rules.admit(STANDING)


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        (WISH, {"city-data.", "progress.hefei", "progress.wuhu"}),
        (replace(WISH, tenants=frozenset()), set()),
        (replace(WISH, suspended=True), set()),
        (replace(WISH, removed=True), set()),
    ],
)
def test_the_broker_gives_rights_to_granted_topics_and_own_groups(wish: Wish, named: set[str]) -> None:
    assert {name for _, name, _, _ in broker.rights(wish)} == named


@pytest.mark.parametrize(
    ("before", "after", "acts"),
    [
        (["hefei"], ["hefei"], ["integrator.changed"]),
        (["hefei"], ["hefei", "wuhu"], ["integrator.granted"]),
        (["hefei"], [], ["integrator.revoked"]),
        (["hefei"], ["wuhu"], ["integrator.granted", "integrator.revoked"]),
    ],
)
def test_the_trail_tells_grants_from_revocations(before: list[str], after: list[str], acts: list[str]) -> None:
    assert rules.acts(before, after) == acts


@pytest.mark.parametrize(
    ("standing", "actions"),
    [
        (STANDING, ["edit", "rotate", "suspend", "remove"]),
        (STANDING | {"suspended": True}, ["edit", "rotate", "resume", "remove"]),
        (STANDING | {"removed": True}, []),
    ],
)
def test_what_can_be_done_follows_from_the_state(standing: dict[str, object], actions: list[str]) -> None:
    assert rules.actions(standing) == actions
    for action in {"edit", "rotate", "suspend", "resume", "remove"} - set(actions):
        with pytest.raises(rules.WrongState):
            rules.check_action(standing, action)


@pytest.mark.parametrize(("attempts", "pause"), [(0, 1), (1, 2), (5, 32), (6, 60), (99, 60)])
def test_pauses_grow_up_to_a_minute(attempts: int, pause: int) -> None:
    assert rules.pause_seconds(attempts) == pause


def test_a_secret_goes_to_keycloak_only_when_there_is_a_new_one() -> None:
    assert "secret" not in rules.representation(WISH)
    assert rules.representation(replace(WISH, secret="…"))["secret"] == "…"
    assert [rules.representation(replace(WISH, suspended=off))["enabled"] for off in (False, True)] == [True, False]


def test_the_platforms_own_clients_are_not_registered() -> None:
    with pytest.raises(rules.Reserved):
        rules.check_client("zoneportal-portal")
