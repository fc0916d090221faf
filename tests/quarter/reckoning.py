"""What follows from what events say: lights, colours, a year's values, scores. Reckoned here, not by progress."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.quarter.ledger import Ledger, office_of
from tests.support import Json

NEAR, SOON = timedelta(30), timedelta(7)
CENT, DIGITS = Decimal("0.01"), Decimal("0.000001")
IN_HAND = ("issued", "in_hand", "extending")
Worths = dict[str, list[int]]
Scheme = Sequence[tuple[str, int, int | None]]


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text[:10])


def light_of(line: Json, milestones: Sequence[Json], today: date) -> str:
    due = day(line["due"])
    if line["state"] == "confirmed":
        return "blue"
    if due is None:
        return "green"
    if due < today:
        return "red"
    late = any(date.fromisoformat(each["due"]) < today and not each["done_on"] for each in milestones)
    behind = due - today <= NEAR and pace(date.fromisoformat(line["opened_on"]), milestones, today) > line["percent"]
    return "yellow" if late or behind else "green"


def pace(opened: date, milestones: Sequence[Json], today: date) -> Fraction:
    """The percent that a line has today which goes evenly from its opening to one milestone after the other."""
    whole, reached, since = sum(each["weight"] for each in milestones), Fraction(0), opened
    for each in sorted(milestones, key=lambda each: str(each["due"])):
        due, step = max(date.fromisoformat(each["due"]), opened), Fraction(100 * each["weight"], whole)
        if today < due:
            return reached + step * max((today - since).days, 0) / (due - since).days
        reached, since = reached + step, due
    return reached


def colour_of(ledger: Ledger, order: Json, today: date) -> str | None:
    deadline, answered = date.fromisoformat(order["deadline"]), day(order["answered_on"])
    if order["state"] not in IN_HAND:
        late = order["ended_on"] is None and answered is not None and answered > deadline
        return "red" if late else None
    if deadline < today:
        return "red"
    unsigned = order["state"] == "issued" and date.fromisoformat(order["sign_due"]) < today
    if unsigned or order["id"] in ledger.pressed | ledger.poor:
        return "yellow"
    return "blue" if deadline - SOON <= today else None


def year_value(ledger: Ledger, indicator: Json, place: str, zones: Iterable[str], year: int) -> Decimal | None:
    """Flows are summed over the year, of stocks the last counts; the province has the sum or mean of its zones."""
    if place != "province":
        found = [Decimal(each["value"]) for each in ledger.values(indicator["code"], place, year)]
        if not found:
            return None
        return sum(found, Decimal(0)) if indicator["kind"] == "flow" else found[-1]
    parts = [value for zone in zones if (value := year_value(ledger, indicator, zone, (), year)) is not None]
    if not parts:
        return None
    together = sum(parts, Decimal(0))
    return together if indicator["aggregation"] == "sum" else (together / len(parts)).quantize(DIGITS)


def worths(ledger: Ledger, year: int, today: date) -> dict[str, Worths]:
    """By basis and office what each fact is worth, of a hundred."""
    return {
        "lines": _of_lines(ledger),
        "milestones": _of_milestones(ledger, year, today),
        "filings": _of_filings(ledger, year, today),
        "orders": _of_orders(ledger, year, today),
        "indicators": _of_indicators(ledger, year),
        "cases": _of_cases(ledger, year),
    }


def _in_time(due: str, done: str | None) -> int:
    if done is None:
        return 0
    return 100 if done <= due else 50


def _of_lines(ledger: Ledger) -> Worths:
    """An overdue one costs half when more time was asked for by then."""
    found: Worths = defaultdict(list)
    declared = {
        (each["line_id"], each["before"]) for each in ledger.of("extension") if each["asked_at"][:10] <= each["before"]
    }
    for line in ledger.lines():
        red = 50 if (line["id"], line["due"]) in declared else 0
        found[office_of(line)].append(red if line["light"] == "red" else 100)
    return found


def _of_milestones(ledger: Ledger, year: int, today: date) -> Worths:
    found: Worths = defaultdict(list)
    lines = {line["id"]: line for line in ledger.lines()}
    for each in ledger.of("milestone"):
        if each["line_id"] in lines and f"{year}-01-01" <= each["due"] <= min(f"{year}-12-31", str(today)):
            found[office_of(lines[each["line_id"]])].append(_in_time(each["due"], each["done_on"]))
    return found


def _of_filings(ledger: Ledger, year: int, today: date) -> Worths:
    found: Worths = defaultdict(list)
    for period in ledger.periods.values():
        if not period["due"].startswith(str(year)):
            continue
        for line, filing in ledger.filings(period["id"]):
            if filing["received_on"]:
                found[office_of(line)].append(100 if filing["on_time"] else 50)
            elif period["grace"] < str(today):
                found[office_of(line)].append(0)
    return found


def _of_orders(ledger: Ledger, year: int, today: date) -> Worths:
    found: Worths = defaultdict(list)
    for order in ledger.of("order"):
        over = order["answered_on"] or order["deadline"] < str(today)
        if order["issued_on"].startswith(str(year)) and order["state"] != "revoked" and over:
            found[order["lead"]["office"]].append(_in_time(order["deadline"], order["answered_on"]))
    return found


def _of_indicators(ledger: Ledger, year: int) -> Worths:
    found: Worths = defaultdict(list)
    used = {each["code"]: each for each in ledger.of("indicator") if each["status"] == "confirmed"}
    for code, target in ledger.all_targets():
        place = target["jurisdiction"]
        if code in used and target["year"] == year and place != "province":
            value = year_value(ledger, used[code], place, (), year)
            found[f"zone:{place}"].append(100 * reaches(used[code], value, Decimal(target["value"])))
    return found


def reaches(indicator: Json, value: Decimal | None, target: Decimal) -> bool:
    if value is None:
        return False
    return value >= target if indicator["direction"] == "up" else value <= target


def _of_cases(ledger: Ledger, year: int) -> Worths:
    found: Worths = defaultdict(list)
    for case in ledger.of("case"):
        if case["level"] and case["approved_on"].startswith(str(year)):
            found[f"zone:{case['zone']}"].append(100)
    return found


def score(points: int, target: int | None, facts: Sequence[int]) -> Decimal | None:
    if target:
        share = min(Fraction(sum(facts), 100 * target), Fraction(1))
    elif facts:
        share = Fraction(sum(facts), 100 * len(facts))
    else:
        return None
    return cents(points * share)


def total(points: Sequence[tuple[int, Decimal | None]]) -> Decimal | None:
    """Of a hundred, over what was scored."""
    scored = [(possible, given) for possible, given in points if given is not None]
    if not scored:
        return None
    return cents(100 * Fraction(sum(given for _, given in scored)) / sum(possible for possible, _ in scored))


def cents(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / value.denominator).quantize(CENT, ROUND_HALF_UP)


def standing_of(ledger: Ledger, decision: Json, today: date) -> str:
    """What became of a meeting's decision; one that became an order is due with it."""
    if decision["status"] == "done":
        return "done"
    orders = {order["id"]: order for order in ledger.of("order")}
    due = orders[decision["order_id"]]["deadline"] if decision["order_id"] else decision["due"]
    return "overdue" if date.fromisoformat(due) < today else "open"
