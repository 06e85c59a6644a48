"""A rule profile in plain words: its limits, its rules in order of weight, and what wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trigpoint.definitions.profile import RuleName, RuleProfile
from trigpoint.publish.mark import Line

_NAMES: Mapping[RuleName, str] = {
    "outside": "Outside the limits",
    "trend": "A trend",
    "two_of_three": "Two of three near a limit",
    "shift": "A run on one side of the {centre}",
    "four_of_five": "Four of five beyond one sigma",
    "alternating": "Up and down by turns",
    "hugging": "Close to the {centre}",
    "avoiding": "Away from the {centre}",
    "long_run": "An unusually long run",
    "few_crossings": "Unusually few crossings",
}
_WORDS: Mapping[RuleName, str] = {
    "outside": "one figure beyond a limit",
    "trend": "{trend} figures in a row, each higher (or each lower) than the one before",
    "two_of_three": "two of three in a row beyond {two} of the way to a limit, {third}; "
    "one beyond a limit {beyond}",
    "shift": "{shift} figures in a row",
    "four_of_five": "four of five in a row beyond {one} of the way to a limit, on one side of the {centre}",
    "alternating": "{alternating} figures in a row, each step the other way than the one before",
    "hugging": "{hugging} figures in a row within {one} of the way to a limit",
    "avoiding": "{avoiding} figures in a row, on both sides, none within {one} of the way to a limit",
    "long_run": "on one side of the {centre}, longer than chance would have it for so many figures",
    "few_crossings": "of the {centre}, fewer than in 5% of series in which nothing changed",
}
_SHARES = {1 / 3: "one third", 2 / 3: "two thirds"}


def rules(profiles: Iterable[RuleProfile]) -> tuple[Line, ...]:
    """The rules of each profile that drew a chart, in words."""
    return tuple(line for profile in profiles for line in _lines(profile))


def _lines(profile: RuleProfile) -> Iterable[Line]:
    said = {
        **profile.model_dump(),
        "one": _share(profile.inner),
        "two": _share(profile.warning),
        "third": f"all on one side of the {profile.centre}"
        if profile.two_of_three_third == "same_side"
        else "both on one side, the third anywhere",
        "beyond": "counts as one of the two" if profile.two_of_three_counts_outside else "does not count",
    }
    yield Line("Rule profile", f"{profile}. {profile.about}")
    yield Line("Limits", _limits(profile))
    for rule in profile.in_use:
        yield Line(_NAMES[rule].format_map(said), _WORDS[rule].format_map(said))
    shown = "the improvement" if profile.improvement_wins else "the first rule in this order"
    yield Line("Where rules disagree", f"{shown} is shown")


def _limits(profile: RuleProfile) -> str:
    """``mean ± 2.66 × the mean moving range, no ranges left out; from 13 figures``."""
    if profile.charts == "run":
        return f"none: the median alone, from {profile.minimum_points} figures"
    ranges = "no ranges left out"
    if profile.screening is not None:
        ranges = f"ranges from {profile.screening:g} times their mean left out, once"
    said = f"{profile.centre} ± {profile.limit:.4g} × the {profile.spread} moving range, {ranges}"
    if profile.charts == "by_kind":
        said += f"; of shares and rates, {profile.sigmas:g} sigma by the month's denominator"
    return f"{said}; from {profile.minimum_points} figures"


def _share(of_the_way: float) -> str:
    return _SHARES.get(of_the_way, f"{of_the_way:.3g}")
