"""Series of every kind judged twice, by the fast engine and by the slow reference, and compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from trigpoint.analysis.arrays import Bools, Floats, Ints
from trigpoint.analysis.finding import Rule, SeriesStatus, Variation
from trigpoint.analysis.history import NEVER
from trigpoint.analysis.past.latest import latest
from trigpoint.analysis.past.limits import STATUSES
from trigpoint.analysis.past.reference import Judged, Subgroups, judge
from trigpoint.analysis.past.rules import RULES, SIDELESS
from trigpoint.analysis.past.variation import NO_RULE, VARIATIONS, Sizes, chart
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import RULE_NAMES, ChartKind, RuleProfile

T = TypeVar("T")

ALTERATIONS: Mapping[str, Sequence[object]] = {
    "centre": ("mean", "median"),
    "spread": ("mean", "median"),
    "limit": (2.66, 3 / 1.128, 3.145, 2.0),
    "sigmas": (3.0, 2.0),
    "warning": (2 / 3, 0.5),
    "inner": (1 / 3, 0.25),
    "screening": (None, 3.267, 2.0),
    "minimum_points": (2, 5, 13),
    "minimum_ranges": (0, 1, 6),
    "gaps": ("break", "bridge"),
    "outside": (True, False),
    "shift": (None, 4, 7, 9),
    "trend": (None, 3, 5, 7),
    "ties": ("break", "pass"),
    "two_of_three": (True, False),
    "two_of_three_counts_outside": (True, False),
    "two_of_three_third": ("same_side", "any"),
    "two_of_three_flags": ("far", "all"),
    "four_of_five": (True, False),
    "alternating": (None, 4, 6, 14),
    "hugging": (None, 3, 6, 15),
    "avoiding": (None, 3, 5, 8),
    "long_run": (True, False),
    "few_crossings": (True, False),
    "turning_point": ("both", "next"),
    "order": tuple(tuple(RULE_NAMES[i:] + RULE_NAMES[:i]) for i in range(len(RULE_NAMES))),
    "improvement_wins": (True, False),
}
"""What a workspace's own profile may say, in place of one that ships."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Series, [series, months], that are drawn as one kind of chart under one profile."""

    kind: ChartKind
    profile: RuleProfile
    direction: Direction
    values: Floats
    segments: Ints
    excluded: Bools
    baseline: int | Bools | None = None
    sizes: Sizes | None = None

    def until(self, month: int) -> Batch:
        """The same as it was known then."""
        cut = slice(None), slice(0, month + 1)
        sizes, baseline = self.sizes, self.baseline
        if sizes is not None:
            deviations = None if sizes.deviations is None else sizes.deviations[cut]
            sizes = replace(sizes, of=sizes.of[cut], deviations=deviations)
        return replace(
            self,
            values=self.values[cut],
            segments=self.segments[cut],
            excluded=self.excluded[cut],
            baseline=baseline if baseline is None or isinstance(baseline, int) else baseline[cut],
            sizes=sizes,
        )


@dataclass(slots=True)
class Tally:
    """What was met: series by kind, segments by status, points judged, and those where each rule fired."""

    points: int = 0
    series: Counter[str] = field(default_factory=Counter)
    status: Counter[SeriesStatus] = field(default_factory=Counter)
    fired: Counter[tuple[Rule, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.points += other.points
        self.series.update(other.series)
        self.status.update(other.status)
        self.fired.update(other.fired)


def altered(profile: RuleProfile, chosen: Callable[[str, Sequence[object]], object]) -> RuleProfile:
    """A profile as a workspace might declare it: ``chosen`` picks for a field, or leaves it with ``...``."""
    changes: dict[str, Any] = {}
    for name, options in ALTERATIONS.items():
        if (choice := chosen(name, options)) is not Ellipsis:
            changes[name] = choice
    return profile.model_copy(update=changes)


def slowly(batch: Batch, row: int) -> list[Judged]:
    """The slow reference's judgement of one series."""
    sizes = batch.sizes
    return judge(
        _known(batch.values[row]),
        batch.segments[row].tolist(),
        batch.excluded[row].tolist(),
        batch.profile,
        batch.direction,
        batch.baseline if batch.baseline is None or isinstance(batch.baseline, int) else batch.baseline[row],
        kind=batch.kind,
        sizes=None
        if sizes is None
        else Subgroups(
            _known(sizes.of[row]),
            sizes.scale,
            None if sizes.deviations is None else _known(sizes.deviations[row]),
        ),
    )


def agree(batch: Batch) -> Tally:
    """Judge every month of a batch both ways. Fails at the first difference; returns what was met."""
    fast = chart(
        batch.values,
        batch.segments,
        batch.excluded,
        profile=batch.profile,
        direction=batch.direction,
        baseline=batch.baseline,
        kind=batch.kind,
        sizes=batch.sizes,
    )
    spread, found = fast.grid.spread, fast.limits
    lines = found.lines(fast.grid)
    words = [
        it.tolist()
        for it in (spread(found.status), spread(found.points), spread(found.used), fast.variation, fast.rule)
    ]
    order, bits = fast.signals.order, (fast.signals.high.tolist(), fast.signals.low.tolist())
    flags = {
        (row, month): _flags(order, high, low)
        for row, months in enumerate(zip(*bits, strict=True))
        for month, (high, low) in enumerate(zip(*months, strict=True))
    }
    tally = Tally()
    for row in range(len(batch.values)):
        slow = slowly(batch, row)
        tally.series[batch.kind] += 1
        tally.points += sum(one.variation is not Variation.NOT_ASSESSED for one in slow)
        starts = np.flatnonzero(fast.grid.first[row]).tolist()
        tally.status.update(slow[start].status for start in starts)
        for month, one in enumerate(slow):
            status, points, used, variation, rule = (of[row][month] for of in words)
            assert _words(status, points, used, variation, rule) == _said(one), describe(batch, row, month)
            assert flags[row, month] == one.fired, describe(batch, row, month)
            tally.fired.update(one.fired)
        drawn = np.stack([lines.centre[row], lines.lower[row], lines.upper[row]])
        _same_lines(drawn, slow, batch, row)
    return tally


def agree_on_the_latest(batch: Batch, row: Ints, month: Ints) -> None:
    """Each of these months as it was judged when it was the last, both ways."""
    fast = latest(
        batch.values,
        batch.segments,
        batch.excluded,
        row,
        month,
        profile=batch.profile,
        direction=batch.direction,
        baseline=batch.baseline,
        kind=batch.kind,
        sizes=batch.sizes,
    )
    for i, (r, m) in enumerate(zip(row.tolist(), month.tolist(), strict=True)):
        slow = slowly(batch.until(m), r)
        found = (fast.status[i], fast.points[i], fast.used[i], fast.variation[i], fast.rule[i])
        assert _words(*(int(it) for it in found)) == _said(slow[-1]), describe(batch, r, m)
        _same_lines(np.array([[fast.centre[i]], [fast.lower[i]], [fast.upper[i]]]), slow[-1:], batch, r)
        assert fast.since[i] == _since(slow, batch.segments[r].tolist()), describe(batch, r, m)


def _since(slow: Sequence[Judged], segments: Sequence[int]) -> int:
    """The first month of the unbroken run, since the last re-base, that says what the last one says."""
    last = len(slow) - 1
    if slow[last].variation in (Variation.COMMON, Variation.NOT_ASSESSED) or slow[last].rule in SIDELESS:
        return NEVER
    since = last
    while (
        since > 0
        and segments[since - 1] == segments[last]
        and slow[since - 1].variation is slow[last].variation
    ):
        since -= 1
    return since


def _known(row: Floats) -> list[float | None]:
    return [None if math.isnan(value) else value for value in row.tolist()]


def _flags(order: Sequence[Rule], high: int, low: int) -> frozenset[tuple[Rule, str]]:
    return frozenset(
        (rule, way)
        for place, rule in enumerate(order)
        for way, bits in (("up", high), ("down", low))
        if bits >> place & 1
    )


def _words(status: int, points: int, used: int, variation: int, rule: int) -> tuple[object, ...]:
    named = None if rule == NO_RULE else RULES[rule]
    return STATUSES[status], points, used, VARIATIONS[variation], named


def _said(one: Judged) -> tuple[object, ...]:
    return one.status, one.points, one.used, one.variation, one.rule


def _same_lines(found: Floats, slow: Sequence[Judged], batch: Batch, row: int) -> None:
    """Lines agree to a thousand millionth; near zero, to a tiny share of the height of the chart."""
    expected = np.array(
        [[math.nan if it is None else it for it in (one.mean, one.lower, one.upper)] for one in slow]
    ).T
    height = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
    same = np.isclose(found, expected, rtol=1e-9, atol=1e-11 * height, equal_nan=True)
    assert same.all(), f"{describe(batch, row)}\nfound {found}\nexpected {expected}"


def describe(batch: Batch, row: int, month: int | None = None) -> str:
    """One series of a batch, for whoever has to find out why the two differ."""
    baseline, sizes = batch.baseline, batch.sizes
    parts = {
        "month": month,
        "kind": batch.kind,
        "profile": batch.profile,
        "direction": batch.direction,
        "values": batch.values[row].tolist(),
        "segments": batch.segments[row].tolist(),
        "excluded": np.flatnonzero(batch.excluded[row]).tolist(),
        "baseline": baseline
        if baseline is None or isinstance(baseline, int)
        else np.flatnonzero(baseline[row]),
        "sizes": sizes and (sizes.of[row].tolist(), sizes.scale),
        "deviations": sizes and sizes.deviations is not None and sizes.deviations[row].tolist(),
    }
    return "\n".join(f"{name}: {value!r}" for name, value in parts.items())
