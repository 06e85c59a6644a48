"""Building a scorecard: the findings of one unit and month, arranged by the definitions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from trigpoint.analysis.finding import (
    BEYOND_CHANCE,
    JUDGED,
    Assurance,
    Attainment,
    Finding,
    Variation,
)
from trigpoint.analysis.peers.among import Among
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator, Objective, Perspective
from trigpoint.definitions.pack import Pack
from trigpoint.scorecards.headline import (
    CONCERNING,
    IMPROVING,
    SIGNALS,
    headline,
)
from trigpoint.scorecards.quality import Star, star
from trigpoint.scorecards.year import YearToDate, year_to_date
from trigpoint.terms.counted import Counted
from trigpoint.terms.panel import ALL, State
from trigpoint.terms.period import Month

MONTHS = 13
"""Months of a row: this one and the twelve before, so that the same month last year is among them."""
TO_TALK_ABOUT = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator. ``months`` holds up to 13 findings, oldest first, the current one last.

    ``year_to_date`` is None where its figures cannot be added up, ``among`` where the current one was not
    set among its peers'.
    """

    code: str
    indicator: Indicator
    months: tuple[Finding, ...]
    headline: str
    year_to_date: YearToDate | None
    quality: Star
    among: Among | None = None

    @property
    def finding(self) -> Finding:
        return self.months[-1]

    @property
    def previous(self) -> Finding | None:
        return self._months_before(1)

    @property
    def year_before(self) -> Finding | None:
        return self._months_before(12)

    def _months_before(self, count: int) -> Finding | None:
        wanted = self.finding.month - count
        return next((finding for finding in self.months if finding.month == wanted), None)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one objective."""

    objective: Objective
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One perspective."""

    perspective: Perspective
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A unit's month: what is in force, in the order of the definitions."""

    unit: str
    month: Month
    pack: Pack
    sections: tuple[Section, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for group in section.groups for row in group.rows)

    def tally(self) -> Mapping[Attainment, int]:
        """How many of the figures that were judged meet their primary standard, and how many do not."""
        return Counter(judged for row in self.rows if (judged := attainment(row.finding)) is not None)

    def charted(self) -> tuple[Row, ...]:
        """The rows whose latest figure was judged against its own past."""
        return tuple(row for row in self.rows if row.finding.past.variation is not Variation.NOT_ASSESSED)

    def signals(self) -> tuple[Row, ...]:
        """The rows whose latest figure differs from its past by more than chance explains."""
        return tuple(row for row in self.charted() if row.finding.past.variation in SIGNALS)

    def compared(self) -> tuple[Row, ...]:
        """The rows whose figure was judged against the whole that the unit is part of."""
        return tuple(row for row in self.rows if row.finding.whole.verdict in JUDGED)

    def differing(self) -> tuple[Row, ...]:
        """The rows whose figure differs from the whole's by more than chance explains."""
        return tuple(row for row in self.rows if row.finding.whole.verdict in BEYOND_CHANCE)

    def to_talk_about(self) -> tuple[Row, ...]:
        """Up to three rows: concerns (those that miss their standard ahead), then what will keep missing
        it, then missing figures, then improvements; within each, as the scorecard stands."""
        ranked = [(rank, row) for row in self.rows if (rank := _urgency(row.finding)) is not None]
        return tuple(row for _, row in sorted(ranked, key=lambda pair: pair[0])[:TO_TALK_ABOUT])


def build(  # noqa: PLR0913, PLR0917 - a page's parts, each from a room of its own
    findings: Iterable[Finding],
    catalogue: Catalogue,
    pack: Pack,
    unit: str,
    month: Month,
    rebases: Container[str] = (),
    among: Mapping[str, Among] = MappingProxyType({}),
    counted: Mapping[str, Sequence[Counted]] = MappingProxyType({}),
    purged: Container[str] = (),
) -> Scorecard:
    """The scorecard of a unit and month. Findings of other units, months and cuts are passed over.

    ``rebases`` are the indicators whose series a re-base is proposed for; ``among`` holds the month's
    figures among their peers', by indicator, and ``counted`` how good the records of each are;
    ``purged`` are those whose figure of the month may rest on what was purged.

    An indicator without a finding in the month has no row: the caller's findings hold one, with
    its state, for each that is in force.
    """
    kept: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.unit == unit and finding.cut == ALL and month - MONTHS < finding.month <= month:
            kept.setdefault(finding.indicator, []).append(finding)
    shown = offered(catalogue, pack, month)
    rows = [
        _row(
            code,
            catalogue,
            months,
            among.get(code),
            star(
                catalogue.quality(code, unit, month),
                catalogue.expired_quality(code, unit, month),
                counted.get(code, ()),
                catalogue.sources,
            ),
            rebase=code in rebases,
            purged=code in purged,
        )
        for code in shown
        if (months := sorted(kept.get(code, ()), key=lambda finding: finding.month))
        and months[-1].month == month
    ]
    return Scorecard(unit, month, pack, _sections(rows, catalogue))


def offered(catalogue: Catalogue, pack: Pack, month: Month) -> tuple[str, ...]:
    """The indicators of a pack that are in force in a month, in the order of the definitions."""
    codes = catalogue.offered(pack.level, month)
    return tuple(code for code in codes if pack.indicators is None or code in pack.indicators)


def attainment(finding: Finding) -> Attainment | None:
    """How a figure stands to its primary standard; None where there is none or it was not judged."""
    held = finding.standard
    return None if held is None or held.attainment is Attainment.NOT_ASSESSED else held.attainment


def _row(
    code: str,
    catalogue: Catalogue,
    months: Sequence[Finding],
    among: Among | None,
    quality: Star,
    *,
    rebase: bool,
    purged: bool,
) -> Row:
    indicator, finding = catalogue.indicator(code), months[-1]
    unit, month = finding.unit, finding.month
    due = _due(catalogue, indicator, month)
    said = headline(indicator, finding, months[:-1], due, among, rebase=rebase, purged=purged)
    year = year_to_date(indicator, months, at_home=catalogue.at_home(unit, month))
    return Row(code, indicator, tuple(months), said, year, quality, among)


def _due(catalogue: Catalogue, indicator: Indicator, month: Month) -> dt.date | None:
    """The day by which a month's figure should have come; None where none of its sources names one."""
    version = indicator.version(month)
    sources = catalogue.sources_of(version.measure, month) if version else ()
    days = [catalogue.sources[code].due_working_days or 0 for code in sources if code in catalogue.sources]
    if not any(days):
        return None
    return catalogue.settings.calendar.working_days_after(month.end, max(days))


def _sections(rows: Sequence[Row], catalogue: Catalogue) -> tuple[Section, ...]:
    sections = []
    for perspective_code, perspective in catalogue.perspectives.items():
        groups = tuple(
            Group(objective, held)
            for code, objective in catalogue.objectives.items()
            if objective.perspective == perspective_code
            and (held := tuple(row for row in rows if row.indicator.objective == code))
        )
        if groups:
            sections.append(Section(perspective, groups))
    return tuple(sections)


def _urgency(finding: Finding) -> int | None:
    missed = attainment(finding) is Attainment.NOT_MET
    if finding.past.variation in CONCERNING:
        return 0 if missed else 1
    if missed and finding.past.assurance is Assurance.FAIL:
        return 4 if finding.past.variation in IMPROVING else 2
    if finding.state is State.NOT_SUBMITTED:
        return 3
    return 4 if finding.past.variation in IMPROVING else None
