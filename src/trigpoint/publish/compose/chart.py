"""From a series to the chart of it: shapes, labels, notes and what to write under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trigpoint.analysis.finding import Series, SeriesBreak, SeriesPoint, SeriesStatus, StandardLine, Variation
from trigpoint.definitions.chart_choice import chart_for
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.profile import ChartKind, RuleProfile
from trigpoint.publish.chart import Axis, Chart, ChartNote, ChartPoint, ChartStandard, Labels, Shape
from trigpoint.publish.charts.multiples import MONTHS
from trigpoint.publish.charts.scale import clipped, starts_above_zero
from trigpoint.publish.charts.standards import levels
from trigpoint.publish.words import STATE
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.headline import CONCERNING, IMPROVING
from trigpoint.scorecards.method import from_which_points, how_limits_are_set
from trigpoint.terms.panel import Status
from trigpoint.terms.period import Month

_CHANGED = {Variation.NEUTRAL_HIGH: Shape.CHANGED_HIGH, Variation.NEUTRAL_LOW: Shape.CHANGED_LOW}
_LIMITED = frozenset({SeriesStatus.CHARTED, SeriesStatus.SCREENING_ABANDONED})
_SHAPES = {
    Shape.IMPROVEMENT: "Blue square: better by more than chance explains.",
    Shape.CONCERN: "Orange diamond: worse by more than chance explains.",
    Shape.CHANGED_HIGH: "Purple triangle, up: higher than chance explains, or a pattern that it does not.",
    Shape.CHANGED_LOW: "Purple triangle, down: lower than chance explains, or a pattern that it does not.",
}
_RESTARTS = {
    "rebase": "Limits re-based",
    "definition": "Definition changed",
    "organisation": "Organisation changed",
}


def chart_of(
    indicator: Indicator,
    unit: str,
    series: Series,
    headline: str,
    decisions: Sequence[Decision],
    *,
    key: str,
) -> Chart:
    """The chart of a whole series. ``unit`` is the unit's name; ``key`` is unique on its page."""
    figures = Figures.of(indicator)
    return drawn(
        series,
        figures,
        key=key,
        title=_title(indicator, unit, series),
        description=_description(series, headline, figures),
        notes=_notes(series, decisions),
    )


def drawn(
    series: Series, figures: Figures, *, key: str, title: str, description: str, notes: tuple[ChartNote, ...]
) -> Chart:
    """The chart of a series, whatever it is a series of."""
    return Chart(
        key=key,
        title=title,
        description=description,
        points=tuple(_point(point) for point in series.points),
        standards=tuple(_standard(line, figures) for line in _drawn(series.standards)),
        notes=notes,
        labels=_labels(series, figures),
        axis=axis(figures),
        trial=series.past.trial,
        remark=_remark(series, figures),
    )


def axis_of(indicator: Indicator) -> Axis:
    """How the values of an indicator are ticked."""
    return axis(Figures.of(indicator))


def axis(figures: Figures) -> Axis:
    """How figures are ticked: shares need not start at zero."""
    return Axis(figures.prefix, figures.suffix, figures.least, figures.most, from_zero=not figures.suffix)


def last_months(chart: Chart, month: Month, months: int, key: str) -> Chart:
    """The same chart, cut to so many months up to ``month``: the sparkline's."""
    points = tuple(point for point in chart.points if month - months < point.month <= month)
    return Chart(
        key,
        chart.title,
        chart.description,
        points,
        chart.standards,
        chart.notes,
        chart.labels,
        chart.axis,
        chart.trial,
        chart.remark,
    )


def small_chart(indicator: Indicator, unit: str, whole: Series, words: str, month: Month, key: str) -> Chart:
    """The chart of a small multiple: the months up to ``month`` that it shows, and nothing beyond them."""
    first = month - (MONTHS - 1)
    lines = (
        replace(line, values=tuple(held for held in line.values if first <= held[0] <= month))
        for line in whole.standards
    )
    cut = replace(
        whole,
        points=tuple(point for point in whole.points if first <= point.month <= month),
        standards=tuple(line for line in lines if line.values),
    )
    return chart_of(indicator, unit, cut, words, (), key=key)


def chart_words(chart: Chart, indicator: Indicator, series: Series, profile: RuleProfile) -> tuple[str, ...]:
    """What stands under a chart: how its limits were set, and how to read its marks."""
    return how_drawn(chart, series, profile, *chart_for(indicator, profile))


def how_drawn(
    chart: Chart, series: Series, profile: RuleProfile, kind: ChartKind, reason: str
) -> tuple[str, ...]:
    """The same of a series that is on a chart of this kind for this reason, if one is to be told."""
    past, words = series.past, []
    if past.status in _LIMITED and past.limits_from is not None and series.points:
        since = f", {past.limits_from.words} to {series.points[-1].month.words}"
        if past.used < past.points:
            since = f" since {past.limits_from.words}"
        words.append(f"{how_limits_are_set(kind, profile)}, {from_which_points(past)}{since}.")
    if reason and kind is not ChartKind.I:
        words.append(f"{reason}.")
    words.append(f"Rule profile: {profile}.")
    shapes = {point.shape for point in chart.points if point.value is not None and not point.excluded}
    words += [said for shape, said in _SHAPES.items() if shape in shapes]
    if any(not line.trajectory for line in chart.standards):
        words.append("Teeth on the standard line point to the failing side.")
    if any(line.trajectory for line in chart.standards):
        words.append("Red dots: trajectory.")
    if any(point.provisional for point in chart.points):
        words.append("Dashed ring: provisional.")
    if any(point.excluded for point in chart.points):
        words.append("Hollow grey circle: left out of the limits.")
    if starts_above_zero(chart):
        words.append("The value axis does not start at zero.")
    if any(
        limit is not None and clipped(limit, chart.axis) != limit
        for p in chart.points
        for limit in (p.lower, p.upper)
    ):
        words.append(
            "A limit beyond what the measure can reach is drawn at its edge; assurance uses it "
            f"{'there' if profile.clip_assurance else 'as it was worked out'}."
        )
    return tuple(words)


def _title(indicator: Indicator, unit: str, series: Series) -> str:
    if not series.points:
        return f"{indicator.title}, {unit}"
    return f"{indicator.title}, {unit}, {series.points[0].month.words} to {series.points[-1].month.words}"


def _description(series: Series, headline: str, figures: Figures) -> str:
    past = series.past
    said = [headline]
    if past.status in _LIMITED and past.lower is not None and past.upper is not None:
        said.append(f"Usual range {figures.usual_range(past.lower, past.upper)}.")
    missing = sum(point.value is None for point in series.points)
    said.append(f"{len(series.points)} months are drawn, {missing or 'none'} without a figure.")
    return " ".join(said)


def shape_of(variation: Variation) -> Shape:
    """The mark of a point that says this."""
    if variation in IMPROVING:
        return Shape.IMPROVEMENT
    return Shape.CONCERN if variation in CONCERNING else _CHANGED.get(variation, Shape.COMMON)


def _point(point: SeriesPoint) -> ChartPoint:
    return ChartPoint(
        point.month,
        point.value,
        point.state,
        STATE[point.state],
        shape_of(point.variation),
        point.status is Status.PROVISIONAL,
        point.excluded,
        point.mean,
        point.lower,
        point.upper,
    )


def _drawn(lines: Sequence[StandardLine]) -> list[StandardLine]:
    """The primary standard, which status and assurance use, and any trajectory; the rest are listed below."""
    chosen = [line for line in lines if line.primary] or list(lines[:1])
    return [*chosen, *(line for line in lines if line.trajectory and line not in chosen)]


def _standard(line: StandardLine, figures: Figures) -> ChartStandard:
    kind = "Trajectory" if line.trajectory else "Standard"
    held = [] if line.trajectory else levels(line.values)
    latest = line.values[-1][1] if line.values else 0.0
    return ChartStandard(
        words=f"{kind} {figures.required(latest)}",
        fails_below=line.sense == "at_least",
        trajectory=line.trajectory,
        values=line.values,
        steps=tuple((first, figures.required(value)) for first, _, value in held[:-1]),
    )


def _notes(series: Series, decisions: Sequence[Decision]) -> tuple[ChartNote, ...]:
    """Restarts, baselines and left-out points in order of time, numbered."""
    restarts = [(b.month, True, _restart(b), b.by) for b in series.breaks]
    excluded = [
        (d.month, False, f"Left out of the limits: {d.reason}", d.by)
        for d in decisions
        if d.kind == "exclude"
    ]
    baselines = [
        (d.month, False, f"Limits are set from this month to {d.until.words}: {d.reason}", d.by)
        for d in decisions
        if d.until is not None
    ]
    ordered = sorted([*restarts, *baselines, *excluded], key=lambda note: note[0])
    return tuple(ChartNote(i + 1, *note) for i, note in enumerate(ordered))


def _restart(found: SeriesBreak) -> str:
    kind = _RESTARTS.get(found.kind, "Limits start again")
    return f"{kind}: {found.reason}" if found.reason else kind


def _labels(series: Series, figures: Figures) -> Labels:
    last = series.points[-1] if series.points else None
    if last is None:
        return Labels("", "", "", "")
    centre = series.past.centre.capitalize()
    named = ((centre, last.mean), ("Lower limit", last.lower), ("Upper limit", last.upper))
    mean, lower, upper = (
        f"{name} {figures.limit(value)}" if value is not None else "" for name, value in named
    )
    latest = "" if last.value is None else f"{last.month.short} {figures.short(last.value)}"
    return Labels(latest, mean, lower, upper)


def _remark(series: Series, figures: Figures) -> str:
    past = series.past
    count = f"{past.points} figure{'' if past.points == 1 else 's'}"
    if past.status is SeriesStatus.CONSTANT and past.mean is not None:
        return f"never varied: always {figures.short(past.mean)}"
    return {
        SeriesStatus.TOO_FEW: f"{count}: no limits yet"
        if past.used == past.points
        else f"a baseline of {past.used}: too few for limits",
        SeriesStatus.NO_FIGURES: "No figures to draw",
        SeriesStatus.ZERO_WIDTH: "hardly varies: no limits",
        SeriesStatus.ROLLING: "overlapping figures: no limits",
    }.get(past.status, f"trial limits, {count}" if past.trial else "")
