"""Every check, with the severity that the source gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from trigpoint.definitions.source import Check, Source
from trigpoint.loads.checks.coverage import (
    closed_unit,
    late,
    missing_month,
    missing_unit,
    unknown_unit,
    wrong_month,
)
from trigpoint.loads.checks.keys import repeated
from trigpoint.loads.checks.record_times import ends_before_it_starts, in_the_future, overlapping_spans
from trigpoint.loads.checks.values import jump, numerator_above_denominator, out_of_bounds
from trigpoint.loads.checks.windows import window
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.findings import Findings

OF_ROWS: dict[Check, Callable[[pa.Table, Source, Expectations], pa.Table]] = {
    "unknown_unit": unknown_unit,
    "closed_unit": closed_unit,
    "missing_unit": missing_unit,
    "missing_month": missing_month,
    "wrong_month": wrong_month,
    "late": late,
}
"""Checks on figures and records alike."""
OF_FIGURES: dict[Check, Callable[[pa.Table, Source, Expectations], pa.Table]] = {
    "window": window,
    **OF_ROWS,
    "numerator_above_denominator": numerator_above_denominator,
    "out_of_bounds": out_of_bounds,
    "jump": jump,
}
OF_RECORDS: dict[Check, Callable[[pa.Table, Source, Expectations], pa.Table]] = {
    "in_the_future": in_the_future,
    "ends_before_it_starts": ends_before_it_starts,
    "overlapping_spans": overlapping_spans,
}
"""Checks on all that a record says, beside its place."""


def run_checks(table: pa.Table, source: Source, expectations: Expectations) -> tuple[Findings, ...]:
    """The findings of each check that the source does not turn off; ``table`` as ``placed`` makes it."""
    return _run(OF_FIGURES if source.holds == "figures" else OF_ROWS, table, source, expectations)


def run_record_checks(table: pa.Table, source: Source, expectations: Expectations) -> tuple[Findings, ...]:
    """The same of the checks on records; ``table`` holds their fields and ``row``."""
    return _run(OF_RECORDS, table, source, expectations)


def _run(
    checks: dict[Check, Callable[[pa.Table, Source, Expectations], pa.Table]],
    table: pa.Table,
    source: Source,
    expectations: Expectations,
) -> tuple[Findings, ...]:
    results = []
    for name, check in checks.items():
        severity = source.severity(name)
        if severity != "off" and len(found := Findings(name, severity, check(table, source, expectations))):
            results.append(found)
    return tuple(results)


def without_repeats(
    table: pa.Table, key: Sequence[str], source: Source
) -> tuple[pa.Table, tuple[Findings, ...]]:
    """The table with each key once, and what ``duplicate_key`` found.

    A key that comes again and says something else always blocks: which is right is not for us to
    guess. One that comes again and says the same is kept once where the source only notes it.
    """
    found = repeated(table, key)
    severity: Literal["block", "note"] = "block" if source.severity("duplicate_key") == "block" else "note"
    findings = (
        Findings("duplicate_key", "block", found.contradictions),
        Findings("duplicate_key", severity, found.repetitions),
    )
    kept = np.ones(table.num_rows, bool)
    kept[found.places] = False
    return table if kept.all() else table.filter(pa.array(kept)), tuple(it for it in findings if len(it))
