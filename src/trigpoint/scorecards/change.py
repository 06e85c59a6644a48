"""Why a figure is a signal: which rule, and since when, as a clause of a plain sentence."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.analysis.finding import Finding, Rule, Variation
from trigpoint.definitions.profile import ChartKind
from trigpoint.scorecards.runs import MANY, months_in_words, side_run, trend_run

LONG = 7
"""From so many months on, a run is told by their number; a shorter one by when it began."""
PATTERNS = {
    Rule.ALTERNATING: "up and down by turns, more regularly than chance alone explains",
    Rule.HUGGING: "closer to its average than chance alone explains",
    Rule.AVOIDING: "never near its average, on both sides",
    Rule.FEW_CROSSINGS: "crossing its median more seldom than chance alone explains",
}
"""Patterns that point neither up nor down, and so are neither good nor bad."""
_HIGH = frozenset({Variation.IMPROVEMENT_HIGH, Variation.CONCERN_HIGH, Variation.NEUTRAL_HIGH})


def change(finding: Finding, run: Sequence[Finding]) -> tuple[str, ...]:
    """Ways to say what fired, the fullest first. ``run`` ends with the finding, oldest first."""
    past, high = finding.past, finding.past.variation in _HIGH
    since = f"since {past.since.words}" if past.since is not None else ""
    plain = f"{'higher' if high else 'lower'} than chance alone explains"
    if past.rule in PATTERNS:
        return (PATTERNS[past.rule],)
    if past.rule in (Rule.SHIFT, Rule.LONG_RUN):
        return _on_one_side(finding, run, high, since, plain)
    if past.rule is Rule.TREND:
        count, way = trend_run(run), "rising" if high else "falling"
        return (f"{way} for {months_in_words(count)}" if count >= LONG else f"{way} {since}".strip(), plain)
    if past.rule is Rule.TWO_OF_THREE:
        return ("two of the last three months are near the edge of the usual range", plain)
    if past.rule is Rule.FOUR_OF_FIVE:
        return (f"four of the last five months are well {'above' if high else 'below'} its average", plain)
    months = 1 if past.since is None else finding.month.index - past.since.index + 1
    when = "" if months < 2 else " for a second month" if months == 2 else f" {since}"
    return (f"{plain}{when}", plain)


def _on_one_side(
    finding: Finding, run: Sequence[Finding], high: bool, since: str, plain: str
) -> tuple[str, ...]:
    middle = "median" if finding.past.chart is ChartKind.RUN else "average"
    side, count = f"{'above' if high else 'below'} its {middle}", side_run(run)
    if count < LONG:
        return (f"{side} {since}".strip(), plain)
    running = f"{months_in_words(count)} running {side}"
    return (running if count < MANY else f"{side} for {months_in_words(count)}",)
