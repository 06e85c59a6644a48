"""Tidy tables for machines, from the same scorecard and series as the pages."""

from __future__ import annotations

import datetime as dt

from trigpoint.analysis.finding import Finding, Series, SeriesPoint
from trigpoint.publish.document import Dataset
from trigpoint.scorecards.build import Row, Scorecard

Cell = str | float | int | dt.date | None

FINDING_COLUMNS = (
    *("indicator", "title", "perspective", "objective", "unit", "unit_name", "month", "start", "end", "cut"),
    *("state", "status", "numerator", "denominator", "value", "measured_in", "direction"),
    *("standard", "set_by", "sense", "required", "tolerance", "attainment", "streak", "distance"),
    *(
        "variation",
        "rule",
        "since",
        "assurance",
        "spc_status",
        "points",
        "limits_from",
        "mean",
        "lower",
        "upper",
    ),
    *("profile", "peer_group", "peer_members", "peers_reporting", "peer_median", "peer_lower_quartile"),
    *("peer_upper_quartile", "peer_rank", "peer_quarter", "peer_reason"),
)
SERIES_COLUMNS = (
    *("indicator", "unit", "unit_name", "month", "state", "status", "numerator", "denominator", "value"),
    *("excluded", "mean", "lower", "upper", "variation", "rule"),
)


def scorecard_dataset(scorecard: Scorecard, unit_name: str) -> Dataset:
    """A row for each indicator and month of the scorecard, with all bearings; of standards, the primary."""
    rows = tuple(
        _finding_row(row, finding, section.perspective.title, group.objective.title, unit_name)
        for section in scorecard.sections
        for group in section.groups
        for row in group.rows
        for finding in row.months
    )
    return Dataset("scorecard", FINDING_COLUMNS, rows)


def series_dataset(row: Row, series: Series, unit_name: str, name: str) -> Dataset:
    """A row for each month of one indicator's chart."""
    return Dataset(
        name,
        SERIES_COLUMNS,
        tuple(_point_row(row.code, series.unit, unit_name, point) for point in series.points),
    )


def _finding_row(
    row: Row, finding: Finding, perspective: str, objective: str, unit_name: str
) -> tuple[Cell, ...]:
    held, past, peers = finding.standard, finding.past, finding.peers
    standard: tuple[Cell, ...] = (None,) * 8
    if held is not None:
        standard = (held.name, held.set_by, held.sense, held.required, held.tolerance)
        standard = (*standard, held.attainment.value, held.streak, held.distance)
    return (
        *(row.code, row.indicator.title, perspective, objective, finding.unit, unit_name, str(finding.month)),
        *(finding.start, finding.end, finding.cut, finding.state.value, finding.status.value),
        *(finding.numerator, finding.denominator, finding.value),
        *(row.indicator.measured_in, row.indicator.direction),
        *standard,
        *(
            past.variation.value,
            past.rule.value if past.rule else None,
            str(past.since) if past.since else None,
        ),
        *(past.assurance.value, past.status.value, past.points),
        *(
            str(past.limits_from) if past.limits_from else None,
            past.mean,
            past.lower,
            past.upper,
            past.profile,
        ),
        *(peers.group or None, peers.members, peers.reporting, peers.median, peers.lower_quartile),
        *(peers.upper_quartile, peers.rank, peers.quarter, peers.reason or None),
    )


def _point_row(code: str, unit: str, unit_name: str, point: SeriesPoint) -> tuple[Cell, ...]:
    return (
        *(
            code,
            unit,
            unit_name,
            str(point.month),
            point.state.value,
            point.status.value if point.status else None,
        ),
        *(point.numerator, point.denominator, point.value, int(point.excluded)),
        *(
            point.mean,
            point.lower,
            point.upper,
            point.variation.value,
            point.rule.value if point.rule else None,
        ),
    )
