"""What waits on the desk is there when it happens, and each pile leads to all of it."""

import html
import re
from typing import Any
from uuid import uuid4

from deploy.local.system import System
from gateway.portal.tests.conftest import NewBrowser
from gateway.portal.tests.support import Browser

LINES = "/api/progress/v1/lines"
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def test_a_report_waits_for_the_province_and_returned_for_its_zone(new_browser: NewBrowser, system: System) -> None:
    hefei, province = new_browser(), new_browser()
    hefei.log_in("hefei.admin")
    province.log_in("province.admin")
    with system.client("hefei.admin") as zone, system.client("province.admin") as office:
        free = zone.get(LINES, params={"state": "not_started", "limit": 1}).json()["items"][0]
        path = f"{LINES}/{free['id']}"

        def act(client: Any, what: str, version: int, **body: Any) -> dict[str, Any]:
            headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
            answer = client.post(f"{path}/{what}", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            return dict(client.get(path).json())

        reported = act(zone, "reports", free["version"], percent=10, done="已启动")
        href = f'href="/lines/{free["id"]}"'
        assert href in whole(province, "decide")
        report = reported["latest_report"]["id"]
        act(office, f"reports/{report}/return", reported["version"], reason="请补充材料")
        assert href in whole(hefei, "returned")
        assert href not in whole(province, "decide")


def whole(browser: Browser, name: str) -> str:
    """The pages that a pile of the desk leads to; empty when nothing lies there."""
    _, _, rest = browser.get("/").text.partition(f'aria-labelledby="pile-{name}"')
    listed = f"/lines?pile={name}"
    if f'href="{listed}"' not in rest.partition("</section>")[0]:
        return ""
    pages, following = "", listed
    while following:
        page = browser.get(following).text
        pages, further = pages + page, NEXT.search(page)
        following = html.unescape(further[1]) if further else ""
    return pages
