"""Who and when: units that are unknown or missing, months that are wrong or missing, and lateness."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.source import Source
from trigpoint.loads.checks.keys import key_codes
from trigpoint.loads.coded import Coded
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.findings import FINDINGS, findings_table
from trigpoint.terms.errors import nearest
from trigpoint.terms.period import Month, long_date


def placed(table: pa.Table, source: Source) -> pa.Table:
    """Figures as they are; of records, what places them: ``end`` (their date), ``row``, any ``unit``."""
    if source.holds == "figures":
        return table
    unit = unit_column(source)
    columns = {"end": table[source.dated].cast(pa.date32()), "row": table["row"]}
    return pa.table(columns | ({"unit": table[unit]} if unit else {}))


def unit_column(source: Source) -> str:
    """The file's column that names units; empty where records have none."""
    return next((name for name, it in source.columns.items() if it.as_ == "unit" or it.type == "unit"), "")


def date_column(source: Source) -> str:
    """The file's column that says which month a row belongs to."""
    return source.dated or next(name for name, it in source.columns.items() if it.as_ in ("end", "month"))


def month_codes(table: pa.Table) -> npt.NDArray[np.int64]:
    """``Month.index`` of each row's end."""
    ends = table["end"].combine_chunks()
    year, number = pc.year(ends).to_numpy(), pc.month(ends).to_numpy()
    return np.asarray(year * 12 + number - 1, np.int64)


def months_of(table: pa.Table) -> tuple[Month, ...]:
    """The months that rows end in, in order."""
    return tuple(_month(int(code)) for code in np.unique(month_codes(table)))


def months_of_rows(table: pa.Table) -> Callable[[pa.ChunkedArray], Mapping[Month, int]]:
    """Counts some rows of the file by the month that they end in; a row that was misread has none."""
    at: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None

    def counted(rows: pa.ChunkedArray) -> Mapping[Month, int]:
        nonlocal at
        if not len(rows):
            return {}
        at = at or (table["row"].to_numpy(), month_codes(table))
        codes, counts = np.unique(at[1][np.isin(at[0], rows.to_numpy())], return_counts=True)
        return {_month(int(code)): int(count) for code, count in zip(codes, counts, strict=True)}

    return counted


def _month(index: int) -> Month:
    return Month(index // 12, index % 12 + 1)


def unknown_unit(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Units that the organisation does not have, each once, at the first row that names it."""
    if expectations.units is None or "unit" not in table.column_names:
        return FINDINGS.empty_table()
    known, coded = expectations.units, Coded.of(table["unit"])
    codes, first, counts = np.unique(coded.codes, return_index=True, return_counts=True)
    strange = [
        (coded.values[code], row, count)
        for code, row, count in zip(codes, table["row"].to_numpy()[first], counts, strict=True)
        if coded.values[code] is not None and coded.values[code] not in known
    ]
    return findings_table(
        [int(row) for _, row, _ in strange],
        unit_column(source),
        [f"{unit!r} in {count:,} {'row' if count == 1 else 'rows'}" for unit, _, count in strange],
        "the code of a unit",
        [f"{nearest(unit, known)} Or add it to units.csv.".strip() for unit, _, _ in strange],
    )


def closed_unit(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Units with rows of months after they closed, each once, at the first such row."""
    if not expectations.closed or "unit" not in table.column_names:
        return FINDINGS.empty_table()
    coded, months = Coded.of(table["unit"]), month_codes(table)
    last = np.array(
        [expectations.closed[u].index if u in expectations.closed else 2**31 for u in coded.values]
    )
    beyond = np.flatnonzero(months > last[coded.codes])
    codes, first, counts = np.unique(coded.codes[beyond], return_index=True, return_counts=True)
    units = [str(coded.values[code]) for code in codes]
    return findings_table(
        table["row"].to_numpy()[beyond[first]],
        unit_column(source),
        [
            f"{unit} in {n:,} {'row' if n == 1 else 'rows'} after it closed"
            for unit, n in zip(units, counts, strict=True)
        ],
        [f"none after {expectations.closed[unit].words}" for unit in units],
        "They count at its last place. If it goes on, give it a later end in units.csv.",
    )


def missing_unit(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Units that should have reported in a month that the delivery holds, and did not."""
    if not expectations.due or "unit" not in table.column_names:
        return FINDINGS.empty_table()
    _, at = np.unique(_unit_months(table), return_index=True)
    places = pa.array(at)
    units, months = table["unit"].take(places).to_pylist(), month_codes(table)[at].tolist()
    there = set(zip(units, months, strict=True))
    found = [
        f"no row for {unit} in {month}"
        for month in (_month(code) for code in sorted(set(months)))
        for unit, spans in expectations.due.items()
        if (unit, month.index) not in there and any(first <= month <= last for first, last in spans)
    ]
    remedy = "Its figures show as not submitted; ask for them if they are due."
    return findings_table(
        pa.nulls(len(found), pa.int64()), unit_column(source), found, "a row for each expected unit", remedy
    )


def _unit_months(table: pa.Table) -> npt.NDArray[np.int64]:
    return key_codes(
        pa.table({"unit": table["unit"], "month": pa.array(month_codes(table))}), ("unit", "month")
    )


def missing_month(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Months without a single row, between the first and the last that are there or expected.

    Months that an earlier delivery brought need not come again.
    """
    there = months_of(table)
    if not there:
        return FINDINGS.empty_table()
    first, last = expectations.first or there[0], expectations.last or there[-1]
    found = [
        f"no row for {month.words}"
        for month in first.through(last)
        if month not in there and month not in expectations.held
    ]
    return findings_table(
        pa.nulls(len(found), pa.int64()), date_column(source), found, f"every month from {first} to {last}"
    )


def wrong_month(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Rows of another month than the one stated, than the delivery's one month, or than has yet begun."""
    there = month_codes(table)
    if expectations.month is not None:
        bad = there != expectations.month.index
        expected = f"{expectations.month.words}, the month stated"
    elif source.expects.one_month and there.size:
        usual = int(np.bincount(there - there.min()).argmax() + there.min())
        bad = there != usual
        expected = f"{_month(usual).words}, as in most rows: a delivery holds one month"
    elif expectations.received is not None:
        last = Month.of(expectations.received)
        bad = there > last.index
        expected = f"{last.words} at the latest: later months have not begun"
    else:
        return FINDINGS.empty_table()
    found = [_month(code).words for code in there[bad].tolist()]
    rows = table["row"].filter(pa.array(bad)).combine_chunks()
    return findings_table(rows, date_column(source), found, expected)


def late(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """A delivery whose last month comes for the first time, and later than it was due."""
    days, received, months = source.due_working_days, expectations.received, months_of(table)
    if days is None or received is None or not months or months[-1] in expectations.held:
        return FINDINGS.empty_table()
    due = expectations.calendar.working_days_after(months[-1].end, days)
    if received <= due:
        return FINDINGS.empty_table()
    found = f"{months[-1].words} received on {long_date(received)}"
    return findings_table([None], date_column(source), [found], f"it by {long_date(due)}")
