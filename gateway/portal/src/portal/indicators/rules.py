"""What the pages of indicators work out. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel import numbers

from portal.web import language
from portal.web.language import t

Json = Mapping[str, Any]
_PATTERN, _ROUNDED, _SMALL = "#,##0.######", "#,##0.##", "#,##0.####"
CHECKS = ("negative", "minimum", "maximum", "outside", "jump", "jumping")
PLAIN = ("name", "name_en", "measure", "kind", "aggregation", "direction", "period", "source")


def figure(text: str | None, measure: str = "", *, derived: bool = False) -> str:
    """A decimal as people read it, with its unit of measure; a dash for none. Derived ones are rounded."""
    if text is None:
        return "—"
    value = Decimal(text)
    pattern = _PATTERN if not derived else _ROUNDED if abs(value) >= 1 else _SMALL
    number = numbers.format_decimal(value, format=pattern, locale=language.locale())
    return f"{number}{measure}" if measure in ("", "%", "‰") else f"{number} {measure}"


def _drawn(text: str | None) -> float | None:
    return None if text is None else float(text)


def chart(rows: Sequence[Json], label: str, **lines: tuple[str, str, str]) -> dict[str, Any]:
    """A chart of rows: each line is (name, the rows' field, ``bar``, ``line`` or ``scatter``)."""
    return {
        "labels": [str(row[label]) for row in rows],
        "series": [
            {"name": name, "type": shape, "data": [_drawn(row[field]) for row in rows]}
            for name, field, shape in lines.values()
        ],
    }


def charts(series: Json, standings: Sequence[Json]) -> dict[str, dict[str, Any]]:
    """Value against target by year, year on year by period, zones side by side."""
    value, target = t("数值", "Value"), t("目标", "Target")
    return {
        "years": chart(series["years"], "year", value=(value, "value", "bar"), target=(target, "target", "line")),
        "periods": chart(
            series["points"],
            "period",
            before=(t("上年同期", "A year before"), "year_before", "line"),
            value=(t("本期", "This period"), "value", "bar"),
        ),
        "places": chart(
            standings, "jurisdiction_name", value=(value, "value", "bar"), target=(target, "target", "scatter")
        ),
    }


def typed(indicator: Json) -> dict[str, str]:
    """A definition as its form shows it."""
    checks = {name: indicator["checks"][name] or "" for name in CHECKS}
    return {name: indicator[name] or "" for name in (*PLAIN, "unit", "formula")} | checks | {"reason": ""}


def empty() -> dict[str, str]:
    chosen = {"kind": "flow", "aggregation": "sum", "direction": "up", "period": "quarter"}
    checks = {"negative": "refuse", "outside": "warn", "jumping": "warn"}
    return dict.fromkeys((*PLAIN, "unit", "formula", *CHECKS, "code", "reason"), "") | chosen | checks


def given(form: Mapping[str, str]) -> dict[str, Any]:
    """What a definition's form says, as the API takes it."""
    checks = {name: form[name] or None for name in CHECKS}
    return {
        **{name: form[name] for name in PLAIN},
        **{name: form[name] or None for name in ("unit", "formula")},
        "checks": checks,
        "reason": form["reason"],
    }


def targets(places: Sequence[str], years: Sequence[str], values: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of the targets' form, without those that are left empty; a year that is none is left for the API."""
    rows = [row for row in zip(places, years, values, strict=False) if any(row[1:])]
    return [
        {"jurisdiction": place, "year": int(year) if year.isdecimal() else year, "value": value}
        for place, year, value in rows
    ]
