"""Periods: each must be one of the windows that its source declares, which a date read wrongly seldom is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from trigpoint.definitions.source import Source
from trigpoint.loads.checks.keys import key_codes
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.findings import findings_table
from trigpoint.terms.period import Month, Period


def window(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Figures whose start comes after their end, or that do not cover whole months of a declared number."""
    _, at, which = np.unique(key_codes(table, ("start", "end")), return_index=True, return_inverse=True)
    pairs = table.select(["start", "end"]).take(pa.array(at)).to_pylist()
    remedies = [_wrong(Period(pair["start"], pair["end"]), source.windows) for pair in pairs]
    bad = np.array([remedy is not None for remedy in remedies], bool)[which]
    rows = table["row"].filter(pa.array(bad)).combine_chunks()
    told = [f"{pair['start']} to {pair['end']}" for pair in pairs]
    column = next((name for name, it in source.columns.items() if it.as_ in ("start", "month")), "")
    lengths = " or ".join(f"{months}" for months in source.windows)
    return findings_table(
        rows,
        column,
        [told[i] for i in which[bad]],
        "1 whole month" if lengths == "1" else f"{lengths} whole months",
        [remedies[i] or "" for i in which[bad]],
    )


def _wrong(period: Period, windows: Sequence[int]) -> str | None:
    """What may be the matter with a period; None where nothing is."""
    if _fits(period, windows):
        return None
    for start, end, which in (
        (_swapped(period.start), period.end, "start"),
        (period.start, _swapped(period.end), "end"),
        (_swapped(period.start), _swapped(period.end), "start and the end"),
    ):
        if start and end and _fits(Period(start, end), windows):
            return (
                f"With day and month of the {which} changed round it would fit: the file seems to mix "
                "day/month and month/day. Ask its publisher for a corrected file."
            )
    if period.start > period.end:
        return "The start comes after the end."
    return "If such periods are meant, declare their length in `windows`."


def _fits(period: Period, windows: Sequence[int]) -> bool:
    return any(period == Period.ending(Month.of(period.end), months) for months in windows)


def _swapped(day: dt.date) -> dt.date | None:
    return dt.date(day.year, day.day, day.month) if day.day <= 12 else None
