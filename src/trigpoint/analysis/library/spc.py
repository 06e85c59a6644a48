"""Control charts for analysts: of lists, arrays and frames, one series or many, without a workspace."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np

from trigpoint.analysis.arguments import finite, positive
from trigpoint.analysis.library.asked import (
    AS_ASKED,
    Decided,
    Kind,
    Sense,
    direction_of,
    kind_of,
    profile_of,
    sense_of,
)
from trigpoint.analysis.library.charted import Design, Spc
from trigpoint.analysis.library.columns import Given, column
from trigpoint.analysis.library.figures import EVENTS, NOT_NEGATIVE, SUBGROUPS, Columns, Figures, figures
from trigpoint.analysis.library.numbers import Numbers, percent
from trigpoint.analysis.library.standard import required
from trigpoint.analysis.library.tables import charted
from trigpoint.analysis.library.work import Work
from trigpoint.analysis.past.limits import SHARES
from trigpoint.definitions.chart_choice import Figure, chosen_by
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile

_RATES = frozenset({ChartKind.U, ChartKind.U_PRIME})


def spc(  # noqa: PLR0913 - what an analyst may say of a chart, each with its name
    data: object = None,
    period: object = None,
    *,
    value: object = None,
    numerator: object = None,
    denominator: object = None,
    group: object = None,
    kind: Kind | None = None,
    per: float = 1.0,
    chart: ChartKind | str | None = None,
    profile: RuleProfile | str = "nhs-england",
    improvement: Direction = "neutral",
    standard: object = None,
    sense: Sense | None = None,
    rebase: object = None,
    baseline: object = None,
    exclude: object = None,
    least: float | None = None,
    most: float | None = None,
    title: str = "",
    measured_in: str | None = None,
) -> Spc:
    """Control charts, their limits and what each point says, of one series or of many at once.

    ``data`` is a sequence, array or series of figures; or a frame (pandas, polars, Arrow, a mapping of
    lists), whose columns ``period``, ``value``, ``numerator``, ``denominator`` and ``group`` name. Each
    of these may also be a column itself. A figure is ``value``, or ``per`` times numerator over
    denominator; None or NaN is a period without one. There is one chart for each ``group``.

    ``chart`` is any of ``ChartKind``; without it the ``profile``, a shipped one's name or your own,
    chooses. ``kind`` says what a denominator makes of its numerator: a ``proportion`` of it, or a
    ``rate``. ``xbar`` and ``s`` take several rows for each period; ``t`` takes days between events, or
    the events' dates.

    ``improvement`` says which way is better: ``up``, ``down``, or ``neutral``. ``standard`` is a number,
    one for each row, a column's name or a mapping from groups; ``sense`` is ``at_least`` or ``at_most``.
    ``rebase`` names periods from which limits start again, ``exclude`` those whose point counts for
    nothing; either may be a mapping from groups. ``baseline`` is so many first points, or a first and a
    last period, to set limits from. ``least`` and ``most`` are what the measure can reach; ``measured_in``
    what figures are written in (``%``, ``£``, ``days``).

    Raises ValueError, naming the argument, the row and what to do, for what cannot be charted: columns
    of unequal length, text, what is infinite, counts below zero, numerators above denominators, periods
    that are out of order or repeated, a re-base or an exclusion of no period.
    """
    given, rules, way = Given(data), profile_of(profile), direction_of(improvement)
    columns = _columns(given, period, value, numerator, denominator, group)
    if kind is not None and kind not in get_args(Kind):
        raise ValueError(f"kind is {kind!r}: expected {', '.join(get_args(Kind))}")
    per = float(positive("per", per))
    drawn, reason = _chosen(chart, rules, kind, sized=columns.denominator is not None)
    of: Kind = "proportion" if drawn in SHARES else "rate" if drawn in _RATES else kind or "proportion"
    found = figures(columns, drawn, of, per)
    share = of == "proportion" and (columns.numerator is not None or drawn in SHARES)
    reach = _reach(columns, found, drawn, least, most, per if share else None)
    layout = found.rows.laid_out(events=drawn in EVENTS)
    side = None if standard is None else sense_of(sense, way)
    return charted(
        Work(
            Design(drawn, reason, rules, way, side, title or columns.title, *reach),
            of,
            per,
            layout,
            found,
            required(standard, given, layout, found, reach),
            Decided.of(layout, rebase, exclude, baseline),
            _numbers(found, share, per, measured_in),
        )
    )


def run(
    data: object = None, period: object = None, *, profile: RuleProfile | str = "anhoej", **asked: Any
) -> Spc:
    """Run charts: a median and no limits, by Anhøj's two rules. Takes what ``spc`` takes but ``chart``."""
    chart = None if profile_of(profile).charts == "run" else ChartKind.RUN
    return spc(data, period, profile=profile, chart=chart, **asked)


def _columns(
    given: Given, period: object, value: object, numerator: object, denominator: object, group: object
) -> Columns:
    """What the arguments name. Raises ValueError where there is no figure to draw, or two."""
    bare = given.data is not None and given.names is None
    ways = [bare, value is not None, numerator is not None]
    if not any(ways):
        hint = "" if given.names is None else f" Columns: {', '.join(given.names[:20])}."
        raise ValueError(f"say where the figures are: value=, or numerator= and denominator=.{hint}")
    if sum(ways) > 1:
        raise ValueError("figures are given twice: they are data, or value=, or numerator= and denominator=")
    if numerator is not None and denominator is None:
        raise ValueError("numerator= needs denominator=; counts alone are value=")
    return Columns(
        column("data", given.data) if bare else given.column("value", value),
        given.column("numerator", numerator),
        given.column("denominator", denominator),
        given.column("period", given.index if period is None else period),
        given.column("group", group),
    )


def _chosen(
    chart: ChartKind | str | None, profile: RuleProfile, kind: Kind | None, *, sized: bool
) -> tuple[ChartKind, str]:
    """The kind of chart, and why."""
    if chart is not None:
        named = kind_of(chart)
        if profile.charts == "run" and named is not ChartKind.RUN:
            raise ValueError(
                f"chart is {chart!r}, and the profile {profile.name!r} has no rules for limits: "
                "leave chart out, or choose another profile"
            )
        return named, AS_ASKED
    what = (
        {"proportion": Figure.PROPORTION, "rate": Figure.RATE}[kind or "proportion"]
        if sized
        else Figure.ALONE
    )
    return chosen_by(profile, what)


def _reach(
    columns: Columns,
    found: Figures,
    drawn: ChartKind,
    least: float | None,
    most: float | None,
    whole: float | None,
) -> tuple[float | None, float | None]:
    """What the measure can reach: as given, or no less than nothing and no more than the whole.

    Raises ValueError for figures beyond what is given.
    """
    finite(**{name: bound for name, bound in (("least", least), ("most", most)) if bound is not None})
    if columns.figures is not None and drawn not in SUBGROUPS:
        with np.errstate(invalid="ignore"):
            if least is not None:
                columns.figures.refuse(found.value < least, f"below least, which is {least:g}")
            if most is not None:
                columns.figures.refuse(found.value > most, f"above most, which is {most:g}")
    counted = drawn in NOT_NEGATIVE or columns.numerator is not None
    return (0.0 if least is None and counted else least), (whole if most is None else most)


def _numbers(found: Figures, share: bool, per: float, measured_in: str | None) -> Numbers:
    """How figures are written: shares as per cent, unless it is said otherwise."""
    unit, scale = percent(share, per)
    if measured_in is None or measured_in == unit:
        return Numbers.of(found.value, unit, scale)
    return Numbers.of(found.value, measured_in)
