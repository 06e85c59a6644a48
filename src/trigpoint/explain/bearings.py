"""What judged a figure: its standards, its whole, its past and its peers, in words."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from pathlib import Path

from trigpoint.analysis.finding import Finding, PastBearing, Series, SeriesStatus
from trigpoint.analysis.past.proposals import FAR
from trigpoint.analysis.peers.among import Among
from trigpoint.analysis.proposal import Weighed
from trigpoint.definitions.chart_choice import chart_for
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.profile import ChartKind, RuleProfile
from trigpoint.explain.numbers import exact, worked_out
from trigpoint.scorecards.method import from_which_points, rule_words
from trigpoint.scorecards.rebase import consider, why_not


def of_standards(finding: Finding) -> Iterator[str]:
    """What was required, and how far the figure is from it."""
    for bearing in finding.standards:
        kind = "trajectory" if bearing.trajectory else "standard"
        tolerance = "" if bearing.tolerance is None else f", tolerance {exact(bearing.tolerance)}"
        yield (
            f"{bearing.name}: {bearing.sense.replace('_', ' ')} {exact(bearing.required)} "
            f"({bearing.set_by} {kind}{', primary' if bearing.primary else ''}{tolerance})"
        )
        judged = bearing.attainment.replace("_", " ")
        if bearing.distance is not None:
            side = "to spare" if bearing.distance >= 0 else "short"
            running = f"{bearing.streak} month{'s' * (bearing.streak != 1)} running"
            judged += f", {worked_out(abs(bearing.distance))} {side}, {running}"
        yield f"   {judged}"


def of_whole(it: Indicator, finding: Finding) -> Iterator[str]:
    """How far it is from the whole that it is part of."""
    whole = finding.whole
    if whole.reason:
        yield f"{whole.unit}: {whole.reason}" if whole.unit else whole.reason
    if (
        whole.value is None
        or whole.share is None
        or whole.difference is None
        or whole.lower is None
        or whole.upper is None
    ):
        return
    lower, upper = worked_out(whole.lower), worked_out(whole.upper)
    yield f"{whole.unit}: {exact(whole.value)}"
    yield f"difference {worked_out(whole.difference)}, 95% interval {lower} to {upper}"
    yield f"the interval of its difference from the rest, {_METHODS[it.chance]},"
    yield f"times 1 - {worked_out(whole.share)}, its share of the whole's denominator"
    yield f"verdict: {whole.verdict.replace('_', ' ')}"


_METHODS = {
    "proportion": "by Newcombe's hybrid score method",
    "rate": "by MOVER from Byar's mid-P limits",
    None: "",
}


def of_past(it: Indicator, finding: Finding, drawn: Series, profile: RuleProfile) -> Iterator[str]:
    """Its control chart: what the limits were made of, and the rule that fired."""
    past, (_, reason) = finding.past, chart_for(it, profile)
    yield f"rule profile {past.profile}; series: {past.status.replace('_', ' ')}, {past.points} figures"
    if past.status is SeriesStatus.ROLLING:
        yield "Rolling figures are not put on a control chart, because neighbours share months."
        return
    yield reason
    for start in drawn.breaks:
        yield f"limits start again in {start.month.words} ({start.kind}): {start.reason}"
    for point in drawn.points:
        if point.excluded:
            yield f"{point.month.words} is left out of the limits, by decision"
    if past.limits_from is not None:
        yield f"figures since {past.limits_from.words}"
    if past.mean is not None:
        yield f"{past.centre} {worked_out(past.mean)}"
    if past.lower is not None and past.upper is not None:
        yield f"limits {worked_out(past.lower)} to {worked_out(past.upper)}, {from_which_points(past)}"
        yield from _ranges(past, profile)
    yield f"variation: {past.variation.replace('_', ' ')}; assurance: {past.assurance.replace('_', ' ')}"
    if past.rule is not None and past.since is not None:
        yield f"rule that fired: {rule_words(past.rule, profile)}, since {past.since.words}"


def _ranges(past: PastBearing, profile: RuleProfile) -> Iterator[str]:
    """The moving range that the limits of an XmR chart were made of."""
    if past.chart is ChartKind.I and past.mean is not None and past.upper is not None:
        size = worked_out((past.upper - past.mean) / profile.limit)
        yield f"the {profile.centre} ± {profile.limit:.4g} x the {profile.spread} moving range, {size}"


def of_rebase(it: Indicator, drawn: Series, workspace: Path, profile: RuleProfile) -> Iterator[str]:
    """What is proposed, how far apart the two levels are, and the command; or why nothing is."""
    if drawn.past.status is SeriesStatus.ROLLING:
        yield "Nothing to re-base: there are no limits."
        return
    weighed, folder = drawn.proposal, shlex.quote(str(workspace))
    yield from consider(it, drawn) or (f"None is proposed. {why_not(drawn, profile.run)}",)
    if weighed.distance is not None and math.isfinite(weighed.distance):
        yield f"the two levels lie {worked_out(weighed.distance)} standard errors apart (asked: {FAR})"
    if weighed.verdict is Weighed.PROPOSED and weighed.month is not None:
        yield f"trigpoint decide rebase {drawn.indicator} -w {folder} --unit {drawn.unit} \\"
        yield f'   --month {weighed.month} --reason "What changed, and why it will last" --by "Name, role"'


def of_peers(finding: Finding, placed: Among) -> Iterator[str]:
    """Its place among its peers, and on their funnel."""
    peers = finding.peers
    if peers.reason:
        yield peers.reason
    if peers.median is not None and peers.lower_quartile is not None and peers.upper_quartile is not None:
        yield f"{peers.group}: {peers.reporting} of {peers.members} have a figure"
        lower, upper = worked_out(peers.lower_quartile), worked_out(peers.upper_quartile)
        yield f"median {worked_out(peers.median)}, quartiles {lower} and {upper}"
    if peers.rank is not None:
        yield f"rank {peers.rank} of {peers.reporting}, quarter {peers.quarter} (4 is the best)"
    if placed.likely is not None and placed.funnel is not None:
        drawn, at = placed.funnel, placed.place
        yield f"likely range of the rank {placed.likely[0]} to {placed.likely[1]}"
        for level, lower, upper in zip(drawn.confidence, drawn.lower[:, at], drawn.upper[:, at], strict=True):
            yield f"{100 * level:.4g}% limits for its size {worked_out(lower)} to {worked_out(upper)}"
        widened = f", over-dispersion {drawn.phi:.2f} allowed for" if drawn.adjusted else ""
        yield f"about {worked_out(drawn.target)}, method {drawn.method}{widened}"
