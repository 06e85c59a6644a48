"""The year to date: sums since April, only where they mean something and only where all is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.findings import finding, indicator
from trigpoint.analysis.finding import Finding
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.compose.scorecard import year_words
from trigpoint.scorecards.year import YearToDate, year_to_date
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month, Period

NOW = Month(2026, 10)


def month(
    back: int,
    numerator: float | None,
    denominator: float | None = 100.0,
    state: State = State.VALUE,
    window: int = 1,
) -> Finding:
    """The figure of so many months ago."""
    period = Period.ending(NOW - back, window)
    value = numerator if state is State.VALUE else None
    return finding(
        value,
        NOW - back,
        start=period.start,
        end=period.end,
        state=state,
        numerator=numerator,
        denominator=denominator,
    )


def thirteen(parts: Sequence[tuple[float, float]]) -> list[Finding]:
    return [month(12 - at, numerator, denominator) for at, (numerator, denominator) in enumerate(parts)]


def year(of: Indicator, months: Sequence[Finding]) -> YearToDate | None:
    return year_to_date(of, months, at_home=True)


def version(**measure: object) -> list[dict[str, object]]:
    return [{"from": "2020-04", "measure": {"source": "monthly", **measure}}]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=13, max_size=13))
def test_it_is_the_sum_of_numerators_over_the_sum_of_denominators_since_april(
    parts: list[tuple[int, int]],
) -> None:
    found = year(indicator(), thirteen(parts))
    counted = out_of = 0
    for at, (numerator, denominator) in enumerate(parts):
        if NOW - (12 - at) >= Month(2026, 4):
            counted += numerator
            out_of += denominator
    assert found is not None
    assert found.value == pytest.approx(100 * counted / out_of)
    assert replace(found, value=None) == YearToDate(Month(2026, 4), NOW, 7, 7, counted, out_of, None)


def test_in_april_it_is_the_months_own_figure() -> None:
    april = finding(84.0, Month(2026, 4))
    assert year(indicator(), [finding(10.0, Month(2026, 3)), april]) == YearToDate(
        Month(2026, 4), Month(2026, 4), 1, 1, 84.0, 100.0, 84.0
    )


def test_one_month_without_a_figure_leaves_it_incomplete_and_says_of_how_many() -> None:
    months = [month(back, 80.0) for back in range(12, -1, -1)]
    months[-3] = month(2, None, None, State.NOT_SUBMITTED)
    del months[-5]
    found = year(indicator(), months)
    assert found is not None
    assert (found.due, found.present, found.value) == (7, 5, None)
    assert year_words(indicator(), found) == "Incomplete: 5 of 7 months, Apr to Oct 2026"


def test_a_month_in_which_no_one_was_due_adds_nothing_and_is_not_missing() -> None:
    months = [month(1, 30.0, 40.0), month(0, None, 0.0, State.NO_DENOMINATOR)]
    of = indicator(versions=[{**version(numerator="a", denominator="b")[0], "from": "2026-09"}])
    found = year(of, months)
    assert found is not None
    assert (found.due, found.present, found.value) == (2, 2, 75.0)
    alone = year(of.model_copy(), [month(0, None, 0.0, State.NO_DENOMINATOR)])
    assert alone is not None
    assert alone.value is None


def test_a_unit_that_opened_in_the_year_counts_from_then() -> None:
    months = [month(back, None, None, State.NOT_APPLICABLE) for back in range(12, 2, -1)]
    months += [month(back, 50.0) for back in (2, 1, 0)]
    found = year(indicator(), months)
    assert found is not None
    assert (found.first, found.due, found.value) == (Month(2026, 8), 3, 50.0)


def test_a_definition_that_broke_the_series_starts_the_sum_anew() -> None:
    of = indicator(
        versions=[
            *version(numerator="a", denominator="b"),
            {**version(numerator="c", denominator="b")[0], "from": "2026-08", "change": "break"},
        ]
    )
    found = year(of, [month(back, 80.0) for back in range(12, -1, -1)])
    assert found is not None
    assert (found.first, found.due) == (Month(2026, 8), 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": "stock"},
        {"basis": "rolling", "versions": version(numerator="a", denominator="b", window="12 months")},
        {"basis": "year_to_date"},
        {"versions": version(value="a")},
        {"versions": [{"from": "2020-04", "measure": {"from": "r", "median": "days", "month_of": "day"}}]},
    ],
    ids=["stock", "rolling", "year to date already", "a value alone", "a median"],
)
def test_what_cannot_be_added_up_has_none(changes: dict[str, Any]) -> None:
    assert year(indicator(**changes), [month(back, 80.0) for back in range(12, -1, -1)]) is None


def test_a_count_is_added_up_without_a_denominator() -> None:
    of = indicator(measured_in="people", decimals=0, bounds={}, versions=version(count="a"))
    found = year(of, [month(back, 10.0, None) for back in range(12, -1, -1)])
    assert found is not None
    assert (found.value, found.denominator) == (70.0, None)
    assert year_words(of, found) == "70 people, Apr to Oct 2026"


def test_a_quarter_that_began_before_april_is_left_out() -> None:
    of = indicator(
        every="3 months",
        versions=[
            {
                "from": "2020-05",
                "measure": {"source": "m", "numerator": "a", "denominator": "b", "window": "3 months"},
            }
        ],
    )
    months = [month(back, 60.0, window=3) for back in (11, 8, 5, 2)]  # Nov, Feb, May and August
    months.append(month(0, None, None, State.NOT_DUE))
    found = year(of, months)
    assert found is not None
    assert (found.first, found.due, found.numerator) == (Month(2026, 6), 1, 60.0)
