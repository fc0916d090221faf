"""The page on which people choose how they are told."""

import re
from typing import Any

from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import csrf

PAGE = "/notification-settings"
PLAIN: dict[str, Any] = {"rhythm": "daily", "weekday": "1", "language": "zh"}


def chosen(text: str, name: str) -> str:
    """The value of the radio button that is on."""
    (value,) = re.findall(rf'name="{name}" value="(\w+)"[^>]* checked', text)
    return str(value)


def test_a_choice_is_kept_and_a_wrong_one_is_shown_with_what_was_chosen(as_user: AsUser) -> None:
    person = as_user("bengbu.admin")
    assert f'href="{PAGE}"' in person.get("/inbox").text
    page = person.get(PAGE)
    assert "必读" in page.text and 'name="choice-urging"' not in page.text

    def send(**given: str) -> Any:
        version = re.findall(r'name="_version" value="(\d+)"', person.get(PAGE).text)[0]
        return person.post(PAGE, data=PLAIN | {"_csrf": csrf(page), "_version": version} | given)

    wrong = send(**{"choice-reports": "none", "begins": "22:00"})
    assert wrong.status_code == 422 and "应为时间，例如 22:00" in wrong.text
    assert chosen(wrong.text, "choice-reports") == "none"
    saved = send(
        **{"choice-reports": "digest", "begins": "22:00", "until": "07:00", "rhythm": "weekly", "weekday": "3"}
    )
    assert "已保存" in saved.text
    assert (chosen(saved.text, "choice-reports"), chosen(saved.text, "rhythm")) == ("digest", "weekly")
    assert 'name="begins" value="22:00"' in saved.text and '<option value="3" selected>' in saved.text
    assert "已保存" in send().text


def test_people_without_an_inbox_have_nothing_to_choose(as_user: AsUser) -> None:
    operator = as_user("operator.demo")
    assert operator.get(PAGE).status_code == 404
    assert PAGE not in operator.get("/").text
