"""Charts as two tidy tables: a row for each series and period, and a row for each series."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arrays import Codes, Floats, Ints
from trigpoint.analysis.finding import Assurance
from trigpoint.analysis.findings import known, words
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.library.charted import Spc
from trigpoint.analysis.library.figures import NOTHING, STATES, SUBGROUPS
from trigpoint.analysis.library.sentences import sentence
from trigpoint.analysis.library.work import Work, Worked
from trigpoint.analysis.past.assurance import ASSURANCES, assurance
from trigpoint.analysis.past.latest import UNDATED
from trigpoint.analysis.past.limits import CHARTED, SCREENING_ABANDONED, STATUSES
from trigpoint.analysis.past.rules import RULES
from trigpoint.analysis.past.variation import COMMON, NOT_ASSESSED, VARIATIONS
from trigpoint.analysis.standards.attainment import ATTAINMENTS, attainment
from trigpoint.definitions.profile import ChartKind

_UNASSURED = frozenset({ChartKind.RUN, ChartKind.MR, ChartKind.S})
"""The kinds whose limits, if any, say nothing of whether a standard will be met."""
_SAID = (
    *("status", "points", "used", "trial", "gaps", "value", "centre", "lower", "upper"),
    *("variation", "rule", "standard", "attainment", "assurance", "cautions"),
)
"""The columns of a summary that its sentence is made of."""


def charted(work: Work) -> Spc:
    """The charts of all series, with their table and their summary."""
    worked, there = work.done(), work.layout.there
    starts = np.cumsum(there.sum(axis=1)) - there.sum(axis=1)
    attained = attainment(worked.value, work.required, _sense(work), np.array(np.nan))
    return Spc(
        _table(worked, attained),
        _summary(worked, attained),
        tuple(work.notes()),
        work.design,
        work.layout.calendar,
        work.numbers,
        starts,
        work.layout.number[there],
        work.layout.step if work.layout.regular else 0,
    )


def _table(worked: Worked, attained: Codes) -> pa.Table:
    work, layout, charts = worked.work, worked.work.layout, worked.charts
    here = layout.there
    parts = {"numerator": worked.numerator, "denominator": worked.denominator}
    if work.design.kind in SUBGROUPS:
        parts = {"size": worked.denominator}
    columns = {
        "group": layout.groups.take(pa.array(np.nonzero(here)[0])),
        "period": layout.calendar.column(layout.number[here]),
        "value": known(worked.value[here]),
        **{name: known(part[here]) for name, part in parts.items() if part is not None},
        "state": words(STATES, worked.state[here]),
        "excluded": pa.array(work.decided.excluded[here]),
        "segment": pa.array(work.decided.segments[here] + 1),
        "used": pa.array(charts.grid.used[here]),
        "status": words(STATUSES, charts.grid.spread(charts.limits.status)[here]),
        "centre": known(worked.lines.centre[here]),
        "lower": known(worked.lines.lower[here]),
        "upper": known(worked.lines.upper[here]),
        "variation": words(VARIATIONS, charts.variation[here]),
        "rule": words(RULES, charts.rule[here]),
    }
    if work.design.sense is not None:
        columns["standard"] = known(work.required[here])
        columns["attainment"] = words(ATTAINMENTS, attained[here])
    return pa.table(columns)


def _summary(worked: Worked, attained: Codes) -> pa.Table:
    """The latest place of each series, the limits in force there, and what they say."""
    work, charts, calendar = worked.work, worked.charts, worked.work.layout.calendar
    limits, number, series = charts.limits, work.layout.number, np.arange(len(worked.value))
    ending = charts.grid.spread(np.arange(len(limits.status)))[:, -1]
    status, points, used = limits.status[ending], limits.points[ending], limits.used[ending]
    lower, upper = worked.lines.lower[:, -1], worked.lines.upper[:, -1]
    limited = np.isin(status, (CHARTED, SCREENING_ABANDONED)) & ~np.isnan(lower)
    cautioned, proposed = worked.advice()
    since, began = _since(worked), _began(worked)

    def period(place: Ints) -> pa.Array:
        """The period of a place; nothing for ``NEVER``."""
        found = calendar.column(number[series, np.maximum(place, 0)])
        return found.take(pa.array(series, mask=place == NEVER))

    columns = {
        "group": work.layout.groups,
        "chart": pa.repeat(str(work.design.kind), len(series)),
        "profile": pa.repeat(str(work.design.profile), len(series)),
        "status": words(STATUSES, status),
        "points": pa.array(points),
        "used": pa.array(used),
        "trial": pa.array(limited & (used < work.design.profile.full_points)),
        "gaps": pa.array((work.layout.there & (worked.state == NOTHING)).sum(axis=1)),
        "limits_from": period(began),
        "latest": calendar.column(number[:, -1]),
        "value": known(worked.value[:, -1]),
        "centre": known(worked.lines.centre[:, -1]),
        "lower": known(lower),
        "upper": known(upper),
        "variation": words(VARIATIONS, charts.variation[:, -1]),
        "rule": words(RULES, charts.rule[:, -1]),
        "since": period(since),
        "standard": known(work.required[:, -1]),
        "attainment": words(ATTAINMENTS, attained[:, -1]),
        "assurance": words(ASSURANCES, _assured(worked, status, lower, upper, ending)),
        "cautions": pa.array(cautioned, type=pa.list_(pa.string())),
        "rebase_proposed": period(proposed),
    }
    return pa.table({**columns, "sentence": _sentences(work, columns, since, proposed)})


def _sense(work: Work) -> Codes:
    """1 where at least so much is required of each series, -1 where at most."""
    return np.full((len(work.layout.groups), 1), -1 if work.design.sense == "at_most" else 1, dtype=np.int8)


def _since(worked: Worked) -> Ints:
    """The place from which each series has been flagged as its last point is; ``NEVER`` if it is not, or
    by a pattern of the whole stretch."""
    segments, said = worked.work.decided.segments, worked.charts.variation
    other = (said != said[:, -1:]) | (segments != segments[:, -1:])
    began = np.where(other, np.arange(said.shape[1]), NEVER).max(axis=1) + 1
    undated = np.isin(said[:, -1], (COMMON, NOT_ASSESSED)) | np.isin(worked.charts.rule[:, -1], UNDATED)
    return np.where(undated, NEVER, began)


def _began(worked: Worked) -> Ints:
    """The place of the first point since limits last started; ``NEVER`` where there is none."""
    segments = worked.work.decided.segments
    current = worked.charts.grid.points & (segments == segments[:, -1:])
    return np.where(current.any(axis=1), current.argmax(axis=1), NEVER)


def _assured(worked: Worked, status: Codes, lower: Floats, upper: Floats, ending: Ints) -> Codes:
    """Whether each process will meet its standard: not asked of a last place without a point."""
    work, design = worked.work, worked.work.design
    needed = work.required[:, -1]
    if design.profile.clip_assurance:
        lower, upper = (np.clip(limit, design.least, design.most) for limit in (lower, upper))
    least, most = (extreme[ending] for extreme in worked.charts.limits.extremes)
    found = assurance(
        needed,
        _sense(work)[:, 0],
        status=status,
        lower=lower,
        upper=upper,
        least=least,
        most=most,
        profile=design.profile,
    )
    unasked = ~worked.charts.grid.points[:, -1] | (design.kind in _UNASSURED)
    return np.where(~np.isnan(needed) & unasked, ASSURANCES.index(Assurance.NOT_ASSESSED), found)


def _sentences(work: Work, columns: dict[str, pa.Array], since: Ints, proposed: Ints) -> pa.Array:
    number, words_of = work.layout.number.tolist(), work.layout.calendar.words

    def told(places: Ints) -> list[str | None]:
        pairs = zip(number, places.tolist(), strict=True)
        return [None if place == NEVER else words_of(periods[place]) for periods, place in pairs]

    dated = {"latest": told(np.full(len(number), work.layout.row.shape[1] - 1))}
    dated |= {"since": told(since), "rebase_proposed": told(proposed)}
    columns_of = {**{name: columns[name].to_pylist() for name in _SAID}, **dated}
    rows = (dict(zip(columns_of, row, strict=True)) for row in zip(*columns_of.values(), strict=True))
    written = (work.design.profile, work.numbers, work.design.sense)
    return pa.array([sentence(row, *written) for row in rows], type=pa.string())
