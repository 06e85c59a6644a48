"""From delivered figures to observations: arithmetic, windows and states."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from trigpoint.definitions.reading import read_catalogue
from trigpoint.measures.compute import NO_FIGURES, observe
from trigpoint.terms.panel import Observation
from trigpoint.terms.period import Month, Period

SOURCE = """
perspectives: {access: {title: Access}}
objectives: {soon: {title: Seen soon, perspective: access}}
sources:
  returns:
    title: Returns
    format: csv
    delivery: replace
    windows: [1 month, 3 months, 12 months]
    columns: {a: {as: start}, b: {as: end}, unit: {as: unit}, item: {as: item}, value: {as: value}}
"""


def indicator(code: str, measured_in: str, measure: str, *, basis: str = "flow", to: str = "2026-12") -> str:
    return f"""
  {code}:
    title: Seen
    objective: soon
    direction: up
    measured_in: {measured_in}
    owner: Someone
    levels: [trust, division]
    basis: {basis}
    versions: [{{from: 2025-01, to: {to}, measure: {{source: returns, {measure}}}}}]
"""


INDICATORS = "indicators:" + "".join(
    [
        indicator("RATIO", "per cent", "numerator: [seen, phoned], denominator: all"),
        indicator("RATE", "for each 1000", "numerator: seen, denominator: all, per: 1000"),
        indicator("COUNT", "people", "count: [seen, phoned]"),
        indicator("QUARTER", "people", "count: seen, window: 3 months", basis="rolling"),
        indicator("ASIS", "per cent", "value: published", to="2025-12"),
    ]
)
FILES = {
    "trigpoint.yaml": "name: A trust\nhome: T\n",
    "definitions/units.csv": "code,name,level,from,to\nT,Trust,trust,,\nD,Division,division,,2026-01-31\n",
    "definitions/source.yaml": SOURCE,
    "definitions/indicators.yaml": INDICATORS,
}
CATALOGUE = read_catalogue(FILES)
JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)


def row(
    item: str,
    value: float | None,
    state: str = "value",
    *,
    unit: str = "T",
    months: int = 1,
    end: Month = JANUARY,
    cut: str = "all",
    status: str = "final",
) -> dict[str, object]:
    period = Period.ending(end, months)
    key = {"item": item, "unit": unit, "cut": cut, "start": period.start, "end": period.end}
    return key | {"value": value, "state": state, "status": status}


def figure(
    code: str, rows: list[dict[str, object]], month: Month = JANUARY, through: Month | None = None
) -> Observation:
    """The trust's figure of one indicator."""
    table = pa.Table.from_pylist(rows, schema=NO_FIGURES.schema)
    panel = observe(CATALOGUE, [month], {"returns": table}, {"returns": through or month})
    return next(o for o in panel if (o.indicator, o.unit) == (code, "T"))


def test_numerators_are_added_divided_and_scaled() -> None:
    seen = figure("RATIO", [row("seen", 15), row("phoned", 5), row("all", 32)])
    assert (seen.numerator, seen.denominator, seen.value, seen.state) == (20, 32, 62.5, "value")


def test_a_rate_is_scaled_as_declared() -> None:
    assert figure("RATE", [row("seen", 3), row("all", 400)]).value == 7.5


def test_a_count_is_its_numerator() -> None:
    count = figure("COUNT", [row("seen", 3), row("phoned", 0)])
    assert (count.numerator, count.denominator, count.value) == (3, None, 3)


def test_a_value_alone_has_no_numerator() -> None:
    alone = figure("ASIS", [row("published", 88, end=Month(2025, 6))], Month(2025, 6))
    assert (alone.numerator, alone.denominator, alone.value) == (None, None, 88)


def test_zero_is_a_value_and_nothing_over_nothing_is_not() -> None:
    assert figure("RATIO", [row("seen", 0), row("phoned", 0), row("all", 4)]).value == 0
    none_due = figure("RATIO", [row("seen", 0), row("phoned", 0), row("all", 0)])
    assert (none_due.value, none_due.state, none_due.denominator) == (None, "no_denominator", 0)


# what the source says of seen | of all | the figure's state
STATES = """
value          | suppressed     | suppressed
not_submitted  | suppressed     | suppressed
not_applicable | not_submitted  | not_submitted
value          | not_applicable | not_applicable
value          | no row         | not_submitted
no row         | no row         | not_submitted
suppressed     | no row         | suppressed
"""


@pytest.mark.parametrize("line", STATES.strip().splitlines())
def test_of_two_states_the_first_in_order_is_the_figures(line: str) -> None:
    seen, everyone, expected = (cell.strip() for cell in line.split("|"))
    rows = [
        row(item, 4 if state == "value" else None, state)
        for item, state in (("seen", seen), ("all", everyone))
        if state != "no row"
    ]
    observation = figure("RATE", rows)
    assert observation.state == expected
    assert observation.value is None


def test_a_month_that_the_source_has_not_reached_is_not_due() -> None:
    assert figure("RATE", [], FEBRUARY, through=JANUARY).state == "not_due"
    assert figure("RATE", [], FEBRUARY, through=FEBRUARY).state == "not_submitted"


def test_windows_that_end_together_are_told_apart_by_their_start() -> None:
    both = [row("seen", 7, months=1), row("seen", 21, months=3), row("phoned", 0), row("seen", 80, months=12)]
    quarter, month = figure("QUARTER", both), figure("COUNT", both)
    assert (quarter.start, quarter.end, quarter.value) == (dt.date(2025, 11, 1), dt.date(2026, 1, 31), 21)
    assert (month.start, month.value) == (dt.date(2026, 1, 1), 7)


def test_a_cut_is_not_everyone() -> None:
    assert figure("COUNT", [row("seen", 7, cut="White"), row("phoned", 0)]).state == "not_submitted"


def test_one_provisional_input_makes_the_figure_provisional() -> None:
    assert figure("RATE", [row("seen", 1), row("all", 2, status="provisional")]).status == "provisional"


def test_a_closed_unit_and_a_retired_indicator_have_no_figure() -> None:
    months = [JANUARY, FEBRUARY]
    panel = observe(CATALOGUE, months, {}, {"returns": FEBRUARY})
    asked = {(o.indicator, o.unit, o.month) for o in panel}
    assert ("RATE", "D", JANUARY) in asked
    assert ("RATE", "D", FEBRUARY) not in asked
    assert not any(indicator == "ASIS" for indicator, _, _ in asked)
