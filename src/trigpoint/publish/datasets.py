"""Tidy tables for machines, from the same scorecard and series as the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from trigpoint.analysis.finding import Finding, Series, SeriesPoint
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.source import Source
from trigpoint.publish.document import Dataset
from trigpoint.scorecards.build import Row, Scorecard
from trigpoint.scorecards.comparison import Comparison
from trigpoint.scorecards.quality import Star, mark_of
from trigpoint.scorecards.year import YearToDate
from trigpoint.terms.counted import Counted
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

Cell = str | float | int | dt.date | None

FINDING_COLUMNS = (
    *("indicator", "title", "perspective", "objective", "owner", "unit", "unit_name", "month"),
    *("start", "end", "cut", "state", "status", "numerator", "denominator", "value", "parts", "present"),
    *("measured_in", "direction", "standard", "set_by", "sense", "required", "tolerance"),
    *("attainment", "streak", "distance", "whole", "whole_verdict", "whole_value", "whole_difference"),
    *("whole_lower", "whole_upper", "whole_share", "whole_reason", "variation", "rule", "since"),
    *("assurance", "spc_status", "points", "limits_from", "mean", "lower", "upper", "profile"),
    *("peer_group", "peer_members", "peers_reporting", "peer_median", "peer_lower_quartile"),
    *("peer_upper_quartile", "peer_rank", "peer_quarter", "peer_reason"),
    *("year_to_date", "year_from", "year_due", "year_present", "year_numerator", "year_denominator"),
    *("quality_signed_off", "quality_timely", "quality_audited", "quality_robust", "quality_until"),
)
"""The year to date and the data-quality mark stand in the scorecard's own month alone."""
SERIES_COLUMNS = (
    *("indicator", "unit", "unit_name", "month", "state", "status", "numerator", "denominator", "value"),
    *("excluded", "mean", "lower", "upper", "variation", "rule"),
)
COMPARISON_COLUMNS = (
    *("indicator", "title", "perspective", "unit", "unit_name", "place", "month", "state", "status"),
    *("numerator", "denominator", "value", "parts", "present", "standard", "set_by", "sense", "required"),
    *("tolerance", "attainment", "streak", "distance", "whole", "whole_verdict", "whole_value"),
    *("whole_difference", "whole_lower", "whole_upper", "whole_share", "whole_reason", "variation"),
    "assurance",
)
RECORD_COLUMNS = ("indicator", "source", "month", "field", "respect", "numerator", "denominator", "mark")


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


def records_dataset(
    counted: Mapping[str, Sequence[Counted]], sources: Mapping[str, Source]
) -> Dataset | None:
    """A row for each count of the records that each indicator rests on; None where none does on any."""
    rows = tuple(
        (
            *(code, it.source, str(it.month), it.field or None, it.respect.value),
            *(it.numerator, it.denominator, mark_of(it, sources[it.source])),
        )
        for code, counts in counted.items()
        for it in counts
    )
    return Dataset("records", RECORD_COLUMNS, rows) if rows else None


def comparison_dataset(comparison: Comparison, catalogue: Catalogue) -> Dataset:
    """A row for each indicator and unit of a comparison: the whole, the unit itself, and its children."""
    units = (*comparison.above, *comparison.below)
    kinds = (*("whole", "unit")[: len(comparison.above)], *("child",) * len(comparison.below))
    rows = tuple(
        (
            row.code,
            row.indicator.title,
            part.perspective.title,
            unit,
            name,
            kind,
            *_compared(finding, comparison),
        )
        for part in comparison.parts
        for row in part.rows
        for unit, kind, finding in zip(units, kinds, (*row.above, *row.below), strict=True)
        for name in (catalogue.organisation.name(unit, comparison.month),)
    )
    return Dataset("comparison", COMPARISON_COLUMNS, rows)


def _compared(finding: Finding | None, comparison: Comparison) -> tuple[Cell, ...]:
    if finding is None:
        return (str(comparison.month), State.NOT_APPLICABLE.value, *(None,) * 24)
    return (
        *(str(comparison.month), finding.state.value, finding.status.value),
        *(finding.numerator, finding.denominator, finding.value, finding.parts, finding.present),
        *_standard(finding),
        *_whole(finding),
        *(finding.past.variation.value, finding.past.assurance.value),
    )


def _finding_row(
    row: Row, finding: Finding, perspective: str, objective: str, unit_name: str
) -> tuple[Cell, ...]:
    past, peers, now = finding.past, finding.peers, finding is row.finding
    return (
        *(row.code, row.indicator.title, perspective, objective, row.indicator.owner),
        *(finding.unit, unit_name, str(finding.month), finding.start, finding.end, finding.cut),
        *(finding.state.value, finding.status.value, finding.numerator, finding.denominator),
        *(finding.value, finding.parts, finding.present),
        *(row.indicator.measured_in, row.indicator.direction),
        *_standard(finding),
        *_whole(finding),
        *(past.variation.value, past.rule.value if past.rule else None, _month(past.since)),
        *(past.assurance.value, past.status.value, past.points, _month(past.limits_from)),
        *(past.mean, past.lower, past.upper, past.profile),
        *(peers.group or None, peers.members, peers.reporting, peers.median, peers.lower_quartile),
        *(peers.upper_quartile, peers.rank, peers.quarter, peers.reason or None),
        *(_year(row.year_to_date) if now else (None,) * 6),
        *(_quality(row.quality) if now else (None,) * 5),
    )


def _standard(finding: Finding) -> tuple[Cell, ...]:
    """The primary standard."""
    held = finding.standard
    if held is None:
        return (None,) * 8
    judged = (held.attainment.value, held.streak, held.distance)
    return (held.name, held.set_by, held.sense, held.required, held.tolerance, *judged)


def _whole(finding: Finding) -> tuple[Cell, ...]:
    whole = finding.whole
    between = (whole.value, whole.difference, whole.lower, whole.upper, whole.share)
    return (whole.unit or None, whole.verdict.value, *between, str(whole.reason) or None)


def _year(year: YearToDate | None) -> tuple[Cell, ...]:
    if year is None:
        return (None,) * 6
    return (year.value, str(year.first), year.due, year.present, year.numerator, year.denominator)


def _quality(star: Star) -> tuple[Cell, ...]:
    """``until`` only of people's marks that hold."""
    return (*star.parts, None if star.expired else _month(star.until))


def _month(month: Month | None) -> str | None:
    return None if month is None else str(month)


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
