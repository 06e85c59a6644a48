"""What an analyst asks of a chart besides its figures: its kind, its rules, and what periods count for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from trigpoint.analysis.arrays import Bools, Ints
from trigpoint.analysis.library.layout import Layout
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import SHIPPED, ChartKind, RuleProfile
from trigpoint.terms.errors import nearest

Sense = Literal["at_least", "at_most"]
Kind = Literal["proportion", "rate"]
AS_ASKED = "as asked"
"""The reason for a chart that an analyst names."""
_ALIASES = {"xmr": "i", "x": "i", "p'": "p_prime", "u'": "u_prime", "x-bar": "xbar"}
_SENSES: Mapping[Direction, Sense] = {"up": "at_least", "down": "at_most"}


def profile_of(given: RuleProfile | str) -> RuleProfile:
    """A rule profile, by its name if it ships with Trigpoint."""
    if isinstance(given, RuleProfile):
        return given
    if given not in SHIPPED:
        raise ValueError(
            f"profile is {given!r}, which does not ship with Trigpoint. {nearest(str(given), SHIPPED)}"
        )
    return SHIPPED[given]


def kind_of(given: ChartKind | str) -> ChartKind:
    """A kind of chart by its name, as the field writes it: ``i`` or ``XmR``, ``p'`` or ``p_prime``."""
    name = str(given).casefold().replace("′", "'").replace("’", "'")
    name = _ALIASES.get(name, name)
    if name not in set(ChartKind):
        raise ValueError(f"chart is {given!r}, which is no kind of chart: {', '.join(ChartKind)}")
    return ChartKind(name)


def direction_of(improvement: str) -> Direction:
    """Which way is better."""
    if improvement not in get_args(Direction):
        raise ValueError(f"improvement is {improvement!r}: expected {', '.join(get_args(Direction))}")
    return improvement  # type: ignore[return-value]  # one of them


def sense_of(given: str | None, improvement: Direction) -> Sense:
    """On which side of a standard a figure has to be; where it is not said, the better side."""
    if given is None:
        if improvement not in _SENSES:
            raise ValueError(
                "standard= needs sense='at_least' or 'at_most', or improvement='up' or 'down': "
                "without either nobody knows which side of it is meant"
            )
        return _SENSES[improvement]
    if given not in get_args(Sense):
        raise ValueError(f"sense is {given!r}: expected {' or '.join(get_args(Sense))}")
    return given  # type: ignore[return-value]  # one of them


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What is decided about periods, [groups, places]: where limits start anew, which points are left
    out, and which set the limits."""

    segments: Ints
    excluded: Bools
    baseline: int | Bools | None

    @classmethod
    def of(cls, layout: Layout, rebase: object, exclude: object, baseline: object) -> Decided:
        return cls(_segments(layout, rebase), _excluded(layout, exclude), _baseline(layout, baseline))


def _segments(layout: Layout, rebase: object) -> Ints:
    """Limits start again at the first place that is not before the period that is named."""
    segments = np.zeros(layout.row.shape, dtype=np.int64)
    starts = {}
    for name, groups, given in _by_group("rebase", rebase, layout):
        number = layout.calendar.number(name, given)
        after = layout.there[groups] & (layout.number[groups] >= number)
        before = layout.there[groups] & (layout.number[groups] < number)
        if not (after.any(axis=1) & before.any(axis=1)).any():
            raise ValueError(f"{name} is {given!r}: no series has figures both before and from then on")
        starts[name] = groups, after
    for groups, after in starts.values():
        segments[groups] += after
    return segments


def _excluded(layout: Layout, exclude: object) -> Bools:
    out: Bools = np.zeros(layout.row.shape, dtype=np.bool_)
    for name, groups, given in _by_group("exclude", exclude, layout):
        number = layout.calendar.number(name, given)
        here = layout.there[groups] & (layout.number[groups] == number)
        if not here.any():
            raise ValueError(f"{name} is {given!r}, which is no period of the data")
        out[groups] |= here
    return out


def _baseline(layout: Layout, baseline: Any) -> int | Bools | None:
    if baseline is None:
        return None
    if isinstance(baseline, int | np.integer) and not isinstance(baseline, bool):
        if baseline < 2:
            raise ValueError(f"baseline is {baseline}: limits need at least 2 points")
        return int(baseline)
    if (
        isinstance(baseline, str | bytes)
        or not isinstance(baseline, Iterable)
        or len(ends := [*baseline]) != 2
    ):
        raise ValueError(
            f"baseline is {baseline!r}: expected a number of points, or the first and the last period"
        )
    first, last = (layout.calendar.number(f"baseline[{at}]", end) for at, end in enumerate(ends))
    inside = layout.there & (layout.number >= first) & (layout.number <= last)
    if inside.sum() < 2:
        raise ValueError(f"baseline is {ends[0]!r} to {ends[1]!r}, in which there are fewer than 2 points")
    return np.asarray(inside)


def _by_group(argument: str, given: Any, layout: Layout) -> Iterator[tuple[str, Ints, object]]:
    """Each period that an argument names, with the groups that it is about: all, or those of a mapping."""
    everyone = np.arange(len(layout.groups))
    if not isinstance(given, Mapping):
        for at, item in enumerate(_several(given)):
            yield f"{argument}[{at}]", everyone, item
        return
    places = {name: at for at, name in enumerate(layout.groups.to_pylist())}
    for name, items in given.items():
        if name not in places:
            raise ValueError(
                f"{argument} names {name!r}, which is no group. {nearest(str(name), map(str, places))}"
            )
        for at, item in enumerate(_several(items)):
            yield f"{argument}[{name!r}][{at}]", everyone[[places[name]]], item


def _several(given: Any) -> list[object]:
    if given is None:
        return []
    return [given] if isinstance(given, str | bytes) or not isinstance(given, Iterable) else [*given]
