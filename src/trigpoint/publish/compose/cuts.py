"""Groups of patients on an indicator's page: a table for each cut, with the gap of each group."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.analysis.finding import Difference, WholeBearing
from trigpoint.analysis.whole.cuts import CutFindings, CutGroup
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.charts.whole import reach_of
from trigpoint.publish.compose.row import NOTHING, gap_mark, number
from trigpoint.publish.mark import Table, WholeMark
from trigpoint.publish.words import DIFFERENCE, STATE
from trigpoint.scorecards.figures import Figures
from trigpoint.terms.period import Month

GAP = (
    "The gap is the group's figure less everyone else's, with its 95% interval. Right is better. "
    "Filled: beyond what chance explains; by chance alone, 1 in 20 would be."
)
NEUTRAL_GAP = GAP.replace("Right is better", "Right is higher")


def cut_words(cuts: Sequence[CutFindings], indicator: Indicator) -> str:
    """What the gap is; empty where there is no cut."""
    if not cuts:
        return ""
    return NEUTRAL_GAP if indicator.direction == "neutral" else GAP


def cut_tables(cuts: Sequence[CutFindings], indicator: Indicator) -> tuple[Table, ...]:
    """A table for each cut. Its gaps are drawn on one scale."""
    return tuple(_table(cut, indicator) for cut in cuts)


def _table(cut: CutFindings, indicator: Indicator) -> Table:
    gaps = [_bearing(group) for group in cut.groups]
    reach = reach_of(gaps)
    return Table(
        caption=f"{cut.title}, {_months(cut.first, cut.last)}",
        head=("Group", "Value", "Gap to everyone else", "Counted", "Out of"),
        rows=tuple(
            (
                group.name,
                STATE[group.state] or NOTHING
                if group.value is None
                else Figures.of(indicator).short(group.value),
                _gap(group, gap, indicator, reach),
                number(group.numerator),
                number(group.denominator),
            )
            for group, gap in zip(cut.groups, gaps, strict=True)
        ),
        numeric=frozenset({1, 3, 4}),
    )


def _gap(group: CutGroup, gap: WholeBearing, indicator: Indicator, reach: float) -> WholeMark:
    if group.value is None:
        return WholeMark(None, indicator.direction, reach, STATE[group.state] or "No figure", "")
    return gap_mark(gap, indicator, reach, DIFFERENCE[group.verdict])


def _bearing(group: CutGroup) -> WholeBearing:
    """A group's gap as a bearing: everyone else is its whole."""
    if group.verdict is Difference.NOT_COMPARED:
        return WholeBearing("", group.verdict, None, None, None, None, None, "")
    return WholeBearing("", group.verdict, None, group.gap, group.lower, group.upper, None, "")


def _months(first: Month, last: Month) -> str:
    if first == last:
        return last.words
    return f"{first.words.split()[0] if first.year == last.year else first.words} to {last.words}"
