"""How a chart's limits were set and which rules judge it, in words that stand under every chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trigpoint.analysis.finding import PastBearing, Rule
from trigpoint.definitions.profile import ChartKind, RuleProfile

SIZED = "what each figure is out of"


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
    """What has to happen for a rule to fire: ``7 figures in a row on one side of the mean``."""
    same = profile.two_of_three_third == "same_side"
    said = {
        **profile.model_dump(),
        "one": _share(profile.inner),
        "two": _share(profile.warning),
        "third": f"all on one side of the {profile.centre}"
        if same
        else "both on one side, the third anywhere",
        "beyond": "counts as one of the two" if profile.two_of_three_counts_outside else "does not count",
    }
    return _RULES[rule].format_map(said)


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
_BEYOND = f"by {SIZED}, widened (or narrowed) by how far figures stray from chance alone"
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
    ChartKind.XBAR: lambda of: _sigmas(of, "of a mean, by the spread within its figures"),
    ChartKind.S: lambda of: _sigmas(of, "of a standard deviation"),
}


_RULES: Mapping[Rule, str] = {
    Rule.OUTSIDE: "one figure beyond a limit",
    Rule.TREND: "{trend} figures in a row, each higher (or each lower) than the one before",
    Rule.TWO_OF_THREE: "two of three in a row beyond {two} of the way to a limit, {third}; "
    "one beyond a limit {beyond}",
    Rule.SHIFT: "{shift} figures in a row on one side of the {centre}",
    Rule.FOUR_OF_FIVE: "four of five in a row beyond {one} of the way to a limit, on one side",
    Rule.ALTERNATING: "{alternating} figures in a row, each step the other way than the one before",
    Rule.HUGGING: "{hugging} figures in a row within {one} of the way to a limit",
    Rule.AVOIDING: "{avoiding} figures in a row, on both sides, none within {one} of the way to a limit",
    Rule.LONG_RUN: "on one side of the {centre}, longer than chance would have it for so many figures",
    Rule.FEW_CROSSINGS: "of the {centre}, fewer than in 5% of series in which nothing changed",
}
_SHARES = {1 / 3: "one third", 2 / 3: "two thirds"}


def _share(of_the_way: float) -> str:
    return _SHARES.get(of_the_way, f"{of_the_way:.3g}")
