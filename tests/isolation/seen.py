"""Who sees which thing, and with which of those that they see the words of the table of rights let them act."""

from collections.abc import Mapping

from tests.isolation.rights import CALLERS

PUBLIC = frozenset(CALLERS) - {"operator.demo", "security.demo"}
_OF_LINES = {
    "hefei": frozenset({"province.admin", "hefei.admin", "dept.swt", "auditor.demo"}),
    "wuhu": frozenset({"province.admin", "wuhu.admin", "dept.swt", "auditor.demo"}),
    "province": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
}
SEEN_BY: Mapping[str, Mapping[str, frozenset[str]]] = {
    "line": _OF_LINES,
    "comment": _OF_LINES,
    "filing": _OF_LINES,
    "attachment": {
        "hefei": frozenset({"hefei.admin"}),
        "wuhu": frozenset({"wuhu.admin"}),
        "province": frozenset({"dept.swt"}),
        "member": frozenset({"hefei.admin", "dept.swt"}),
        "order": frozenset({"province.admin", "wuhu.admin", "dept.swt", "auditor.demo"}),
        "case": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
    },
    "entry": {
        "hefei": frozenset({"hefei.admin"}),
        "wuhu": frozenset({"wuhu.admin"}),
        "province": frozenset({"province.admin"}),
        "swt": frozenset({"dept.swt"}),
    },
    "import": {
        "hefei": frozenset({"province.admin", "hefei.admin"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin"}),
        "province": frozenset({"province.admin"}),
    },
    "edition": {
        "hefei": frozenset({"province.admin", "hefei.admin"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin"}),
        "province": frozenset({"province.admin"}),
        "published": PUBLIC,
    },
    "assessment": {
        "draft": frozenset({"province.admin", "auditor.demo"}),
        "published": PUBLIC,
    },
    "objection": {"hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"})},
    "exemption": {"hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"})},
    "result": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
    },
    "handover": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
    },
    "meeting": {"province": frozenset({"province.admin", "auditor.demo"})},
    "decision": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
    },
    "bulletin": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
        "draft": frozenset({"province.admin", "auditor.demo"}),
        "everybody": PUBLIC - {"integrator-hefei"},
    },
    "announcement": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
        "draft": frozenset({"province.admin", "auditor.demo"}),
        "everybody": PUBLIC - {"integrator-hefei"},
    },
    "reach": dict.fromkeys(("hefei", "draft", "everybody"), frozenset({"province.admin", "auditor.demo"})),
    "indicator": {
        "swt": PUBLIC - {"dept.hfhg", "integrator-hefei"},
        "hfhg": PUBLIC - {"dept.swt", "integrator-hefei"},
        "draft": frozenset({"province.admin", "auditor.demo"}),
    },
    "value": {
        "hefei": frozenset({"province.admin", "hefei.admin", "dept.swt", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "dept.swt", "auditor.demo"}),
        "province": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
    },
    "manuscript": {
        "hefei": frozenset({"province.admin", "hefei.admin"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin"}),
        "province": frozenset({"province.admin"}),
    },
    "sheet": {
        "hefei": frozenset({"hefei.admin"}),
        "wuhu": frozenset({"wuhu.admin"}),
        "swt": frozenset({"dept.swt"}),
        "province": frozenset({"province.admin"}),
    },
    "period": {"all": PUBLIC - {"dept.hfhg", "integrator-hefei"}},
    "fillable": dict.fromkeys(("all", "before"), PUBLIC - {"dept.hfhg", "integrator-hefei", "auditor.demo"}),
    "order": {
        "hefei": frozenset({"province.admin", "hefei.admin", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "dept.swt", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "auditor.demo"}),
    },
    "problem": {
        "hefei": frozenset({"province.admin", "hefei.admin", "dept.swt", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "dept.hfhg", "auditor.demo"}),
        "swt": frozenset({"province.admin", "dept.swt", "dept.hfhg", "auditor.demo"}),
        "shared": frozenset({"province.admin", "hefei.admin", "wuhu.admin", "dept.swt", "auditor.demo"}),
    },
    "case": {
        "hefei": frozenset({"province.admin", "hefei.admin", "dept.swt", "auditor.demo"}),
        "wuhu": frozenset({"province.admin", "wuhu.admin", "auditor.demo"}),
        "published": PUBLIC - {"integrator-hefei"},
    },
    "written": {
        "hefei": frozenset({"hefei.admin"}),
        "wuhu": frozenset({"wuhu.admin"}),
        "published": frozenset({"hefei.admin", "wuhu.admin", "bengbu.admin"}),
    },
    "replication": {"wuhu": frozenset({"province.admin", "hefei.admin", "wuhu.admin", "auditor.demo"})},
    "published case": {"published": frozenset(CALLERS), "hefei": frozenset()},
    "integrator": {"hefei": frozenset({"security.demo"})},
    "person": {
        "hefei": frozenset({"hefei.admin", "security.demo"}),
        "wuhu": frozenset({"wuhu.admin", "security.demo"}),
        "province": frozenset({"province.admin", "security.demo"}),
        "swt": frozenset({"security.demo", "swt.admin"}),
        "system": frozenset({"security.demo"}),
    },
    "deputyship": {"swt": frozenset({"dept.swt", "swt.admin"})},
    "robot": {owner: frozenset({f"{owner}.admin"}) for owner in ("hefei", "province", "swt")},
    "delivery": {"hefei": frozenset({"province.admin", "operator.demo"})},
    "webhook": {"hefei": frozenset({"integrator-hefei", "operator.demo", "security.demo"})},
    "letter": {"nobody": frozenset({"operator.demo"})},
    "code": {"public": PUBLIC},
    "year": {"public": PUBLIC},
}
"""Who sees which thing. The lines are of a task that the unit of ``dept.swt`` leads, without that of ``dept.hfhg``.
The order of Wuhu has 省商务厅 among its members. The problems are asked of 合肥海关, but that of Hefei, on its line, of
省商务厅, and the shared one, on that line as well, of Wuhu. Indicators are named by their responsible unit, the values
are of that of ``dept.swt``.
Attachments are of filings that were not sent, by their owner and to that of Hefei by a member, of the order of Wuhu,
and of its draft of a case.
"""

LED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "own": {"dept.swt": ("province",), "province.admin": ("province",)},
    "zones": {"dept.swt": ("hefei", "wuhu")},
    "leads": {"dept.swt": ("hefei", "wuhu", "province")},
    "lead": {"dept.swt": ("swt",)},
    "raiser": {"dept.swt": ("swt",), "hefei.admin": ("hefei", "shared"), "wuhu.admin": ("wuhu",)},
    "asked": {"dept.swt": ("hefei",), "dept.hfhg": ("wuhu", "swt"), "wuhu.admin": ("shared",)},
    "invited": {"dept.swt": ("hefei", "published")},
    "writer": {"hefei.admin": ("hefei",), "wuhu.admin": ("wuhu",), "dept.swt": ("province",)},
    "origin": {"hefei.admin": ("hefei", "published"), "wuhu.admin": ("wuhu",)},
    "adopter": {"wuhu.admin": ("wuhu",)},
    "adder": {
        "province.admin": ("order",),
        "hefei.admin": ("hefei",),
        "wuhu.admin": ("wuhu", "case"),
        "dept.swt": ("province", "member"),
    },
    "nobody": {},
}
"""By a word of the table and by caller: with whose things of those that it sees."""
