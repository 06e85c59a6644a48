"""Funnels of the hard cases, for the tests that draw them and the browser that looks at them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.web.charts import COUNT, PER_CENT
from trigpoint.publish.chart import Axis
from trigpoint.publish.document import Ranked, RankedLine, RankedUnit
from trigpoint.publish.funnel import FunnelChart, FunnelLimit, FunnelPoint
from trigpoint.publish.mark import Table

LEVELS = ((1.96, "95% limit", "95%"), (3.09, "99.8% limit", "99.8%"))
NAMES = (
    *("Avon Vale", "Blackmoor and Quantock", "Camel", "Dart", "Exe Valley Partnership", "Fowey"),
    *("Greater Mendip University Hospitals", "Hartland", "Isle Abbotts", "Jurassic Coast Care"),
)


def funnel(
    sizes: Sequence[float],
    values: Sequence[float],
    target: float,
    *,
    per: float = 100.0,
    spread: float = 0.0,
    ours: int = 0,
    names: Sequence[str] = NAMES,
    axis: Axis = PER_CENT,
    key: str = "f",
    **changes: Any,
) -> FunnelChart:
    """Units against limits by the normal approximation, with a standard deviation ``spread`` added."""

    def error(size: float) -> float:
        share = target / per
        chance = share * (1 - share) / size if axis.most is not None else share / size
        return per * math.sqrt(chance + spread**2)

    def beyond(size: float, value: float) -> int:
        away = (value - target) / error(size)
        return sum(abs(away) > z for z, _, _ in LEVELS) * (1 if away > 0 else -1)

    least, most = min(sizes), max(sizes)
    across = tuple(least + (most - least) * (i / 120) ** 2 for i in range(121))
    limits = tuple(
        FunnelLimit(
            words,
            short,
            tuple(target - z * error(size) for size in across),
            tuple(target + z * error(size) for size in across),
        )
        for z, words, short in LEVELS
    )
    points = tuple(
        FunnelPoint(
            name=names[i % len(names)] + (f" {i // len(names) + 1}" if i >= len(names) else ""),
            denominator=size,
            value=value,
            words=f"{value:.1f}{axis.suffix}",
            beyond=beyond(size, value),
            ours=i == ours,
        )
        for i, (size, value) in enumerate(zip(sizes, values, strict=True))
    )
    whole = FunnelChart(
        key=key,
        title=f"Funnel {key}",
        description="A case of the funnel.",
        points=points,
        target=target,
        target_words=f"Average {target:g}{axis.suffix}",
        across=across,
        limits=limits,
        axis=axis,
        size_axis=COUNT,
        size_words="Discharges in the month",
        words=(),
        table=Table("", (), (), frozenset()),
    )
    return replace(whole, **changes)


def _drawn(count: int, seed: int, spread: float, largest: int, target: float = 0.78) -> FunnelChart:
    """Units whose true shares differ by ``spread``."""
    rng = random.Random(seed)
    sizes = [round(largest * rng.random() ** 2) + 8 for _ in range(count)]
    values = []
    for size in sizes:
        true = min(max(rng.gauss(target, spread), 0.02), 0.99)
        values.append(100 * sum(rng.random() < true for _ in range(size)) / size)
    return funnel(sizes, values, 100 * target, ours=count // 2, key=f"of-{count}")


def _rate() -> FunnelChart:
    rng = random.Random(5)
    sizes = [round(rng.uniform(40, 2400)) for _ in range(60)]
    values = [max(0.0, rng.gauss(2.5, math.sqrt(2.5 / size + 0.1**2))) for size in sizes]
    return funnel(
        sizes, values, 2.5, per=1.0, spread=0.06, axis=COUNT, key="rate", size_words="1,000 bed days"
    )


HOSTILE = (
    '"><script>alert(1)</script>' * 3,
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch University Health Board",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "x",
)
FUNNELS: dict[str, Callable[[], FunnelChart]] = {
    "peers": lambda: _drawn(48, 1, 0.05, 190),
    "three-hundred": lambda: _drawn(300, 2, 0.03, 900),
    "outliers": lambda: _drawn(60, 3, 0.14, 700),
    "rate": _rate,
    "own-outlier": lambda: funnel([120, 80, 40, 300], [52.0, 80, 77, 78.5], 78, key="own-outlier"),
    "one": lambda: funnel([120], [81.0], 78, key="one"),
    "one-size": lambda: funnel([50.0] * 12, [78.0 + i for i in range(12)], 78, key="one-size"),
    "same-place": lambda: funnel([50.0] * 20, [60.0] * 20, 80, key="same-place"),
    "tiny": lambda: funnel([1, 2, 3, 4, 5], [0, 50, 100, 75, 80], 78, key="tiny"),
    "all-hundred": lambda: funnel([20, 60, 200, 500], [100.0] * 4, 99, key="all-hundred"),
    "huge": lambda: funnel(
        [2_000_000, 9_500_000, 14_000_000], [50.1, 49.9, 50.0], 50, key="huge", size_words="People " * 30
    ),
    "hostile": lambda: funnel(
        [100, 220, 300, 400, 500, 620],
        [40, 45, 95, 60, 62, 99],
        78,
        names=HOSTILE,
        key="hostile",
        title="<script>alert(1)</script>",
        target_words="Average <b>78%</b> " * 6,
    ),
    "no-limits": lambda: replace(
        funnel([30, 60, 90], [70, 80, 90], 80, key="no-limits"), limits=(), across=()
    ),
    "nobody": lambda: replace(funnel([30], [70], 80, key="nobody"), points=()),
}
"""Each hard case by its name."""


def peers_in_order(count: int, ours: int = 0, names: Sequence[str] = NAMES) -> Ranked:
    """Peers by their figure, each with its interval and the likely range of its rank."""
    rng = random.Random(count)
    figures = sorted((round(rng.gauss(78, 7), 1) for _ in range(count)), reverse=True)
    units = tuple(
        RankedUnit(
            name=f"{names[i % len(names)]} {i // len(names) + 1}",
            value=value,
            lower=value - rng.uniform(1, 9),
            upper=value + rng.uniform(1, 9),
            differs=abs(value - 78) > 8,
            counted=f"{max(1, i - 5)} to {min(count, i + 8)}",
            words=f"{value:.1f}%",
            address="",
            ours=i == ours,
        )
        for i, value in enumerate(figures)
    )
    return Ranked(
        key=f"peers-{count}",
        title="Followed up within 72 hours: mental health trusts in September 2026",
        description="In order.",
        units=units,
        whole=RankedLine("Average 78.0%", 78),
        standard=RankedLine("Standard 80%", 80, -1),
        axis=PER_CENT,
        without=(),
        words=(),
        table=Table("", (), (), frozenset()),
        peers=True,
        counted="Likely rank",
    )
