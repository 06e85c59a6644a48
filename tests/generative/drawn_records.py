"""Records at the edges of months, days and hours, with every pattern of blanks, drawn by Hypothesis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.generative.drawn_units import STAFF, TEAMS
from tests.measure_tables import timed
from trigpoint.definitions.source import Source

UNITS = (*TEAMS, *STAFF, "nowhere", "XT", None)
_EDGES = tuple(
    dt.date.fromisoformat(day)
    for day in (
        *("2025-03-31", "2025-04-01", "2025-10-25", "2025-10-26", "2025-10-27", "2025-10-31", "2025-11-01"),
        *("2025-12-31", "2026-01-01", "2026-01-29", "2026-02-28", "2026-03-01", "2026-03-10", "2026-03-11"),
        *("2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02"),
    )
)
_CLOCKS = tuple(
    dt.time.fromisoformat(it)
    for it in ("00:00:00", "00:00:01", "00:59:59", "02:00:00", "12:00:00", "12:00:01", "23:59:59")
)
_TWICE = dt.datetime(2025, 10, 26, 1, 30)  # noqa: DTZ001 - what the clock on the wall said
DAYS = st.one_of(st.sampled_from(_EDGES), st.dates(_EDGES[0], _EDGES[-1]))
TIMES = st.one_of(
    st.tuples(st.builds(dt.datetime.combine, DAYS, st.sampled_from(_CLOCKS)), st.just(0)),
    st.tuples(st.just(_TWICE), st.sampled_from([0, 1])),
)
"""What the clock said, and which one of a time that comes twice. None lies where the clocks go forward."""
_CODES: dict[str, tuple[str | None, ...]] = {
    "patient": ("p1", "p2", "p3", None),
    "employee": ("e1", "e2", None),
    "referral": ("0000", "0001", None),
    "consultant": (*STAFF, "A", "nobody", None),
    "clinician": (*STAFF, "A", "nobody", None),
    "method": ("emergency", "elective", None),
    "status": ("attended", "dna", None),
    "pathway": ("psychosis", "at risk", "other", None),
    "sex": ("F", "f", "M", None),
}
_BORN = tuple(map(dt.date.fromisoformat, ("2008-02-28", "2008-02-29", "1956-03-01", "2026-03-30")))


@st.composite
def records(draw: st.DrawFn, source: Source, most: int) -> list[dict[str, Any]]:
    """Records of a source, each with a key of its own."""
    count = draw(st.one_of(st.just(0), st.integers(most // 2, most), st.integers(most // 2, most)))
    return [draw(_record(source, number)) for number in range(count)]


@st.composite
def _record(draw: st.DrawFn, source: Source, number: int) -> dict[str, Any]:
    row: dict[str, Any] = {"row": number + 2}
    for name, column in source.columns.items():
        needed = column.required or name == source.dated
        if name in source.key:
            row[name] = f"{number:04d}"
        elif column.type == "time":
            local, fold = draw(TIMES if needed else st.one_of(TIMES, st.just((None, 0))))
            row |= timed(name, local, fold)
        else:
            row[name] = draw(_cell(name, source, needed=needed))
    return row


def _cell(name: str, source: Source, *, needed: bool) -> st.SearchStrategy[Any]:
    column = source.columns[name]
    if column.type == "unit":
        return st.sampled_from(UNITS)
    if column.type == "code":
        return st.sampled_from(_CODES[name])
    if name == "born":
        return st.sampled_from([*_BORN, None])
    if column.type == "date":
        return DAYS if needed else st.one_of(DAYS, st.none())
    if column.type == "boolean":
        return st.sampled_from([True, False, None])
    places = column.decimals if column.decimals is not None else 2 * (column.type == "money")
    numbers = st.integers(-300, 5_000).map(lambda n: Decimal(n).scaleb(-places))
    return st.one_of(st.none(), st.sampled_from([Decimal(0), Decimal(10)]), numbers)
