"""What an analyst may mistype, and the library must not take for something else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from trigpoint.analysis import (
    compare,
    directly_standardised,
    funnel,
    indirectly_standardised,
    ranks,
    rate,
    run,
    spc,
)
from trigpoint.definitions.profile import SHIPPED

AREAS: dict[str, Any] = {"area": ["A"], "band": ["0-4"], "events": [1], "population": [9]}
COUNTS: dict[str, Any] = {"numerator": [5, 6, 40], "denominator": [100, 100, 100]}


@pytest.mark.parametrize("per", [math.nan, math.inf, 0, -1, "x"])
@pytest.mark.parametrize("front", [compare, ranks])
def test_a_multiplier_is_a_number_above_zero(front: Callable[..., object], per: object) -> None:
    with pytest.raises(ValueError, match=r"^per"):
        front(**COUNTS, per=per)


@pytest.mark.parametrize(
    ("front", "given", "said"),
    [
        (funnel, {**COUNTS, "confidence": 0.95}, "confidence is 0.95, not a sequence of levels"),
        (funnel, {**COUNTS, "confidence": ["x"]}, "confidence[0] is 'x'"),
        (ranks, {**COUNTS, "confidence": "x"}, "confidence is x, not a share between 0 and 1"),
        (directly_standardised, {**AREAS, "standard": None}, "standard is None, not a mapping"),
        (indirectly_standardised, {**AREAS, "reference": None}, "reference is None, not a mapping"),
        (spc, {"data": [1.0] * 20, "least": "x"}, "least is 'x'"),
        (
            spc,
            {"data": [1.0] * 20, "standard": math.nan, "sense": "at_least"},
            "standard[0] is None, missing",
        ),
    ],
)
def test_a_mistyped_option_is_named(front: Callable[..., object], given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        front(**given)


def test_a_pattern_of_all_periods_has_none_since_when_it_holds() -> None:
    """What a run chart's crossings say is of all months: no month is named."""
    of_levels = [1, 2] * 6 + [8, 9] * 6 + [1, 2, 1]
    crossings_alone = SHIPPED["anhoej"].model_copy(update={"long_run": False})
    drawn = run([value + at % 3 / 10 for at, value in enumerate(of_levels)], profile=crossings_alone)
    row = drawn.summary.to_pylist()[0]
    assert (row["rule"], row["since"]) == ("few_crossings", None)
    assert "(low): few crossings." in row["sentence"]


def test_nothing_happens_to_nobody() -> None:
    with pytest.raises(ValueError, match=r"^events\[0\] is 3, counted where population is 0"):
        rate(events=[3, 1, 2], population=[0, 10, 10])
