"""Days that a request names."""

from datetime import date

from chassis.problems import Invalid


def must_be_ahead(due: date | None, today: date) -> None:
    """Raises Invalid for something that would be due before it is asked for."""
    if due is not None and due < today:
        raise Invalid("/body/due", "不早于今天")
