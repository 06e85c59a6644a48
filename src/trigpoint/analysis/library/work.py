"""Charts of many series worked out in one pass, from what was asked and what was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trigpoint.analysis.arrays import Codes, Floats, Ints
from trigpoint.analysis.caution import Caution
from trigpoint.analysis.history import EPOCH, NEVER
from trigpoint.analysis.library.asked import Decided, Kind
from trigpoint.analysis.library.charted import Design
from trigpoint.analysis.library.figures import EVENTS, NOT_APPLICABLE, NOTHING, SUBGROUPS, VALUE, Figures
from trigpoint.analysis.library.layout import Layout
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.past.cautions import CAUTIONS, Found, Limited, Parts, cautions
from trigpoint.analysis.past.kinds import SIZED, SPREAD, ranges
from trigpoint.analysis.past.limits import Lines
from trigpoint.analysis.past.proposals import PROPOSED, proposals
from trigpoint.analysis.past.variation import Charts, Sizes, chart
from trigpoint.definitions.profile import ChartKind

UNWEIGHED = frozenset({*EVENTS, ChartKind.RUN, ChartKind.MR, ChartKind.S})
"""The kinds about which no caution is reckoned and no re-base weighed."""
_TOLD = 5
"""How many periods without a row are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """All that charts are worked out from. ``required`` is [groups, places], NaN for nothing."""

    design: Design
    of: Kind
    per: float
    layout: Layout
    figures: Figures
    required: Floats
    decided: Decided
    numbers: Numbers

    def done(self) -> Worked:
        """The engine's charts of all series."""
        kind, size = self.design.kind, self._laid(self.figures.denominator)
        given = self.layout.laid(self.figures.value, np.nan)
        sizes = None
        if kind in SIZED and size is not None:
            spread = self._laid(self.figures.deviation) if kind in SPREAD else None
            sizes = Sizes(size, 1.0 if kind in SUBGROUPS else self.per, spread)
        charts = chart(
            given,
            self.decided.segments,
            self.decided.excluded,
            profile=self.design.profile,
            direction=self.design.improvement,
            baseline=self.decided.baseline,
            kind=kind,
            sizes=sizes,
        )
        value = given
        if kind is ChartKind.MR:
            decided = self.decided
            value, _ = ranges(given, decided.segments, decided.excluded, self.design.profile)
        state = self.layout.laid(self.figures.state, np.int8(NOTHING))
        state = np.where((state == VALUE) & np.isnan(value), np.int8(NOT_APPLICABLE), state)
        return Worked(
            self,
            charts,
            charts.limits.lines(charts.grid),
            value,
            state,
            self._laid(self.figures.numerator),
            size,
        )

    def _laid(self, of_rows: Floats | None) -> Floats | None:
        return None if of_rows is None else self.layout.laid(of_rows, np.nan)

    def notes(self) -> Iterator[str]:
        """What is worth knowing of the periods."""
        layout, calendar = self.layout, self.layout.calendar
        empty = np.argwhere(layout.there & (layout.row == NEVER))
        if len(empty):
            many = len(layout.groups) > 1
            told = [
                calendar.short(int(layout.number[series, place]))
                + (f" ({layout.groups[int(series)].as_py()})" if many else "")
                for series, place in empty[:_TOLD]
            ]
            more = f" and {len(empty) - _TOLD} more" if len(empty) > _TOLD else ""
            one = len(empty) == 1
            gaps = (
                "period has no row, and is shown as a gap"
                if one
                else "periods have no row, and are shown as gaps"
            )
            yield f"{len(empty)} {gaps}: {', '.join(told)}{more}."
        if calendar.counted == "weekday":
            yield "There are no Saturdays and Sundays: Monday follows Friday."
        if layout.uneven:
            yield "Periods follow each other at no one step: each row is the next point, and no gap is known."


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """What work comes to, [groups, places]: what is drawn, its state and its lines."""

    work: Work
    charts: Charts
    lines: Lines
    value: Floats
    state: Codes
    numerator: Floats | None
    denominator: Floats | None

    def advice(self) -> tuple[list[list[str]], Ints]:
        """The cautions of each series, and the place at which a re-base is proposed (``NEVER``: nowhere)."""
        work, series = self.work, len(self.value)
        if work.design.kind in UNWEIGHED:
            return [[] for _ in range(series)], np.full(series, NEVER)
        cut, left_out, profile = work.decided.segments, work.decided.excluded, work.design.profile
        found = self._cautions()
        baseline = work.decided.baseline
        weighed = proposals(
            self.value,
            cut,
            left_out,
            profile=profile,
            baseline=baseline if isinstance(baseline, int) else None,
            seasonal=found.noted[:, CAUTIONS.index(Caution.SEASONAL)],
        )
        named = [
            [str(it) for it, holds in zip(CAUTIONS, row, strict=True) if holds]
            for row in found.noted.tolist()
        ]
        return named, np.where(weighed.verdict == PROPOSED, weighed.month, NEVER)

    def _cautions(self) -> Found:
        work, parts = self.work, None
        if work.design.kind not in SIZED and self.numerator is not None and self.denominator is not None:
            parts = Parts(self.numerator, self.denominator, work.of)
        return cautions(
            self.value,
            work.decided.segments,
            work.decided.excluded,
            Limited(self.lines.lower[:, -1], self.lines.upper[:, -1], work.design.least, work.design.most),
            parts=parts,
            season=_seasons(work.layout),
            profile=work.design.profile,
        )


def _seasons(layout: Layout) -> Ints:
    """Each place's in its year; all are the same where places do not fill a year evenly, or are no months."""
    numbers = layout.number[0]
    if layout.calendar.counted != "month" or not layout.regular or 12 % layout.step:
        return np.zeros_like(numbers)
    return np.asarray((numbers - EPOCH.index) % 12 // layout.step)
