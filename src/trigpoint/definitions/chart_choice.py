"""Which chart an indicator's figures are drawn on: as its definition says, or by what it measures."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, RecordMeasure
from trigpoint.definitions.problem import Problem
from trigpoint.definitions.profile import ChartKind, RuleProfile


class Figure(StrEnum):
    """What a figure is, as far as charts are concerned."""

    PROPORTION = "a proportion"
    RATE = "a rate"
    RATIO = "a ratio whose chance is not known"
    COUNT = "a count"
    AMOUNT = "a sum or a median"
    ALONE = "a figure taken as it came"


_RATIOS = {"proportion": Figure.PROPORTION, "rate": Figure.RATE, None: Figure.RATIO}
_BY_BOTH = "limits by each figure's denominator and by how far neighbouring figures lie apart"
_BY_KIND = {
    Figure.PROPORTION: (ChartKind.P_PRIME, f"a proportion; {_BY_BOTH}"),
    Figure.RATE: (ChartKind.U_PRIME, f"a rate; {_BY_BOTH}"),
    Figure.RATIO: (ChartKind.I, "what chance would do to the figure is not known"),
    # A C chart fits where months differ by chance alone, as rare events may. Most counts of the NHS
    # differ by more, and then it flags too many. A definition knows neither how many there are nor
    # how they differ, so the figures say it themselves; who knows better names `chart: c`.
    Figure.COUNT: (ChartKind.I, "a count; most vary by more than chance, which a C chart would flag"),
    Figure.AMOUNT: (ChartKind.I, "a sum or a median, which counts no events"),
    Figure.ALONE: (ChartKind.I, "a figure without a denominator"),
}
_FITTING = {
    Figure.PROPORTION: (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME),
    Figure.RATE: (ChartKind.U, ChartKind.U_PRIME),
    Figure.RATIO: (ChartKind.U, ChartKind.U_PRIME),
    Figure.COUNT: (ChartKind.C,),
    Figure.AMOUNT: (),
    Figure.ALONE: (ChartKind.G, ChartKind.T),
}
"""The charts that each can be drawn on, besides ``i`` and ``run``."""
_SINGLE = "It needs the single figures of each month: `trigpoint.analysis.spc` draws it from them."
_NEVER = {
    ChartKind.MR: "It only goes with an i chart: `trigpoint.analysis.spc` draws it beside one.",
    ChartKind.XBAR: _SINGLE,
    ChartKind.S: _SINGLE,
}


def figure(indicator: Indicator, measure: AnyMeasure) -> Figure:
    """What a measure of an indicator gives."""
    if isinstance(measure, FormulaMeasure):
        return Figure.ALONE
    if measure.ratio:
        return _RATIOS[indicator.chance]
    if isinstance(measure, RecordMeasure):
        if measure.gap is not None:
            return Figure.ALONE
        return Figure.COUNT if measure.aggregate in ("count", "people") else Figure.AMOUNT
    if measure.value is not None:
        return Figure.ALONE
    return Figure.AMOUNT if indicator.measured_in == "pounds" else Figure.COUNT


def chart_for(indicator: Indicator, profile: RuleProfile) -> tuple[ChartKind, str]:
    """The chart of an indicator's monthly figures under a profile, and why in plain words.

    ``P′ chart: …``. It does not ask whether the figures can be charted (``History.charted``).
    """
    kind, why = _chosen(indicator, profile)
    return kind, f"{kind.words}: {why}"


def _chosen(indicator: Indicator, profile: RuleProfile) -> tuple[ChartKind, str]:
    if indicator.spc.chart is not None:
        return indicator.spc.chart, "as the indicator's definition says"
    figures = set(_figures(indicator))
    if profile.charts == "by_kind" and len(figures) > 1:
        return ChartKind.I, "the kind of figure changed with its definition"
    return chosen_by(profile, next(iter(figures), Figure.ALONE))


def chosen_by(profile: RuleProfile, what: Figure) -> tuple[ChartKind, str]:
    """The chart that a profile chooses for figures of one kind, and why."""
    if profile.charts == "run":
        return ChartKind.RUN, "a median and no limits, as its rule profile says"
    if profile.charts == "individuals":
        return ChartKind.I, "limits by how far neighbouring figures lie apart, whatever the kind of figure"
    return _BY_KIND[what]


def _figures(indicator: Indicator) -> Iterator[Figure]:
    """What the figures of each version that gives some are."""
    return (figure(indicator, version.measure) for version in indicator.giving())


def chart_problems(
    path: tuple[str | int, ...], indicator: Indicator, profile: RuleProfile | None
) -> Iterator[Problem]:
    """A chart that the indicator names, and that its figures cannot be drawn on."""
    kind = indicator.spc.chart
    if kind is None:
        return
    if indicator.basis not in ("flow", "stock"):
        found = f"{str(kind)!r} where the basis is {indicator.basis}"
        remedy = "Each of its months repeats others, so it is not put on a control chart."
        yield Problem(path, found, "no chart", remedy)
        return
    for what in dict.fromkeys(_figures(indicator)):
        fitting = (*_FITTING[what], ChartKind.I, ChartKind.RUN)
        if kind not in fitting:
            expected = f"{', '.join(fitting[:-1])} or {fitting[-1]}"
            yield Problem(path, f"{str(kind)!r} of {what}", expected, _NEVER.get(kind, ""))
            return
    if profile is not None and profile.charts == "run" and kind is not ChartKind.RUN:
        found = f"{str(kind)!r} under {profile.name}, which has no rules for limits"
        yield Problem(path, found, "run, or another rule profile")
