"""A zone fills in a whole period by Excel: downloaded, filled, uploaded, previewed, confirmed twice, once in effect."""

from deploy.local.system import System
from tests.sheets import filled
from tests.support import PROGRESS, Json, client_of, get, open_period, pages


def test_a_zone_fills_in_a_period_by_excel_once(system: System) -> None:
    plans = [plan["code"] for plan in get(system, "province.admin", f"{PROGRESS}/overview")["plans"]]
    period = open_period(system, plans)
    client, path = client_of(system, "hefei.admin"), f"{PROGRESS}/periods/{period}"
    content = filled(client.get(f"{path}/sheet", timeout=60).raise_for_status().content)
    uploads: list[Json] = [
        client.post(f"{path}/sheets", files={"file": ("填报.xlsx", content)}, timeout=60).raise_for_status().json()
        for _ in range(2)
    ]
    sheet = uploads[0]
    assert uploads[1]["id"] == sheet["id"]
    assert (sheet["errors"], sheet["counts"]["changed"]) == (0, len(sheet["rows"]))
    assert len(sheet["rows"]) > 100
    first, second = (
        client.post(f"{path}/sheets/{sheet['id']}/confirmation", json={"submit": True}, timeout=60)
        .raise_for_status()
        .json()
        for _ in range(2)
    )
    assert first["counts"]["submitted"] == second["counts"]["same"] == len(sheet["rows"])
    filings = {each["id"]: each for each in pages(system, "hefei.admin", f"{PROGRESS}/filings", period=period)}
    for row in sheet["rows"]:
        filing = filings[row["filing_id"]]
        assert (filing["state"], filing["percent"], filing["done"]) == ("submitted", row["percent"], row["done"])
    assert {each["office"] for each in filings.values()} == {"zone:hefei"}
