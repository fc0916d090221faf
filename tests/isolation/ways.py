"""How a thing of each kind is made and brought from state to state, by people with accounts, through the API."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from contracts.tables import OFFICE, PROVINCE, TABLES, Table
from tests.assessments import ITEMS
from tests.cases import WRITTEN, full_marks, published, written
from tests.days import Days
from tests.indicators import confirmed, definition
from tests.support import CATALOG, Json, attach, bulletin, decision, filing_of, lines, open_period, pages

P, HEFEI, WUHU, SWT, AUDITOR = ("province.admin", "hefei.admin", "wuhu.admin", "dept.swt", "auditor.demo")
FAR, SAID = "2030-06-28", {"text": "…"}
Body = Callable[[Days, str], Json]


@dataclass(frozen=True)
class Act:
    """A request about a thing; ``path`` is below that of the thing, or begins with a slash. ``later``: a day after;
    ``beside``: it is about what goes with the thing; ``asked``: it answers what nobody has asked here.
    """

    path: str
    body: Json | Body = field(default_factory=dict)
    method: str = "POST"
    later: bool = False
    beside: bool = False
    asked: bool = False

    def address(self, thing: str) -> str:
        return self.path.removeprefix("/") if self.path.startswith("/") else f"{thing}/{self.path}".rstrip("/")

    def said(self, days: Days, thing: str) -> Json:
        return self.body if isinstance(self.body, dict) else self.body(days, thing)


@dataclass(frozen=True)
class Way:
    """``people`` by capacity; ``strangers`` may do nothing. ``before`` are steps that an action needs beside its
    state; ``begin`` makes a new thing and says its path, ``beside`` that of what goes with one that is shown, be
    there any.
    """

    table: Table
    begin: Callable[[Days], Awaitable[str]]
    people: Mapping[str, str]
    acts: Mapping[str, Act]
    strangers: Sequence[str] = (AUDITOR, "bengbu.admin")
    before: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    beside: Callable[[Days, Json], Awaitable[str]] | None = None

    @property
    def states(self) -> list[str]:
        """Those that its people can bring a thing to."""
        return list(self.table.ways(self.people))

    def to(self, state: str) -> list[tuple[str, str]]:
        """The capacities and actions that lead to a state, with what they need."""
        way = self.table.ways(self.people)[state]
        return [step for each in way for step in (*self.before.get(each[1], ()), each)]


def _given(**body: object) -> Json:
    return body


async def _order(days: Days) -> str:
    """With the evidence without which it cannot be closed."""
    given = _given(title="督办", requirement="请办理。", source="meeting", deadline=FAR)
    made = await days.done(P, "orders", given | {"lead": "zone:hefei", "members": ["unit:swt"]})
    attach(days.system, P, "order", made["id"])
    return f"orders/{made['id']}"


def _problem(addressee: str) -> Callable[[Days], Awaitable[str]]:
    async def begin(days: Days) -> str:
        given = _given(title="问题", description="请协调。", addressee=addressee, answer_due=FAR)
        return f"problems/{(await days.done(HEFEI, 'problems', given))['id']}"

    return begin


async def _case(days: Days) -> str:
    return f"cases/{written(days.system, HEFEI)['id']}"


async def _replication(days: Days) -> str:
    return f"cases/{published(days.system)}/replications/wuhu"


async def _meeting(days: Days) -> str:
    return f"meetings/{(await days.done(P, 'meetings', _meeting_of(days, '')))['id']}"


def _meeting_of(days: Days, thing: str) -> Json:
    return _given(title="领导小组会议", held_on=str(days.first), agenda=["审议方案"])


async def _decision(days: Days) -> str:
    return f"decisions/{decision(days.system, 'zone:hefei')[1]}"


async def _bulletin(days: Days) -> str:
    return f"bulletins/{bulletin(days.system)}"


def _correction(days: Days, thing: str) -> Json:
    return _given(since=str(days.first), until=str(days.first), corrects=thing.partition("/")[2])


async def _assessment(days: Days) -> str:
    """Of a far year that has none; from 2090 on they are those of ``tests.assessments``."""
    taken = {each["year"] for each in await days.pages(P, "assessments")}
    year = max(set(range(2040, 2090)) - taken)
    return f"assessments/{(await days.done(P, 'assessments', SCHEME | {'year': year}))['id']}"


async def _indicator(days: Days) -> str:
    return f"indicators/{confirmed(days.system, 'swt', draft=True)}"


async def _filing(days: Days) -> str:
    """Of the line of the province that 省委编办 leads and 省商务厅 is a member of, in a period of its own."""
    found = lines(days.system, P, unit=UNIT, jurisdiction="province")
    line = next(each for each in found if each["units"][0]["code"] == UNIT)
    period = open_period(days.system, [line["task"]["plan"]["code"]])
    return f"filings/{filing_of(days.system, period, line['id'])['id']}"


async def _manuscript(days: Days) -> str:
    """The plan of a zone of which nothing is written or handed in."""
    thing = f"{CATALOG}/manuscripts/{ZONE}"
    shown = await days.get(P, thing)
    draft = await _handed_in(days, shown)
    waiting = (await days.ask(P, "GET", draft)).json()
    if waiting.get("actions"):
        await days.done(P, f"{draft}/return", REMARKS, waiting["version"])
        shown = await days.get(P, thing)
    if shown["begun"]:
        await days.done(P, f"{thing}/discarding", version=shown["version"])
    return thing


async def _handed_in(days: Days, shown: Json) -> str:
    """The edition that was made of a plan and waits for the province, or was returned by it; else one of nothing."""
    editions: list[Json] = []
    if shown["status"] in ("submitted", "returned"):
        editions = (await days.get(P, f"{CATALOG}/editions"))["items"]
    found = next((each["id"] for each in editions if each["tenant"] == ZONE), UUID(int=0))
    return f"{CATALOG}/editions/{found}"


def _marks(days: Days, thing: str) -> Json:
    """Those of the round that there is, if any."""
    case_id = thing.partition("/")[2]
    rounds = pages(days.system, P, f"/api/progress/v1/{thing}/rounds") if case_id else []
    return _given(points=full_marks(days.system, case_id) if rounds else [{"criterion": "…", "points": 1}])


def _a_line(days: Days, thing: str) -> Json:
    return _given(line_id=lines(days.system, HEFEI)[0]["id"])


SCHEME: Json = {"title": "考评", "items": ITEMS}
ZONE, REMARKS = "bengbu", {"remarks": "…"}
TASKS = [{"number": 1, "title": "推进制度创新", "responsibilities": [{"unit": "蚌埠市", "role": "lead"}]}]
UNIT = "wbb"
WRITER, CHECKER = f"writer.{UNIT}", f"head.{UNIT}"
"""People of a unit that nobody of the demo is of: who writes what it files, and who checks it."""
PARTS = [{"level": 1, "heading": "总体情况", "sentences": [{"key": 1, "text": "情况良好。"}]}]
REASON = {"reason": "…"}
PROBLEM_ACTS = {
    "answer": Act("answers", SAID),
    "follow_up": Act("follow-ups", SAID | {"answer_due": FAR}),
    "escalate": Act("escalation", SAID),
    "settle": Act("settlement", SAID),
    "withdraw": Act("withdrawal", SAID),
}
WAYS: Mapping[str, Way] = {
    "manuscript": Way(
        TABLES["manuscript"],
        _manuscript,
        {"writer": "bengbu.admin", "province": P},
        {
            "write": Act("", {"tasks": TASKS}, "PUT"),
            "submit": Act("submission"),
            "discard": Act("discarding"),
            "return": Act("return", REMARKS, beside=True),
            "publish": Act("publication", beside=True),
        },
        strangers=(HEFEI, SWT, AUDITOR),
        beside=_handed_in,
    ),
    "order": Way(
        TABLES["order"],
        _order,
        {"province": P, "lead": HEFEI, "member": SWT, "reader": WUHU},
        {
            "issue": Act("issuance", {"sign_due": "2030-06-01"}),
            "sign": Act("receipt"),
            "reply": Act("replies", SAID),
            "urge": Act("urgings"),
            "extend": Act("extension", SAID | {"deadline": "2030-12-31"}),
            "approve_extension": Act("extension/approval"),
            "refuse_extension": Act("extension/refusal", SAID),
            "apply": Act("application", SAID),
            "return": Act("return", SAID),
            "conclude": Act("conclusion"),
            "verify": Act("verification", SAID),
            "close": Act("closure", {"evidence": "…"}),
            "revoke": Act("revocation", SAID),
        },
    ),
    "problem": Way(
        TABLES["problem"],
        _problem("unit:swt"),
        {"raiser": HEFEI, "addressee": SWT, "province": P, "reader": WUHU},
        PROBLEM_ACTS,
    ),
    "problem for the province": Way(
        TABLES["problem"],
        _problem("role:province"),
        {"raiser": HEFEI, "asked_province": P, "reader": SWT},
        PROBLEM_ACTS,
    ),
    "case": Way(
        TABLES["case"],
        _case,
        {"origin": HEFEI, "province": P, "evaluator": SWT, "reader": WUHU},
        {
            "edit": Act("", WRITTEN, "PUT"),
            "submit": Act("submission"),
            "invite": Act("rounds", {"units": ["swt"]}),
            "score": Act("scores", _marks),
            "conclude": Act("conclusion"),
            "approve": Act("approval", {"level": "provincial"}),
            "return": Act("return", REASON),
            "reject": Act("rejection", REASON),
            "publish": Act("publication", {"preconditions": "…"}),
            "withdraw": Act("withdrawal", REASON),
            "retract": Act("retraction", REASON),
        },
        before={"conclude": [("evaluator", "score")]},
    ),
    "replication": Way(
        TABLES["replication"],
        _replication,
        {"zone": WUHU, "reader": HEFEI},
        {
            "adopt": Act("adoption", {"plan": "…"}),
            "start": Act("start"),
            "finish": Act("result", {"result": "…"}),
            "decline": Act("refusal", REASON),
        },
        strangers=(AUDITOR, P, SWT),
    ),
    "meeting": Way(
        TABLES["meeting"],
        _meeting,
        {PROVINCE: P, OFFICE: HEFEI},
        {
            "edit": Act("", _meeting_of, "PUT"),
            "conclude": Act("conclusion"),
            "decide": Act("decisions", {"text": "…", "office": "zone:hefei", "due": FAR}),
        },
    ),
    "decision": Way(
        TABLES["decision"],
        _decision,
        {PROVINCE: P, OFFICE: HEFEI},
        {
            "note": Act("note", _a_line),
            "order": Act("order", {"title": "…", "requirement": "…", "lead": "zone:hefei", "deadline": FAR}),
            "propose": Act("proposal", {"plan": "1", "title": "…"}),
            "complete": Act("completion", {"outcome": "…"}),
        },
    ),
    "bulletin": Way(
        TABLES["bulletin"],
        _bulletin,
        {PROVINCE: P, OFFICE: HEFEI},
        {
            "edit": Act("", {"title": "通报", "parts": PARTS}, "PUT"),
            "publish": Act("publication", {"readers": ["zone:hefei"]}),
            "cancel": Act("cancellation"),
            "correct": Act("/bulletins", _correction),
        },
    ),
    "assessment": Way(
        TABLES["assessment"],
        _assessment,
        {"province": P, "office": HEFEI},
        {
            "edit": Act("", SCHEME, "PUT"),
            "announce": Act("announcement"),
            "score": Act("scores/zone:hefei/hand", {"points": 1, "reason": "…"}, "PUT"),
            "exempt": Act("results/zone:hefei/exemptions", {"item": "lines", "fact": str(uuid4()), "reason": "…"}),
            "publish": Act("publication", lambda days, thing: {"objections_until": str(days.first)}),
            "object": Act("objections", {"item": "hand", "text": "…"}),
            "answer": Act(f"objections/{uuid4()}/answer", {"answer": "…"}),
            "close": Act("closing", later=True),
        },
        strangers=(AUDITOR,),
    ),
    "indicator": Way(
        TABLES["indicator"],
        _indicator,
        {PROVINCE: P, OFFICE: HEFEI},
        {
            "edit": Act("", definition("swt"), "PUT"),
            "target": Act("targets", {"targets": []}, "PUT"),
            "confirm": Act("confirmation"),
            "withdraw": Act("withdrawal"),
            "record": Act("values", {"jurisdiction": "hefei", "period": "2026-01", "value": "1"}),
        },
        strangers=(AUDITOR,),
    ),
    "filing": Way(
        TABLES["filing"],
        _filing,
        {"province": P, "checker": CHECKER, "writer": WRITER, "member": SWT, "reader": AUDITOR},
        {
            "fill": Act("draft", {"percent": 10, "done": "已启动"}, "PUT"),
            "contribute": Act("part", SAID, "PUT"),
            "submit": Act("submission"),
            "withdraw": Act("withdrawal"),
            "answer": Act(f"queries/{uuid4()}/answer", {"answer": "…"}, asked=True),
            "check": Act("check"),
            "send_back": Act("sending-back", {"remark": "…"}),
            "uncheck": Act("check-undoing"),
            "accept": Act("acceptance"),
            "unaccept": Act("acceptance-undoing"),
            "approve": Act("approval", {"confidence": "high"}),
            "return": Act("return", {"remark": "…"}),
            "reopen": Act("reopening", {"reason": "…", "until": FAR}),
            "take_over": Act(f"/periods/{uuid4()}/sheets/{uuid4()}/confirmation", {"confidence": "high"}),
        },
        strangers=("bengbu.admin", "operator.demo"),
        before={"submit": [("writer", "fill")]},
    ),
}
"""By the kind of thing; lines, which go by their reports and schedules, have a walk of their own."""
