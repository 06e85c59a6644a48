"""How to read the pages: the key to every icon, and the parts of a chart."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.analysis.finding import Assurance, Attainment, Difference, Variation, WholeBearing
from trigpoint.publish.charts.icons import assurance_icon, attainment_icon, variation_icon
from trigpoint.publish.mark import Line, QualityMark, WholeMark
from trigpoint.publish.words import ASSURANCE, ATTAINMENT, DIFFERENCE, QUALITY, STATE, VARIATION
from trigpoint.terms.panel import State


@dataclass(frozen=True, slots=True)
class Key:
    """The marks of one bearing: for each its icon (or none), its words and what it means."""

    title: str
    lede: str
    entries: tuple[tuple[str, str, str], ...]


_VARIATIONS = {
    Variation.COMMON: "A wave: the latest figure lies where chance alone would put it.",
    Variation.IMPROVEMENT_HIGH: "Blue square: better by more than chance explains, and higher.",
    Variation.IMPROVEMENT_LOW: "Blue square: better by more than chance explains, and lower.",
    Variation.CONCERN_HIGH: "Orange diamond: worse by more than chance explains, and higher.",
    Variation.CONCERN_LOW: "Orange diamond: worse by more than chance explains, and lower.",
    Variation.NEUTRAL_HIGH: "Purple triangle: higher than chance explains. Neither good nor bad in itself.",
    Variation.NEUTRAL_LOW: "Purple triangle: lower than chance explains. Neither good nor bad in itself.",
    Variation.NOT_ASSESSED: "Dashed ring: no figure, too few, or figures that overlap. The words say which.",
}
_ASSURANCES = {
    Assurance.PASS: "If nothing changes, the standard will be met month after month.",
    Assurance.FAIL: "If nothing changes, the standard will be missed month after month.",
    Assurance.HIT_OR_MISS: "The usual range spans the standard: chance decides which months meet it.",
    Assurance.NO_STANDARD: "There is no standard to judge by.",
}
_ATTAINMENTS = {
    Attainment.MET: "Green disc, tick.",
    Attainment.IN_TOLERANCE: "Amber triangle: missed, by no more than the tolerance that it declares.",
    Attainment.NOT_MET: "Red square, cross.",
    Attainment.NOT_ASSESSED: "Dashed ring: no standard, or no figure to judge.",
}
STATES = {
    State.NO_DENOMINATOR: "No one was due, so there is nothing to measure. It is not a zero.",
    State.SUPPRESSED: "Its publisher hides the figure to protect people's privacy.",
    State.NOT_SUBMITTED: "A figure was expected and did not come.",
    State.NOT_DUE: "The figure comes less often than each month, and this was not its turn.",
    State.NOT_APPLICABLE: "The unit does not do what is measured, or did not then.",
    State.INCOMPLETE: "Some of the parts that make up the figure are missing or hidden.",
}

KEYS = (
    Key(
        "Standard",
        "Is it what is required? By the primary standard in force in that month.",
        tuple((attainment_icon(it), ATTAINMENT[it], said) for it, said in _ATTAINMENTS.items()),
    ),
    Key(
        "Past: change",
        "Is the latest figure different from its own past by more than chance?",
        tuple((variation_icon(it), VARIATION[it], said) for it, said in _VARIATIONS.items()),
    ),
    Key(
        "Past: what to expect",
        "Will the process, left alone, meet the standard?",
        tuple((assurance_icon(it), ASSURANCE[it], said) for it, said in _ASSURANCES.items()),
    ),
    Key(
        "When there is no figure",
        "A missing figure always says why. Zero is a figure.",
        tuple(("", STATE[it], said) for it, said in STATES.items()),
    ),
)


def _whole(verdict: Difference, words: str, difference: float, half: float) -> WholeMark:
    bearing = WholeBearing("", verdict, 0.0, difference, difference - half, difference + half, None, "")
    return WholeMark(bearing, "up", 1.0, words, "")


WHOLE_KEY = (
    (
        _whole(Difference.BETTER, "Better than trust", 0.55, 0.3),
        "Filled dot at the right: better than the trust as a whole by more than chance explains.",
    ),
    (
        _whole(Difference.WORSE, "Worse than trust", -0.55, 0.3),
        "Filled dot at the left: worse than the trust by more than chance explains.",
    ),
    (
        _whole(Difference.NO_DIFFERENT, DIFFERENCE[Difference.NO_DIFFERENT], 0.25, 0.5),
        "Hollow dot: the whisker, the 95% interval of the difference, reaches the trust's line.",
    ),
    (
        _whole(Difference.TOO_FEW, DIFFERENCE[Difference.TOO_FEW], -0.3, 1.1),
        "Hollow dot, dotted whisker: so few that no difference could be told. An arrow goes on further.",
    ),
)
"""The marks of the whole, and what each means."""
QUALITY_KEY = (
    (QualityMark(("good",) * 4, QUALITY["good"], ""), "Four full blocks: good in all four parts."),
    (
        QualityMark(("good", "good", "good", "fair"), QUALITY["fair"], ""),
        "A half block: that part is fair. The word is always that of the worst part.",
    ),
    (
        QualityMark(("good", "fair", "good", "poor"), QUALITY["poor"], ""),
        "A crossed block: that part is poor.",
    ),
    (
        QualityMark(("", "", "", ""), "Not assessed", ""),
        "Dotted blocks: nobody has said, or the mark has run out. "
        "Timely and robust can be counted from records.",
    ),
)
"""The data-quality marks, and what each means."""

CHART_PARTS = (
    Line("Grey line and circles", "The figures, month by month. The line breaks where a month is missing."),
    Line(
        "Grey band",
        "The usual range: between the dashed limits, about the mean. Dotted limits are from few figures.",
    ),
    Line(
        "Red line with teeth",
        "The standard. Its teeth point to the failing side; it steps where the standard changes.",
    ),
    Line("Red dots", "A trajectory: what is required month by month, ahead of the figures too."),
    Line(
        "Blue squares, orange diamonds, purple triangles",
        "Months that were a signal: better, worse, or changed without being either.",
    ),
    Line("Flag", "Limits start again here. Its number leads to the reason below the chart."),
    Line("Hatched column", "A month without a figure; an asterisk marks one that is hidden."),
    Line("Pin on the axis", "A month in which none were due."),
    Line("Dashed ring", "A provisional figure, which may still change."),
    Line(
        "Units in order",
        "A dot for each unit. Dotted line: the trust. The whisker is the 95% interval of the unit's "
        "difference from the trust: where it crosses the line, chance alone could explain the difference.",
    ),
)
