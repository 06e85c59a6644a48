"""Roll-ups and measures over records: SQL over all of them, and plain Python one record at a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.trusts import STAYS, indicator, returned, trust
from trigpoint.measures.compute import observe
from trigpoint.measures.reference import observations
from trigpoint.terms.panel import Observation
from trigpoint.terms.period import Month

MONTHS = [Month(2025, 6), Month(2026, 3), Month(2026, 4)]
UNITS = ["A", "B", "OLD", "NEW", "W", "P1", "nobody", "XAM"]
CONDITIONS = [
    "method = 'emergency'",
    "method is not null and method <> 'planned'",
    "urgent or method in ('planned', 'transfer')",
    "not urgent and days(admitted, month_end) > 2 weeks",
    "discharged is null or days(admitted, discharged) between 1 and 10",
    "unit.kind = 'ward'",
    "cost > 100 and (sex is null or sex not in ('F', 'f'))",
    "admitted + 1 months <= discharged",
]
TIMES = [
    "month_of: admitted",
    "month_of: discharged",
    "month_of: admitted + 3 days",
    "at: month_end",
]
FORMS = [
    "{time}, count: records",
    '{time}, count: records, with: "{condition}"',
    '{time}, sum: cost, except: "{condition}"',
    '{time}, median: "days(admitted, month_end)", where: "{condition}"',
    'during: month, sum: nights_in(month), where: "{condition}"',
    "during: month, sum: days_in(month) * cost",
    "{time}, count: records, over: {{from: stays, during: month, sum: nights_in(month)}}, per: 1000",
    'month_of: admitted, count: records, window: 3 months, where: "{condition}"',
]
DAYS = st.dates(dt.date(2025, 5, 1), dt.date(2026, 4, 30))
STAY = st.fixed_dictionaries(
    {
        "ward": st.sampled_from([*UNITS, None]),
        "admitted": DAYS,
        "discharged": st.one_of(st.none(), DAYS),
        "method": st.sampled_from(["emergency", "planned", "transfer", None]),
        "urgent": st.booleans(),
        "sex": st.sampled_from(["F", "f", "M", "X", None]),
        "cost": st.one_of(st.none(), st.integers(0, 50_000).map(lambda pence: Decimal(pence) / 100)),
    }
)


def same(found: set[Observation], expected: set[Observation]) -> None:
    """Equal but for rounding in the last place of a quotient."""
    by_key = {(o.indicator, o.unit, o.end, o.cut): o for o in found}
    other = {(o.indicator, o.unit, o.end, o.cut): o for o in expected}
    assert by_key.keys() == other.keys()
    for key, one in by_key.items():
        two = other[key]
        assert (one.state, one.parts, one.present, one.status) == (
            two.state,
            two.parts,
            two.present,
            two.status,
        )
        for a, b in (
            (one.numerator, two.numerator),
            (one.denominator, two.denominator),
            (one.value, two.value),
        ):
            assert (a is None) == (b is None), (key, one, two)
            assert a is None or b is None or abs(a - b) <= 1e-12 * max(abs(a), abs(b)), (key, one, two)


@given(
    st.lists(STAY, max_size=30),
    st.sampled_from(FORMS),
    st.sampled_from(TIMES),
    st.sampled_from(CONDITIONS),
    st.sampled_from([None, Month(2026, 4)]),
    st.booleans(),
)
def test_every_form_of_a_record_measure_has_two_answers_that_agree(
    rows: list[dict[str, Any]], form: str, time: str, condition: str, current: Month | None, wards_only: bool
) -> None:
    measure = f"from: stays, {form.format(time=time, condition=condition)}"
    more = "kinds: [ward]" if wards_only else "basis: flow"
    if "median" not in form:
        more += "\n    cuts: [sex]"
    if "window" in form:
        more += "\n    basis: rolling" if wards_only else ""
        more = more.replace("basis: flow", "basis: rolling")
    catalogue = trust(indicator(measure=measure, measured_in="for each", more=more))
    stays = [{"stay": f"{i:03d}", "row": i, **row} for i, row in enumerate(rows)]
    tables = {"stays": pa.Table.from_pylist(stays, schema=STAYS)}
    through = {"stays": Month(2026, 4)}
    found = set(observe(catalogue, MONTHS, tables, through, current))
    same(found, observations(catalogue, MONTHS, {"stays": stays}, through, current))


CELL = st.sampled_from(["0", "1", "7", "250", "*", "-"])


@given(
    st.dictionaries(
        st.tuples(st.sampled_from([*UNITS, "N1", "QPT"]), st.sampled_from(["seen", "all"])), CELL
    ),
    st.sampled_from(MONTHS),
    st.sampled_from([None, Month(2026, 4)]),
    st.sampled_from(["", ", coverage: 0.5"]),
    st.sampled_from(["basis: flow", "kinds: [ward]", "kinds: [community]"]),
)
def test_roll_ups_have_two_answers_that_agree(
    cells: dict[tuple[str, str], str], month: Month, current: Month | None, coverage: str, more: str
) -> None:
    ratio = f"source: returns, numerator: seen, denominator: all, rolls_up_from: team{coverage}"
    count = "source: returns, count: [seen, all], rolls_up_from: team"
    catalogue = trust(
        indicator("R", measure=ratio, more=more),
        indicator("C", measure=count, measured_in="people", more=more),
    )
    table = returned(*(f"{unit} {item} {cell}" for (unit, item), cell in cells.items()), month=month)
    through = {"returns": Month(2026, 3)}
    found = set(observe(catalogue, MONTHS, {"returns": table}, through, current))
    same(found, observations(catalogue, MONTHS, {"returns": table.to_pylist()}, through, current))
