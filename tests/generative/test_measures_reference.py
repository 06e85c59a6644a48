"""Two implementations of every figure: SQL over all of them, and plain Python one at a time."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.test_measures import CATALOGUE, JANUARY, row
from trigpoint.measures.compute import NO_FIGURES, observe
from trigpoint.measures.reference import observations
from trigpoint.terms.period import Month

MONTHS = [JANUARY + step for step in (-8, -1, 0, 1, 2)]
NUMBERS = st.one_of(st.integers(0, 12).map(float), st.decimals(0, 10**6, places=2).map(float))
STATES = st.sampled_from(["suppressed", "not_submitted", "not_applicable", "no_denominator"])
ROWS = st.builds(
    lambda item, said, unit, months, end, cut, status: row(
        item, said if isinstance(said, float) else None, "value" if isinstance(said, float) else said,
        unit=unit, months=months, end=end, cut=cut, status=status,
    ),
    st.sampled_from(["seen", "phoned", "all", "published", "other"]),
    st.one_of(NUMBERS, STATES),
    st.sampled_from(["T", "D", "elsewhere"]),
    st.sampled_from([1, 3, 12]),
    st.sampled_from(MONTHS),
    st.sampled_from(["all", "all", "White"]),
    st.sampled_from(["final", "provisional"]),
)  # fmt: skip


def key(figure: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(figure[name] for name in ("item", "unit", "cut", "start", "end"))


@given(st.lists(ROWS, max_size=60, unique_by=key), st.sampled_from([None, *MONTHS]))
def test_the_fast_and_the_slow_agree_to_the_last_bit(
    rows: list[dict[str, Any]], through: Month | None
) -> None:
    reached = {} if through is None else {"returns": through}
    table = pa.Table.from_pylist(rows, schema=NO_FIGURES.schema)
    fast = observe(CATALOGUE, MONTHS, {"returns": table}, reached)
    assert set(fast) == observations(CATALOGUE, MONTHS, {"returns": rows}, reached)
