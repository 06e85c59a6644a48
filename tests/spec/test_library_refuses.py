"""What an analyst may mistype, and the library must not take for something else."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from trigpoint.analysis import compare, ranks, rate

COUNTS = {"numerator": [5, 6, 40], "denominator": [100, 100, 100]}


@pytest.mark.parametrize("per", [math.nan, math.inf, 0, -1, "x"])
@pytest.mark.parametrize("front", [compare, ranks])
def test_a_multiplier_is_a_number_above_zero(front: Callable[..., object], per: object) -> None:
    with pytest.raises(ValueError, match=r"^per"):
        front(**COUNTS, per=per)


def test_nothing_happens_to_nobody() -> None:
    with pytest.raises(ValueError, match=r"^events\[0\] is 3, counted where population is 0"):
        rate(events=[3, 1, 2], population=[0, 10, 10])
