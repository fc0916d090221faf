"""Fields that a service may refuse though they fit its OpenAPI: no schema knows what there is, or which day it is."""

import re

BEYOND_SCHEMAS = frozenset(
    f"/{place}/{name}"
    for place, names in {
        "query": ("cursor", "after", "on", "since", "until"),
        "header": ("Idempotency-Key",),
        "body": (
            "file",
            *("deadline", "milestones", "on", "sign_due", "answer_due"),
            *("until", "due", "held_on", "readers", "parts", "office"),
            *("lead", "members", "addressee", "lines", "line_id"),
            *("ends", "grace", "locks", "plans", "reason", "period_id", "since"),
            *("percent", "done", "remark", "confidence", "objections_until"),
            *("days", "stages", "start", "plan", "jurisdiction"),
            *("tasks", "units", "points", "criteria", "expert", "zones"),
            *("formula", "checks", "unit", "targets", "period", "value", "explanation"),
            *("items", "item", "fact"),
            *("receiver", "giver"),
            *("client", "url", "quiet", "secret"),
            *("shown_until", "addressed", "corrects", "roles"),
        ),
    }.items()
    for name in names
) | {"/body"}  # an account that Keycloak does not take
OF_ITEMS = re.compile("/body/(tasks/[0-9]+/(number|responsibilities)|tenants/[0-9]+|file/[A-Z]+[0-9]+)")


def is_beyond_schemas(pointer: str) -> bool:
    return pointer in BEYOND_SCHEMAS or OF_ITEMS.fullmatch(pointer) is not None
