"""What the integrators' API takes and returns."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chassis.schemas import Input, Line, Output

Client = Annotated[
    str,
    StringConstraints(min_length=2, max_length=40, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
    Field(description="Id of the client in Keycloak, never changed", examples=["city-data-platform"]),
]
Contact = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
    Field(description="E-mail address", examples=["data@example.gov.cn"]),
]
Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Tenants = Annotated[list[Tenant], Field(max_length=100, description="Codes of zones, or `province`")]


class IntegratorIn(Input):
    """A new integrator; its first secret is asked for afterwards."""

    client: Client
    name: Line
    contact: Contact
    tenants: Tenants = Field(default_factory=list)


class IntegratorChange(Input):
    """What is given is changed; ``tenants`` are all that shall be granted from then on."""

    name: Line | None = None
    contact: Contact | None = None
    tenants: Tenants | None = None


class Reason(Input):
    reason: Line


class Step(Output):
    """``waiting``: not told yet. ``failed``: ``error`` says why, and ``next_try`` when it is told again."""

    system: Literal["keycloak", "kafka"]
    state: Literal["in_step", "waiting", "failed"]
    done_at: datetime | None
    next_try: datetime | None
    error: str | None


class Integrator(Output):
    """``removed``: Keycloak or Kafka still know it; it goes when neither does. ``secret_at``: the last new secret."""

    client: str
    name: str
    contact: str
    tenants: list[str]
    suspended: bool
    removed: bool
    version: int
    created_at: datetime
    secret_at: datetime | None
    steps: list[Step]


class Access(Output):
    """Where the integrator goes, and what it may read there."""

    token_url: str
    events_url: str
    kafka: Annotated[str, Field(description="The broker's listener for integrators")]
    topics: list[str]
    group_prefix: str


class IntegratorOut(Integrator):
    access: Access
    actions: list[Literal["edit", "rotate", "suspend", "resume", "remove"]]


class IntegratorPage(Output):
    items: list[Integrator]
    next: str | None


class Secret(Output):
    """Shown this once. The one before it is refused from when the system ``keycloak`` is in step."""

    client: str
    secret: str
