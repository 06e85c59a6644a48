"""How a chart's limits were set and which rules judge it, in words that stand under every chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from trigpoint.analysis.finding import PastBearing, Rule
from trigpoint.definitions.profile import ChartKind, RuleProfile

SIZED = "what each month is out of"


def how_limits_are_set(kind: ChartKind, profile: RuleProfile) -> str:
    """``XmR chart. Limits are the mean ± 2.66 × the mean moving range``, without a full stop."""
    return f"{kind.words}. {_METHODS[kind](profile)}"


def from_which_points(past: PastBearing) -> str:
    """``from 19 points``, ``from 12 of 30 points``: those that set the limits."""
    every = "point" if past.points == 1 else "points"
    return (
        f"from {past.used} of {past.points} {every}"
        if past.used < past.points
        else f"from {past.used} {every}"
    )


def rule_words(rule: Rule, profile: RuleProfile) -> str:
    """What has to happen for a rule to fire: ``7 figures in a row on one side of the centre``."""
    return _RULES[rule](profile)


def rules_in_use(profile: RuleProfile) -> Iterator[tuple[Rule, str]]:
    """Each rule that can fire, the weightiest first, and what has to happen."""
    for name in profile.in_use:
        yield Rule(name), rule_words(Rule(name), profile)


def _individuals(profile: RuleProfile) -> str:
    screened = "" if profile.screening is None else f" ({screening(profile)})"
    moving = f"{profile.limit:.4g} × the {profile.spread} moving range{screened}"
    return f"Limits are the {profile.centre} ± {moving}"


def screening(profile: RuleProfile) -> str:
    """``ranges from 3.267 times their mean are left out, once``."""
    return f"ranges from {profile.screening:g} times their {profile.spread} are left out, once"


def _sigmas(profile: RuleProfile, of: str) -> str:
    return f"Limits are the mean ± {profile.sigmas:g} sigma {of}"


_CHANCE = f"of chance alone, by {SIZED}"
_BEYOND = f"by {SIZED}, widened (or narrowed) by how far months stray from chance alone"
_METHODS: Mapping[ChartKind, Callable[[RuleProfile], str]] = {
    ChartKind.RUN: lambda _: "No limits; the line is the median",
    ChartKind.I: _individuals,
    ChartKind.MR: lambda of: f"The upper limit is {1.089 * of.sigmas:.4g} × the mean moving range",
    ChartKind.P: lambda of: _sigmas(of, f"{_CHANCE} (binomial)"),
    ChartKind.P_PRIME: lambda of: _sigmas(of, f"{_BEYOND} (Laney)"),
    ChartKind.U: lambda of: _sigmas(of, f"{_CHANCE} (Poisson)"),
    ChartKind.U_PRIME: lambda of: _sigmas(of, f"{_BEYOND} (Laney)"),
    ChartKind.C: lambda of: f"Limits are the mean ± {of.sigmas:g} times its square root (Poisson)",
    ChartKind.G: lambda of: f"The line is the median; limits are the mean ± {of.sigmas:g} sigma (geometric)",
    ChartKind.T: lambda of: f"{_individuals(of)}, of times to the power of 1 / 3.6",
    ChartKind.XBAR: lambda of: _sigmas(of, "of a month's mean, by the spread within months"),
    ChartKind.S: lambda of: _sigmas(of, "of a month's standard deviation"),
}


def _two_of_three(profile: RuleProfile) -> str:
    third = "on one side of the centre, " if profile.two_of_three_third == "same_side" else ""
    beyond = "" if profile.two_of_three_counts_outside else ", none of the two beyond it"
    return (
        f"of three figures in a row, {third}two nearer a limit than {profile.warning:.0%} of the way{beyond}"
    )


_RULES: Mapping[Rule, Callable[[RuleProfile], str]] = {
    Rule.OUTSIDE: lambda _: "a figure outside the limits",
    Rule.TREND: lambda of: f"{of.trend} figures in a row, each higher (or each lower) than the one before",
    Rule.TWO_OF_THREE: _two_of_three,
    Rule.SHIFT: lambda of: f"{of.shift} figures in a row on one side of the centre",
    Rule.FOUR_OF_FIVE: lambda of: (
        f"of five figures in a row, four further from the centre than {of.inner:.0%} of the way to a limit"
    ),
    Rule.ALTERNATING: lambda of: f"{of.alternating} figures in a row that go up and down by turns",
    Rule.HUGGING: lambda of: (
        f"{of.hugging} figures in a row no further from the centre than {of.inner:.0%} of the way to a limit"
    ),
    Rule.AVOIDING: lambda of: (
        f"{of.avoiding} figures in a row, on both sides, all further from the centre than {of.inner:.0%} "
        "of the way to a limit"
    ),
    Rule.LONG_RUN: lambda _: (
        "more figures in a row on one side of the median than log2 of their number, and 3"
    ),
    Rule.FEW_CROSSINGS: lambda _: "fewer crossings of the median than 1 in 20 series would have by chance",
}
