"""Charts worked out in one pass, and what they say as a table and a summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arrays import Bools, Codes, Floats, Ints
from trigpoint.analysis.finding import Assurance
from trigpoint.analysis.findings import known, words
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.library.asked import Decided
from trigpoint.analysis.library.charted import Design, Spc
from trigpoint.analysis.library.figures import NOT_APPLICABLE, NOTHING, STATES, VALUE, Figures
from trigpoint.analysis.library.layout import Layout
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.library.sentences import sentence
from trigpoint.analysis.past.assurance import ASSURANCES, assurance
from trigpoint.analysis.past.kinds import SIZED, SPREAD, drawn
from trigpoint.analysis.past.limits import CHARTED, SCREENING_ABANDONED, STATUSES, Lines
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import COMMON, NOT_ASSESSED, VARIATIONS, Charts, Sizes, chart
from trigpoint.analysis.standards.attainment import ATTAINMENTS, attainment
from trigpoint.definitions.profile import ChartKind

_UNASSURED = frozenset({ChartKind.RUN, ChartKind.MR, ChartKind.S})
"""The kinds whose limits, if any, say nothing of whether a standard will be met."""
_TOLD = 5
"""How many periods without a row are named."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """All that charts are drawn from. ``required`` is [groups, places], NaN for nothing."""

    design: Design
    layout: Layout
    figures: Figures
    required: Floats
    decided: Decided
    per: float
    numbers: Numbers

    def result(self) -> Spc:
        """The charts, with their table and their summary."""
        found = _Found.of_drawing(self)
        there = self.layout.there
        starts = np.cumsum(there.sum(axis=1)) - there.sum(axis=1)
        return Spc(
            found.table(),
            found.summary(),
            tuple(self._notes()),
            self.design,
            self.layout.calendar,
            self.numbers,
            starts,
        )

    @property
    def sense(self) -> int:
        return -1 if self.design.sense == "at_most" else 1

    def laid(self, of_rows: Floats | None) -> Floats | None:
        return None if of_rows is None else self.layout.laid(of_rows, np.nan)

    def charts(self, values: Floats) -> Charts:
        """The engine's charts of all series."""
        kind, of = self.design.kind, self.laid(self.figures.denominator)
        sizes = None
        if kind in SIZED and of is not None:
            spread = self.laid(self.figures.deviation) if kind in SPREAD else None
            sizes = Sizes(of, 1.0 if self.figures.deviation is not None else self.per, spread)
        return chart(
            values,
            self.decided.segments,
            self.decided.excluded,
            profile=self.design.profile,
            direction=self.design.improvement,
            baseline=self.decided.baseline,
            kind=kind,
            sizes=sizes,
        )

    def _notes(self) -> Iterator[str]:
        layout, calendar = self.layout, self.layout.calendar
        many = len(layout.groups) > 1
        empty = np.argwhere(layout.there & (layout.row == NEVER))
        if len(empty):
            told = [
                calendar.short(int(layout.number[series, place]))
                + (f" ({layout.groups[int(series)].as_py()})" if many else "")
                for series, place in empty[:_TOLD]
            ]
            more = f" and {len(empty) - _TOLD} more" if len(empty) > _TOLD else ""
            have = "period has" if len(empty) == 1 else "periods have"
            yield f"{len(empty)} {have} no row, and {'is' if len(empty) == 1 else 'are'} shown as a gap: {', '.join(told)}{more}."
        if calendar.counted == "weekday":
            yield "There are no Saturdays and Sundays: Monday follows Friday."
        if layout.uneven:
            yield "Periods follow each other at no one step: each row is the next point, and no gap is known."


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What a drawing comes to, [groups, places]."""

    of: Drawing
    value: Floats
    state: Codes
    charts: Charts
    lines: Lines
    attained: Codes

    @classmethod
    def of_drawing(cls, of: Drawing) -> _Found:
        layout, kind = of.layout, of.design.kind
        given = layout.laid(of.figures.value, np.nan)
        charts = of.charts(given)
        value = drawn(given, of.decided.segments, kind) if kind is ChartKind.MR else given
        state = layout.laid(of.figures.state, np.int8(NOTHING))
        state = np.where((state == VALUE) & np.isnan(value), np.int8(NOT_APPLICABLE), state)
        attained = attainment(value, of.required, np.int8(of.sense), np.array(np.nan))
        return cls(of, value, state, charts, charts.limits.lines(charts.grid), attained)

    def table(self) -> pa.Table:
        """A row for each series and period, in order."""
        of, layout, here = self.of, self.of.layout, self.of.layout.there
        series = pa.array(np.nonzero(here)[0])
        status = self.charts.grid.spread(self.charts.limits.status)
        columns = {
            "group": layout.groups.take(series),
            "period": layout.calendar.column(layout.number[here]),
            "value": known(self.value[here]),
            **self._parts(),
            "state": words(STATES, self.state[here]),
            "excluded": pa.array(of.decided.excluded[here]),
            "segment": pa.array(of.decided.segments[here] + 1),
            "used": pa.array(self.charts.grid.used[here]),
            "status": words(STATUSES, status[here]),
            "centre": known(self.lines.centre[here]),
            "lower": known(self.lines.lower[here]),
            "upper": known(self.lines.upper[here]),
            "variation": words(VARIATIONS, self.charts.variation[here]),
            "rule": words(RULES, self.charts.rule[here]),
        }
        if of.design.sense is not None:
            columns["standard"] = known(of.required[here])
            columns["attainment"] = words(ATTAINMENTS, self.attained[here])
        return pa.table(columns)

    def _parts(self) -> dict[str, pa.Array]:
        """What the figures are made of, where that was given."""
        here, figures = self.of.layout.there, self.of.figures
        given = {"numerator": figures.numerator, "denominator": figures.denominator}
        size = "size" if figures.numerator is None and self.of.design.kind in (ChartKind.XBAR, ChartKind.S) else "denominator"
        return {
            (size if name == "denominator" else name): known(laid[here])
            for name, rows in given.items()
            if (laid := self.of.laid(rows)) is not None
        }

    def summary(self) -> pa.Table:
        """A row for each series: its latest point, the limits in force, and what they say."""
        of, layout, charts = self.of, self.of.layout, self.charts
        limits, last = charts.limits, layout.row.shape[1] - 1
        ending = charts.grid.spread(np.arange(len(limits.status)))[:, last]
        lower, upper = self.lines.lower[:, last], self.lines.upper[:, last]
        status = limits.status[ending]
        since = self._since()
        flagged = since != NEVER
        latest, places = layout.number[:, last], np.arange(len(layout.groups))
        began = (charts.grid.points & (of.decided.segments == of.decided.segments[:, -1:])).argmax(axis=1)
        limited = np.isin(status, (CHARTED, SCREENING_ABANDONED)) & ~np.isnan(lower)
        known_rows = limits.points[ending] > 0
        columns = {
            "group": layout.groups,
            "chart": pa.repeat(str(of.design.kind), len(places)),
            "profile": pa.repeat(str(of.design.profile), len(places)),
            "status": words(STATUSES, status),
            "points": pa.array(limits.points[ending]),
            "used": pa.array(limits.used[ending]),
            "trial": pa.array(limited & (limits.used[ending] < of.design.profile.full_points)),
            "gaps": pa.array((layout.there & np.isin(self.state, (NOTHING,))).sum(axis=1)),
            "limits_from": _masked(layout.calendar.column(layout.number[places, began]), known_rows),
            "latest": layout.calendar.column(latest),
            "value": known(self.value[:, last]),
            "centre": known(self.lines.centre[:, last]),
            "lower": known(lower),
            "upper": known(upper),
            "variation": words(VARIATIONS, charts.variation[:, last]),
            "rule": words(RULES, charts.rule[:, last]),
            "since": _masked(layout.calendar.column(layout.number[places, np.maximum(since, 0)]), flagged),
            "standard": known(of.required[:, last]),
            "attainment": words(ATTAINMENTS, self.attained[:, last]),
            "assurance": words(ASSURANCES, self._assured(status, lower, upper, ending)),
        }
        return pa.table({**columns, "sentence": self._sentences(columns, latest, since)})

    def _since(self) -> Ints:
        """The place from which each series has been flagged as its last point is; ``NEVER`` if it is not."""
        segments, said = self.of.decided.segments, self.charts.variation
        places = np.arange(said.shape[1])
        other = (said != said[:, -1:]) | (segments != segments[:, -1:])
        began = np.where(other, places, NEVER).max(axis=1) + 1
        return np.where(np.isin(said[:, -1], (COMMON, NOT_ASSESSED)), NEVER, began)

    def _assured(self, status: Codes, lower: Floats, upper: Floats, ending: Ints) -> Codes:
        """Whether each process will meet its standard: not asked of a last place without a point."""
        of, design = self.of, self.of.design
        needed = of.required[:, -1]
        if design.profile.clip_assurance:
            lower, upper = (np.clip(limit, design.least, design.most) for limit in (lower, upper))
        least, most = (extreme[ending] for extreme in self.charts.limits.extremes)
        found = assurance(
            needed,
            np.full(len(needed), of.sense, dtype=np.int8),
            status=status,
            lower=lower,
            upper=upper,
            least=least,
            most=most,
            profile=design.profile,
        )
        unasked = ~self.charts.grid.points[:, -1] | (design.kind in _UNASSURED)
        return np.where(~np.isnan(needed) & unasked, ASSURANCES.index(Assurance.NOT_ASSESSED), found)

    def _sentences(self, columns: dict[str, pa.Array], latest: Ints, since: Ints) -> pa.Array:
        of = self.of
        asked = ("status", "points", "used", "trial", "gaps", "value", "centre", "lower", "upper")
        said = ("variation", "rule", "standard", "attainment", "assurance")
        listed = {name: columns[name].to_pylist() for name in (*asked, *said)}
        began = self.of.layout.number[np.arange(len(since)), np.maximum(since, 0)]
        rows: list[dict[str, Any]] = [
            dict(zip((*listed, "latest", "since"), row, strict=True))
            for row in zip(*listed.values(), latest.tolist(), began.tolist(), strict=True)
        ]
        written = (of.design.profile, of.layout.calendar, of.numbers, of.design.sense)
        return pa.array([sentence(row, *written) for row in rows], type=pa.string())


def _masked(column: pa.Array, given: Bools) -> pa.Array:
    """The same with nothing where it is not given."""
    return column.take(pa.array(np.where(given, np.arange(len(column)), 0), mask=~given))
