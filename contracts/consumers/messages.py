"""How a message that a consumer reads, or an answer that it asks for, is written into its pact."""

from collections.abc import Mapping
from typing import Any

from pact import Pact, match

ID = "0193a1b2-7c00-7000-8000-000000000001"
EVENT_ID = "0193a1b2-7c00-7000-8000-00000000000e"
DAY = match.regex("2026-12-31", regex=r"^\d{4}-\d\d-\d\d$")
KEY = r"^[!-~]{1,128}$"
INSTANT = match.regex("2026-11-24T08:00:00+00:00", regex=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")


def a_uuid() -> Any:
    return match.uuid(ID, format="lowercase")


def a_code(example: str) -> Any:
    return match.regex(example, regex=r"^[a-z0-9-]+$")


def up_to(items: int) -> Any:
    """A page's length: pages may become shorter or longer."""
    return match.regex(str(items), regex=r"^([1-9]\d?|1\d\d|200)$")


def expect(pact: Pact, description: str, type_: str, body: dict[str, Any], subject: Any = None) -> None:
    """Adds a CloudEvent in binary mode of the type ``type_`` to the pact; ``subject`` is an id unless it is given."""
    headers = {
        "ce_specversion": "1.0",
        "ce_type": type_,
        "ce_id": match.uuid(EVENT_ID, format="lowercase"),
        "ce_source": match.regex("/zoneportal/service", regex=r"^/zoneportal/[a-z]+$"),
        "ce_subject": subject or a_uuid(),
        "ce_time": match.regex("2026-11-24T08:00:00Z", regex=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"),
        "ce_sequence": match.regex("1", regex=r"^\d+$"),
    }
    interaction = pact.upon_receiving(description, "Async")
    interaction.with_body(body, "application/json").with_metadata(headers)


def get(
    pact: Pact, description: str, path: str, query: Mapping[str, Any], body: dict[str, Any], state: str | None = None
) -> None:
    """Adds a question with a token, and its answer."""
    interaction = pact.upon_receiving(description)
    if state:
        interaction.given(state)
    interaction.with_request("GET", path).with_query_parameters(query)
    interaction.with_header("Authorization", match.regex("Bearer token", regex=r"^Bearer \S+$"))
    interaction.will_respond_with(200).with_body(body, "application/json")
