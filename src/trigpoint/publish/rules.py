"""A rule profile in plain words: its limits, its rules in order of weight, and what wins."""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint.analysis.finding import Rule
from trigpoint.definitions.profile import RuleProfile
from trigpoint.publish.mark import Line
from trigpoint.publish.words import RULE
from trigpoint.scorecards.method import rule_words, screening


def rules(profiles: Iterable[RuleProfile]) -> tuple[Line, ...]:
    """The rules of each profile that drew a chart, in words."""
    return tuple(line for profile in profiles for line in _lines(profile))


def _lines(profile: RuleProfile) -> Iterable[Line]:
    yield Line("Rule profile", f"{profile}. {profile.about}")
    yield Line("Limits", _limits(profile))
    for rule in map(Rule, profile.in_use):
        yield Line(f"{RULE[rule][0].upper()}{RULE[rule][1:]}", rule_words(rule, profile))
    shown = "the improvement" if profile.improvement_wins else "the first rule in this order"
    yield Line("Where rules disagree", f"{shown} is shown")


def _limits(profile: RuleProfile) -> str:
    """``mean ± 2.66 × the mean moving range, no ranges left out; from 13 figures``."""
    if profile.charts == "run":
        return f"none: the median alone, from {profile.minimum_points} figures"
    ranges = "no ranges left out" if profile.screening is None else screening(profile)
    said = f"{profile.centre} ± {profile.limit:.4g} × the {profile.spread} moving range, {ranges}"
    if profile.charts == "by_kind":
        said += f"; of shares and rates, {profile.sigmas:g} sigma by the figure's denominator"
    return f"{said}; from {profile.minimum_points} figures"
