"""What a page says of the rules that drew its charts."""

from __future__ import annotations

import pytest

from tests.panels import catalogue
from trigpoint.definitions.profile import SHIPPED, RuleProfile
from trigpoint.publish.rules import rules


def said(profile: RuleProfile) -> dict[str, str]:
    return {line.label: line.words for line in rules([profile])}


def test_the_nhs_rules_in_words() -> None:
    assert said(SHIPPED["nhs-england"]) == {
        "Rule profile": "nhs-england, version 1. The rules of NHS England's Making Data Count tools",
        "Limits": "mean ± 2.66 × the mean moving range, no ranges left out; from 13 figures",
        "Outside the limits": "one figure beyond a limit",
        "A trend": "7 figures in a row, each higher (or each lower) than the one before",
        "Two of three near a limit": "two of three in a row beyond two thirds of the way to a limit, "
        "all on one side of the mean; one beyond a limit counts as one of the two",
        "A run on one side of the mean": "7 figures in a row on one side of the mean",
        "Where rules disagree": "the improvement is shown",
    }


def test_what_other_profiles_do_otherwise_is_said() -> None:
    dots = said(SHIPPED["plot-the-dots"])
    assert "ranges from 3.267 times their mean are left out, once" in dots["Limits"]
    assert dots["Where rules disagree"] == "the first rule in this order is shown"
    nelson = said(SHIPPED["nelson"])
    assert "of shares and rates, 3 sigma by the figure's denominator" in nelson["Limits"]
    assert "both on one side, the third anywhere" in nelson["Two of three near a limit"]
    assert said(SHIPPED["anhoej"])["Limits"] == "none: the median alone, from 12 figures"


@pytest.mark.parametrize("name", SHIPPED)
def test_the_rules_in_use_are_told_in_their_order_and_no_others(name: str) -> None:
    profile = SHIPPED[name]
    labels = list(said(profile))
    assert len(labels) == len(profile.in_use) + 3
    assert not [words for words in said(profile).values() if "None" in words or "{" in words]
    if name == "nelson":
        assert labels[2:5] == ["Outside the limits", "A run on one side of the mean", "A trend"]


def test_a_rule_that_is_off_is_not_told() -> None:
    quiet = "quiet: {based_on: nhs-england, version: 1, about: No trends, trend: none, warning: 0.7}"
    told = said(catalogue(profiles=quiet).profiles["quiet"])
    assert "A trend" not in told
    assert "beyond 0.7 of the way to a limit" in told["Two of three near a limit"]
