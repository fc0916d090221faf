"""What the tests across services share: whole lists, acts on lines, the live stream, topics, waiting."""

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from chassis.clock import today
from chassis.events import Event
from chassis.inbox import replay
from chassis.settings import Settings
from deploy.local.system import TLS, System

CATALOG, PROGRESS, NOTIFY = (f"/api/{service}/v1" for service in ("catalog", "progress", "notify"))
STATES = ("not_started", "in_progress", "submitted", "confirmed", "suspended")
LIGHTS = ("green", "yellow", "red", "blue")
Json = dict[str, Any]
Frame = tuple[str, Json]
T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 20) -> T:
    """The first true value of ``look``; TimeoutError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.1)
    return found


@cache
def client_of(system: System, user: str) -> httpx.Client:
    """One for all that a test asks as this user: a client takes a while to make."""
    return system.client(user)


def get(system: System, user: str, path: str, **params: Any) -> Any:
    return client_of(system, user).get(path, params=params).raise_for_status().json()


def pages(system: System, user: str, path: str, **params: Any) -> list[Json]:
    """All items of a list, over its pages."""
    found: list[Json] = []
    url = httpx.URL(path).copy_merge_params({"limit": 200} | params)
    while True:
        page = client_of(system, user).get(url).raise_for_status().json()
        found += page["items"]
        if page["next"] is None:
            return found
        url = url.copy_set_param("cursor", page["next"])


def lines(system: System, user: str, **filters: str) -> list[Json]:
    return pages(system, user, f"{PROGRESS}/lines", **filters)


def line(system: System, line_id: str, user: str = "province.admin") -> Json:
    return dict(get(system, user, f"{PROGRESS}/lines/{line_id}"))


def act(system: System, user: str, line_id: str, what: str, **body: Any) -> httpx.Response:
    """Posts to a line as it is now. ``what`` may name a part of the latest report: ``latest/return``."""
    now = line(system, line_id)
    path = what
    if what.startswith("latest/"):
        path = f"reports/{now['latest_report']['id']}/{what.removeprefix('latest/')}"
    headers = {"If-Match": f'"{now["version"]}"', "Idempotency-Key": str(uuid4())}
    return client_of(system, user).post(f"{PROGRESS}/lines/{line_id}/{path}", json=body, headers=headers)


def done(system: System, user: str, line_id: str, what: str, **body: Any) -> Json:
    """An act that succeeds; what it answers."""
    answer = act(system, user, line_id, what, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def post(system: System, user: str, path: str, version: int | None = None, of: str = "", **body: Any) -> Json:
    """What a POST that succeeds answers; ``of`` is the thing whose present version it is made from."""
    headers = {"Idempotency-Key": str(uuid4())}
    if of:
        version = client_of(system, user).get(of).raise_for_status().json()["version"]
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    answer = client_of(system, user).post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def change(system: System, user: str, path: str, body: Json, version: int | None = None) -> Json:
    """Posts to what is below progress' API, for the version that is known; what it answers."""
    headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": f'"{version}"'} if version else {})
    answer = client_of(system, user).post(f"{PROGRESS}/{path}", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def order_in_hand(system: System) -> str:
    """An order that Hefei has signed for; its id."""
    given = {"title": f"抓紧推进口岸开放 {uuid4().hex[:8]}", "requirement": "请报材料。", "source": "meeting"}
    made = change(system, "province.admin", "orders", given | {"lead": "zone:hefei", "deadline": "2030-06-28"})
    path = f"orders/{made['id']}"
    change(system, "province.admin", f"{path}/issuance", {"sign_due": "2030-06-01"}, 1)
    change(system, "hefei.admin", f"{path}/receipt", {}, 2)
    return str(made["id"])


PDF = b"%PDF-1.7\ntrailer <<>>\n%%EOF\n"


def attach(system: System, user: str, kind: str, thing: str, name: str = "佐证材料.pdf", content: bytes = PDF) -> Json:
    """A file, attached to a thing; a small one unless its content is given."""
    given = {"file": (name, content)}
    answer = client_of(system, user).post(f"{PROGRESS}/attachments", params={"kind": kind, "thing": thing}, files=given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def set_schedule(system: System, user: str, line_id: str, deadline: str, *earlier: str) -> Json:
    """Gives a line this deadline and a milestone on it, after others of these titles; the schedule."""
    stages = [{"title": title, "weight": 100, "due": deadline} for title in (*earlier, "总结评估")]
    body = {"deadline": deadline, "milestones": stages}
    headers = {"If-Match": f'"{line(system, line_id)["version"]}"', "Idempotency-Key": str(uuid4())}
    answer = client_of(system, user).put(f"{PROGRESS}/lines/{line_id}/schedule", json=body, headers=headers)
    return dict(answer.raise_for_status().json())


def bulletin(system: System, *readers: str) -> str:
    """A new bulletin of today, published to these readers; a draft without any."""
    client, day = client_of(system, "province.admin"), today().isoformat()
    made = client.post(f"{PROGRESS}/bulletins", json={"since": day, "until": day}).raise_for_status()
    path = f"{PROGRESS}/bulletins/{made.json()['id']}/publication"
    if readers:
        client.post(path, json={"readers": readers}, headers={"If-Match": made.headers["ETag"]}).raise_for_status()
    return str(made.json()["id"])


def announcement(system: System, *offices: str, **said: Any) -> str:
    """A new announcement to confirm, published to these offices; a draft for all without any."""
    client = client_of(system, "province.admin")
    given = {
        "title": "关于报送材料的通知",
        "text": "请按时报送。",
        "shown_until": today().isoformat(),
        "must_confirm": True,
    }
    made = client.post(f"{NOTIFY}/announcements", json=given | {"addressed": offices or ["all"]} | said)
    path = f"{NOTIFY}/announcements/{made.raise_for_status().json()['id']}/publication"
    if offices:
        client.post(path, headers={"If-Match": made.headers["ETag"]}).raise_for_status()
    return str(made.json()["id"])


def name_person(system: System, user: str, line_id: str, person: str) -> None:
    """Makes somebody of the user's office responsible for a line."""
    path = f"{PROGRESS}/lines/{line_id}/person"
    headers = {"If-Match": f'"{get(system, user, path)["version"]}"'}
    client_of(system, user).put(path, json={"person": person}, headers=headers).raise_for_status()


def handed_over(system: System, user: str, line_id: str) -> str:
    """A handover of a line from a person of the user's office to the user: its id."""
    giver = f"原联络员{uuid4().hex[:6]}"
    name_person(system, user, line_id, giver)
    own = [each["id"] for each in get(system, user, f"{PROGRESS}/belongings", person=giver)["items"]]
    given: Json = {"giver": giver, "receiver": user, "reason": "岗位调整", "things": own}
    return str(change(system, user, "handovers", given)["id"])


def decision(system: System, office: str, due: str | None = None) -> tuple[str, str]:
    """A decision of a meeting of today that this office leads, due today or then: ids of the meeting and its own."""
    client, day = client_of(system, "province.admin"), today().isoformat()
    given = {"title": "领导小组会议", "held_on": day, "agenda": ["审议方案"]}
    made = client.post(f"{PROGRESS}/meetings", json=given).raise_for_status()
    path = f"{PROGRESS}/meetings/{made.json()['id']}"
    held = client.post(f"{path}/conclusion", headers={"If-Match": made.headers["ETag"]}).raise_for_status()
    given = {"text": "加快建设保税仓库", "office": office, "due": due or day}
    decided = client.post(f"{path}/decisions", json=given, headers={"If-Match": held.headers["ETag"]})
    return str(made.json()["id"]), str(decided.raise_for_status().json()["id"])


def open_period(system: System, plans: list[str], **over: Any) -> str:
    """A period of these plans to be filed on by 2030; its id."""
    days = {"starts": "2026-01-01", "ends": "2026-03-31", **dict.fromkeys(("due", "grace", "locks"), "2030-01-31")}
    body = {"kind": "quarter", "title": f"季度报告{uuid4().hex[:6]}", "plans": plans, **days} | over
    answer = client_of(system, "province.admin").post(f"{PROGRESS}/periods", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def filing_of(system: System, period: str, line_id: str) -> Json:
    (found,) = pages(system, "province.admin", f"{PROGRESS}/filings", period=period, line=line_id)
    return found


def draft(system: System, user: str, text: str) -> tuple[str, str | None]:
    """A notice, imported and confirmed: the import's id and the draft's, if it changes anything."""
    client, files = client_of(system, user), {"file": ("notice.txt", text.encode(), "text/plain")}
    imported = client.post(f"{CATALOG}/imports", files=files, timeout=60)
    assert imported.status_code == 201, imported.text
    confirmed = client.post(f"{CATALOG}/imports/{imported.json()['id']}/confirmation")
    assert confirmed.status_code in (200, 201), confirmed.text
    edition = confirmed.json()["edition"]
    return imported.json()["id"], edition and edition["id"]


def publish(system: System, text: str) -> None:
    """Makes a notice the present catalog, if it is not already."""
    _, edition = draft(system, "province.admin", text)
    if edition is None:
        return
    publish_edition(system, edition)


def publish_edition(system: System, edition: str) -> None:
    client, path = client_of(system, "province.admin"), f"{CATALOG}/editions/{edition}"
    tag = client.get(path).headers["ETag"]
    answer = client.post(f"{path}/publication", headers={"If-Match": tag}, timeout=60)
    assert answer.status_code == 200, answer.text


def submit_manuscript(system: System, user: str, plan: str) -> str:
    """Makes a draft of the catalog of what is written of a plan; its id."""
    return str(on_manuscript(system, user, plan, "POST", "/submission").json()["edition"]["id"])


def on_manuscript(system: System, user: str, plan: str, method: str, act: str = "", **body: Any) -> httpx.Response:
    """Asks for something to be done with a plan that is being written, as it is now; a success."""
    client, path = client_of(system, user), f"{CATALOG}/manuscripts/{plan}"
    headers = {"If-Match": client.get(path).raise_for_status().headers["ETag"]}
    answer = client.request(method, path + act, json=body, headers=headers, timeout=60)
    assert answer.is_success, answer.text
    return answer


def forget_manuscript(system: System, plan: str) -> None:
    """A plan stands as it is published, whatever was written."""
    if get(system, "province.admin", f"{CATALOG}/manuscripts/{plan}")["begun"]:
        on_manuscript(system, "province.admin", plan, "POST", "/discarding")


def upload_sheet(system: System, user: str, plan: str, content: bytes) -> Json:
    """A filled template of a plan as it was read."""
    file = ("plan.xlsx", content, "application/octet-stream")
    answer = client_of(system, user).post(f"{CATALOG}/manuscripts/{plan}/sheets", files={"file": file}, timeout=60)
    return dict(answer.raise_for_status().json())


def entries(system: System, user: str, line_id: str) -> list[Json]:
    """What the user's inbox says of a line, newest first."""
    return pages(system, user, f"{NOTIFY}/inbox", thing=f"/lines/{line_id}")


@contextmanager
def streaming(system: System, user: str) -> Iterator[Iterator[Frame]]:
    """The frames ``(event, data)`` of a user's live stream; reading waits at most 10 s."""
    with system.client(user) as client, client.stream("GET", f"{NOTIFY}/stream", timeout=10) as answer:
        assert answer.status_code == 200, answer.read()
        text = answer.iter_lines()
        assert next(text) == "retry: 2000"
        yield _frames(text)


def _frames(text: Iterator[str]) -> Iterator[Frame]:
    fields: dict[str, str] = {}
    for row in text:
        if row and not row.startswith(":"):
            name, _, value = row.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], json.loads(fields["data"])
            fields = {}


async def on_topic(system: System, topic: str) -> list[Event]:
    """Everything on a topic, each key's events in their order."""
    found: list[Event] = []

    async def take(event: Event) -> None:
        found.append(event)

    settings = Settings(
        port=1,
        database_url="",
        issuer="",
        jwks_url="",
        kafka_bootstrap=system.endpoints["kafka_internal"],
        kafka_username="notify",
        kafka_password=system.instance.secrets["kafka_notify"],
    )
    await replay(settings, topic, take)
    return found


def mails(system: System) -> list[dict[str, str]]:
    answer = httpx.get(f"{system.endpoints['mail']}/messages", trust_env=False, timeout=30, verify=TLS)
    messages: list[dict[str, str]] = answer.json()
    return messages


def figures(counted: list[Json]) -> Json:
    """What a cell of the overview must say of these lines."""
    states, lights = Counter(row["state"] for row in counted), Counter(row["light"] for row in counted)
    percents = sum((Decimal(row["percent"]) for row in counted), Decimal(0))
    mean = (percents / len(counted)).quantize(Decimal("0.1"), ROUND_HALF_UP) if counted else 0
    return {
        "lines": len(counted),
        "by_state": {name: states[name] for name in STATES},
        "by_light": {name: lights[name] for name in LIGHTS},
        "mean_percent": float(mean),
        "overdue": lights["red"],
    }


def cells(overview: Json) -> Iterator[Json]:
    """Every cell of an overview, and its totals."""
    yield overview["totals"]
    for plan in overview["plans"]:
        yield from plan["cells"]


@contextmanager
def closing_at_once(host: str = "127.0.0.1") -> Iterator[str]:
    """The address of one who takes connections and closes each as it is made."""

    def close(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = door.accept()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

    with socket.create_server((host, 0)) as door:
        threading.Thread(target=close, args=(door,), daemon=True).start()
        yield f"http://{host}:{door.getsockname()[1]}/"
        door.shutdown(socket.SHUT_RDWR)
