"""What people are shown, kept for all tests that look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from gateway.portal.tests.support import Browser, here
from tests.isolation.manual import Page, addresses
from tests.isolation.things import Things


@dataclass
class Shown:
    """What people are shown, each address asked for once."""

    browsers: Mapping[str, Browser]
    things: Things
    answers: dict[tuple[str, str], httpx.Response] = field(default_factory=dict)

    def answer(self, person: str, address: str) -> httpx.Response:
        if (person, address) not in self.answers:
            self.answers[person, address] = self.browsers[person].get(address)
        return self.answers[person, address]

    def pages(self, page: Page, person: str) -> Iterator[str]:
        """The page as it is shown of one thing after the other."""
        for address in addresses(page.path, self.things, person):
            answer = self.answer(person, address)
            if answer.status_code == 200 and here(answer).startswith(address):
                yield answer.text
