"""How people get in, how they do not, and what they cannot do to their own account."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from keycloak import KeycloakAdmin, KeycloakPutError

from chassis.clock import today
from chassis.deputies import Deputyship
from deploy.local.system import System
from gateway.keycloak.tests.support import PASSWORD, claims, sign_in

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
S256 = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
ALLOWED_FAILURES = 20


def _authorize(system: System, keycloak: httpx.Client, **more: str) -> httpx.Response:
    query = {
        "client_id": "zoneportal-portal",
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "redirect_uri": f"{system.endpoints['gateway']}/login/callback",
    }
    return keycloak.get("/protocol/openid-connect/auth", params=query | more)


def test_the_code_flow_with_pkce_shows_one_login_page_in_chinese(system: System, keycloak: httpx.Client) -> None:
    page = _authorize(system, keycloak, **S256)
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text
    assert 'name="username"' in page.text
    assert 'name="password"' in page.text
    assert "中国（安徽）自由贸易试验区" in page.text


def test_the_login_page_speaks_english_when_asked(system: System, keycloak: httpx.Client) -> None:
    assert 'lang="en"' in _authorize(system, keycloak, **S256, ui_locales="en").text


@pytest.mark.parametrize("challenge", [{}, {"code_challenge": CHALLENGE, "code_challenge_method": "plain"}])
def test_the_code_flow_without_a_hashed_challenge_is_refused(
    system: System, keycloak: httpx.Client, challenge: dict[str, str]
) -> None:
    answer = _authorize(system, keycloak, **challenge)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["invalid_request"]


@pytest.mark.parametrize("path", ["/", "/login", "/login/callback/x", "/login/callback@example.org"])
def test_a_code_goes_nowhere_but_to_the_callback(system: System, keycloak: httpx.Client, path: str) -> None:
    answer = _authorize(system, keycloak, **S256, redirect_uri=system.endpoints["gateway"] + path)
    assert answer.status_code == 400


def test_a_logout_leads_nowhere_but_to_the_portal(system: System, keycloak: httpx.Client) -> None:
    query = {"client_id": "zoneportal-portal", "post_logout_redirect_uri": "https://example.org/"}
    answer = keycloak.get("/protocol/openid-connect/logout", params=query)
    assert answer.status_code == 400 and "location" not in answer.headers


def _code(system: System, keycloak: httpx.Client, person: dict[str, Any]) -> dict[str, str]:
    """What a login brings to the callback, with where that is."""
    page = _authorize(system, keycloak, **S256)
    # a browser sends secure cookies to the loopback address without TLS too, httpx does not
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in page.cookies.jar)
    form = {"username": person["username"], "password": PASSWORD}
    answer = keycloak.post(_form_target(page.text), data=form, headers={"Cookie": cookies})
    callback = urlsplit(answer.headers["location"])
    assert callback._replace(query="").geturl() == f"{system.endpoints['gateway']}/login/callback"
    return {"code": parse_qs(callback.query)["code"][0], "redirect_uri": callback._replace(query="").geturl()}


def _tokens(system: System, keycloak: httpx.Client, grant: str, **form: str) -> dict[str, Any]:
    client = {"client_id": "zoneportal-portal", "client_secret": system.instance.secrets["portal_client"]}
    answer = keycloak.post("/protocol/openid-connect/token", data={"grant_type": grant, **client, **form})
    return dict(answer.json())


def test_a_login_gives_tokens_that_can_be_renewed_until_the_logout(
    system: System, keycloak: httpx.Client, person: dict[str, Any]
) -> None:
    gateway, tokens = system.endpoints["gateway"], partial(_tokens, system, keycloak)
    first = tokens("authorization_code", **_code(system, keycloak, person), code_verifier=VERIFIER)
    renewed = tokens("refresh_token", refresh_token=first["refresh_token"])
    assert claims(renewed["access_token"])["tenant"] == "hefei"

    query = {"id_token_hint": renewed["id_token"], "post_logout_redirect_uri": f"{gateway}/"}
    assert keycloak.get("/protocol/openid-connect/logout", params=query).headers["location"] == f"{gateway}/"
    assert tokens("refresh_token", refresh_token=renewed["refresh_token"])["error"] == "invalid_grant"


def test_a_code_counts_once(system: System, keycloak: httpx.Client, person: dict[str, Any]) -> None:
    """Who brings it again has stolen it, or was stolen from: what was given for it ends too."""
    code, tokens = _code(system, keycloak, person), partial(_tokens, system, keycloak)
    first = tokens("authorization_code", **code, code_verifier=VERIFIER)
    assert tokens("authorization_code", **code, code_verifier=VERIFIER)["error"] == "invalid_grant"
    assert tokens("refresh_token", refresh_token=first["refresh_token"])["error"] == "invalid_grant"


def test_a_code_is_worth_nothing_without_its_verifier(
    system: System, keycloak: httpx.Client, person: dict[str, Any]
) -> None:
    given = _code(system, keycloak, person) | {"code_verifier": VERIFIER[::-1]}
    assert _tokens(system, keycloak, "authorization_code", **given)["error"] == "invalid_grant"


def _form_target(page: str) -> str:
    found = re.search(r'<form[^>]*id="kc-form-login"[^>]*action="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_the_portal_takes_no_passwords(system: System, keycloak: httpx.Client) -> None:
    secret = system.instance.secrets["portal_client"]
    answer = sign_in(keycloak, "zoneportal-portal", "hefei.admin", system.password, client_secret=secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.parametrize("weak", ["elevenchars", "username"])
def test_a_weak_password_is_refused(admin: KeycloakAdmin, person: dict[str, Any], weak: str) -> None:
    with pytest.raises(KeycloakPutError, match="invalidPassword"):
        admin.set_user_password(person["id"], person.get(weak, weak), temporary=False)


def test_nobody_changes_what_gives_him_rights(
    admin: KeycloakAdmin, keycloak: httpx.Client, foreign_client: str, person: dict[str, Any]
) -> None:
    token = sign_in(keycloak, foreign_client, person["username"], PASSWORD).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    account = keycloak.get("/account/", headers=headers).json()
    assert account["attributes"]["tenant"] == ["hefei"]

    def change(**fields: object) -> httpx.Response:
        return keycloak.post("/account/", headers=headers, json={**account, **fields})

    deputyship = Deputyship(str(uuid4()), str(uuid4()), "zone:hefei", ("city", "admin"), today(), today(), "张三")
    for more in ({"tenant": ["wuhu"]}, {"unit": ["swt"]}, {"tenants": ["wuhu"]}, {"deputy_for": [str(deputyship)]}):
        change(attributes=account["attributes"] | more)
    change(attributes={})
    change(firstName="省自贸办管理员")
    assert change(email=f"new-{person['email']}").status_code == 204

    now = admin.get_user(person["id"])
    assert now["email"] == f"new-{person['email']}"
    assert now["attributes"] == {"tenant": ["hefei"]}
    assert "firstName" not in now


@pytest.mark.parametrize("code", ["Hefei", "合肥", "a b", "-a", "a" * 40])
def test_a_tenant_must_look_like_a_code(admin: KeycloakAdmin, person: dict[str, Any], code: str) -> None:
    with pytest.raises(Exception, match="tenant"):
        admin.update_user(person["id"], {**person, "attributes": {"tenant": [code]}})


def test_twenty_failures_lock_an_account_for_a_while(
    admin: KeycloakAdmin, keycloak: httpx.Client, person: dict[str, Any]
) -> None:
    def sign(password: str) -> httpx.Response:
        return sign_in(keycloak, "zoneportal-cli", person["username"], password)

    def counted(failures: int, *, locked: bool) -> bool:
        status = admin.get_bruteforce_detection_status(person["id"])
        return (status["numFailures"], status["disabled"]) == (failures, locked)

    for failures in range(1, ALLOWED_FAILURES + 1):
        assert sign("wrong").json()["error"] == "invalid_grant"
        _until(partial(counted, failures, locked=failures == ALLOWED_FAILURES))
    assert sign(PASSWORD).json()["error"] == "invalid_grant"
    admin.clear_bruteforce_attempts_for_user(person["id"])
    assert sign(PASSWORD).is_success


def _until(reached: Callable[[], bool], seconds: float = 10) -> None:
    deadline = monotonic() + seconds
    while not reached():
        if monotonic() > deadline:
            raise TimeoutError
        sleep(0.02)
