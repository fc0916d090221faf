"""What the overview answers."""

from datetime import date, datetime

from chassis.schemas import Output


class States(Output):
    not_started: int
    in_progress: int
    submitted: int
    confirmed: int
    suspended: int


class Lights(Output):
    green: int
    yellow: int
    red: int
    blue: int


class Figures(Output):
    """``mean_percent`` to one decimal; ``overdue`` lines have a red light; ``href`` lists ``lines``, or for a past day
    those that have changed since.
    """

    lines: int
    by_state: States
    by_light: Lights
    mean_percent: float
    overdue: int
    last_change: datetime | None
    href: str


class Cell(Figures):
    jurisdiction: str


class PlanRow(Output):
    code: str
    number: int
    name: str
    kind: str
    cells: list[Cell]


class JurisdictionName(Output):
    code: str
    name: str


class OpenProblems(Output):
    """Problems (需协调问题) that are neither settled nor withdrawn; of them, those without an answer by its day."""

    open: int
    overdue: int
    href: str


class Overview(Output):
    """Every plan has a cell for every jurisdiction, in the same order. ``as_of`` is the last change that is counted.

    ``on`` is the day at whose end it was so, null for the present; ``reconstructed`` when the day was counted later,
    from the history of the lines; ``first_day`` the first that may be asked for, null as long as none is over.
    """

    on: date | None
    reconstructed: bool
    first_day: date | None
    as_of: datetime | None
    totals: Figures
    problems: OpenProblems
    jurisdictions: list[JurisdictionName]
    plans: list[PlanRow]


class OfficeArrears(Output):
    """What an office is late with: ``lines`` and ``orders`` that are overdue; ``filings`` that have not come of periods
    that are not locked.
    """

    office: str
    office_name: str
    lines: int
    orders: int
    filings: int


class Offices(Output):
    """Those that are late with most first; offices without arrears are left out."""

    items: list[OfficeArrears]
