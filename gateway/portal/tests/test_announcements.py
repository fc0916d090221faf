"""The pages of announcements: written and published by the province, confirmed by an office, and counted."""

from datetime import timedelta
from uuid import uuid4

from chassis.clock import today
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import here


def test_an_announcement_is_written_published_and_confirmed_by_forms(as_user: AsUser) -> None:
    province, hefei, title = as_user("province.admin"), as_user("hefei.admin"), f"公告{uuid4().hex[:12]}"
    said = {"title": title, "text": "请按时报送。", "must_confirm": "true", "addressed": "zone:hefei"}
    form = province.get("/announcements/_new")
    refused = province.submit(form, "/announcements/_new", **said, shown_until="2026-01-01")
    assert refused.status_code == 422 and "#f-shown_until" in refused.text and title in refused.text
    last = str(today() + timedelta(9))
    draft = province.submit(refused, "/announcements/_new", **said, shown_until=last)
    assert "预览" in draft.text
    address = here(draft)
    assert hefei.get(address).status_code == 404
    published = province.submit(draft, address, act="publish")
    assert "公告已发布" in published.text and "0 / 1" in published.text
    assert title in hefei.get("/").text
    confirmed = hefei.submit(hefei.get(address), address, act="confirm")
    assert "已确认已阅" in confirmed.text and f"{address}/offices" not in confirmed.text
    assert title not in hefei.get("/announcements", params={"waiting": "true"}).text
    assert "1 / 1" in province.get(f"{address}/offices").text
    assert hefei.get(f"{address}/offices").status_code == 404
    assert as_user("wuhu.admin").get(address).status_code == 404
    withdrawn = province.submit(province.get(address), address, act="withdraw", reason="另行通知")
    assert "公告已撤回" in withdrawn.text and "另行通知" in hefei.get(address).text


def test_only_the_province_writes_announcements(as_user: AsUser) -> None:
    for user in ("hefei.admin", "dept.swt", "auditor.demo"):
        assert "/announcements/_new" not in as_user(user).get("/announcements").text
        assert as_user(user).get("/announcements/_new").status_code == 404
