"""What is no funnel and no rank is refused: the fault names the argument, the position and what is there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigpoint.analysis.peers.dispersion import dispersion
from trigpoint.analysis.peers.funnel import fit, funnel
from trigpoint.analysis.peers.public_health import event_limits, proportion_limits, significance
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.analysis.peers.standing import quantiles

SIZES = [10, 20, 30]
COLUMNS: list[tuple[list[Any], list[Any], str]] = [
    ([1, 2], SIZES, "denominator has 3 figures and numerator 2: there is no numerator[2]"),
    ([1, 2, 3], [10, 20], "numerator has 3 figures and denominator 2: there is no denominator[2]"),
    ([1, -2, 3], SIZES, "numerator[1] is -2, below zero"),
    ([1, 2, 3], [10, 20, -30], "denominator[2] is -30, below zero"),
    ([1, 2, 3], [10, 0, 30], "denominator[1] is 0, not above zero"),
    ([1, 2, 31], SIZES, "numerator[2] is 31, above denominator"),
    ([math.inf, 2, 3], SIZES, "numerator[0] is inf, not a number"),
    ([1, 2, 3], [10, 20, math.inf], "denominator[2] is inf, not a number"),
    ([1, math.nan, 3], SIZES, "numerator[1] is nan, not a number"),
    ([1, 2, None], SIZES, "numerator[2] is None, not a number"),
    ([1, "two", 3], SIZES, "numerator[1] is 'two', not a number"),
    ([1, 2, 3], [10, "20", 30], "denominator[1] is '20', not a number"),
    ([[1], [2], [3]], SIZES, "numerator is not a column: it has 2 dimensions, not 1"),
    ([], [], "numerator is empty: there are no units"),
]


@pytest.mark.parametrize("of", [funnel, fit, likely_ranks])
@pytest.mark.parametrize(
    ("numerator", "denominator", "fault"), COLUMNS, ids=[fault for _, _, fault in COLUMNS]
)
def test_columns(of: Callable[..., object], numerator: list[Any], denominator: list[Any], fault: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole text is compared
        of(numerator, denominator)
    assert str(raised.value) == fault


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"kind": "share"}, "kind is 'share', not one of proportion, rate, standardised, counts"),
        ({"method": "best"}, "method is 'best', not one of exact, arcsine, shmi, cqc, log"),
        ({"method": "shmi"}, "method is 'shmi', which knows no kind 'proportion': use exact or arcsine"),
        ({"target": 80}, "target is 80, above 1: a proportion is a share, before it is multiplied by per"),
        ({"target": -0.1}, "target is -0.1, below zero"),
        ({"target": "80%"}, "target is '80%', not a number"),
        ({"per": 0}, "per is 0, not above zero"),
        ({"confidence": ()}, "confidence is empty: give at least one level, such as 0.95"),
        ({"confidence": (95,)}, "confidence[0] is 95, not between 0 and 1"),
        ({"confidence": (0.998, 0.95)}, "confidence[1] is 0.95, not above the level before it"),
        ({"units": ["A", "B"]}, "units has 2 names and numerator 3 figures"),
        ({"units": ["A", "B", "A"]}, "units[2] is 'A', which is named twice"),
        (
            {"kind": "counts", "method": "log", "target": 0},
            "target is 0, which the method 'log' has no logarithm of",
        ),
    ],
)
def test_options_of_a_funnel(how: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        funnel([1, 2, 3], SIZES, **how)
    assert str(raised.value) == fault


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (
            lambda: likely_ranks([1], [2], confidence=1.0),
            "confidence is 1.0, not a share between 0 and 1, such as 0.95",
        ),
        (lambda: likely_ranks([1], [2], draws=0), "draws is 0, not 1 or more"),
        (lambda: dispersion([1, 2], [1, 0]), "deviation[1] is 0, not above zero"),
        (lambda: dispersion([1, math.inf], [1, 1]), "score[1] is inf, not a number"),
        (lambda: dispersion([1, 2], [1]), "score has 2 figures and deviation 1: there is no deviation[1]"),
        (lambda: dispersion([1, 2], [1, 1], share=0.5), "share is 0.5, not from 0 up to 0.5"),
        (lambda: proportion_limits([0], 0.5), "population[0] is 0, not above zero"),
        (lambda: proportion_limits([10], 50), "baseline is 50, above 1"),
        (lambda: event_limits([3, 0]), "events[1] is 0, not above zero"),
        (lambda: significance([1, 3], [2, 2], "proportion"), "numerator[1] is 3, above denominator"),
        (lambda: quantiles([1, -math.inf]), "values[1] is -inf, not a number"),
        (lambda: quantiles([1, 2], 0), "groups is 0, not 1 or more"),
    ],
)
def test_other_arguments(asked: Callable[[], object], fault: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        asked()
    assert fault in str(raised.value)


def test_a_bad_funnel_is_refused_and_not_drawn_from_what_is_left() -> None:
    """One wrong cell of 300 refuses them all."""
    size = np.full(300, 100.0)
    for wrong in (math.nan, -1.0, 101.0):
        part = np.full(300, 50.0)
        part[217] = wrong
        with pytest.raises(ValueError, match=r"numerator\[217\]"):
            funnel(part, size)
