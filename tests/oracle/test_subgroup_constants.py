"""The constants of charts of subgroups: published tables for small ones, exact arithmetic for large ones."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from trigpoint.analysis.past.kinds import short
from trigpoint.analysis.past.reference_kinds import c4

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")

TABLE = {
    # n: c4, A3, B3, B4, as Montgomery's appendix prints them
    2: (0.7979, 2.659, 0, 3.267),
    3: (0.8862, 1.954, 0, 2.568),
    4: (0.9213, 1.628, 0, 2.266),
    5: (0.9400, 1.427, 0, 2.089),
    10: (0.9727, 0.975, 0.284, 1.716),
    15: (0.9823, 0.789, 0.428, 1.572),
    25: (0.9896, 0.606, 0.565, 1.435),
}


@pytest.mark.parametrize("size", TABLE)
def test_they_are_as_printed(size: int) -> None:
    unbiased = 1 - float(short(np.array(float(size))))
    spread = 3 * math.sqrt(1 - unbiased**2) / unbiased
    found = (unbiased, 3 / (unbiased * math.sqrt(size)), max(1 - spread, 0), 1 + spread)
    places = (4, 3, 3, 3)
    assert tuple(round(it, at) for it, at in zip(found, places, strict=True)) == TABLE[size]


def exactly_short(size: int) -> float:
    """1 - c4 from whole numbers: both gammas are factorials, and one of them times √π."""
    with localcontext() as context:
        context.prec = 50
        half = size // 2
        if size % 2 == 0:
            ratio = Decimal(4 ** (half - 1)) / (Decimal(math.comb(size - 2, half - 1)) * PI.sqrt())
        else:
            ratio = Decimal(math.comb(size - 1, half) * half) * PI.sqrt() / Decimal(4**half)
        return float(1 - (Decimal(2) / (size - 1)).sqrt() * ratio)


@pytest.mark.parametrize("size", [*range(2, 130), 999, 1000, 5001, 100_000])
def test_they_are_exact_however_large_the_subgroup(size: int) -> None:
    """A hospital's length of stay is a mean of thousands: there 1 - c4 is a few ten-thousandths."""
    exact = exactly_short(size)
    assert float(short(np.array(float(size)))) == pytest.approx(exact, rel=1e-11)
    assert 1 - c4(size) == pytest.approx(exact, rel=1e-7)
