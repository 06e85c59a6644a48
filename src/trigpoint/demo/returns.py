"""Returns in long CSV files: item, unit, month and count, with all that real returns lack or get wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from trigpoint.demo.organisation import Team, Tree, team_code
from trigpoint.demo.returned import OF_TEAMS, WARDS, Pair
from trigpoint.demo.stays import nights, stays
from trigpoint.demo.timeline import MONTHS, Floats, Ints, chance, place
from trigpoint.demo.truths import DESIGNATED, PHARMACY_DOWN, SWAPPED_MONTH, SWAPPED_TEAM, Truth, truths
from trigpoint.terms.period import Month

Row = tuple[str, str, str, str]
"""Month, unit, figure, count."""
Figures = Mapping[str, Ints]
"""Item -> counts, [units, months]; below zero where there is none."""
ABSENT = -1
SMALL_TEAM = 0.008
RESTATED = Month(2026, 8)
"""The month whose returns came a second time."""
AT_FIRST = 0.7
"""The share of August's urgent responses that its first return held."""
BLANK = ("medicines_reconciled", "medicines_due", team_code(9, 2), Month(2026, 3))
"""A ward that left two cells blank."""


@cache
def team_figures(seed: int, tree: Tree) -> Figures:
    """What teams would return if nothing went wrong on the way, and the planted truths."""
    stream = chance(seed, "team returns")
    found: dict[str, Ints] = {}
    for designated in DESIGNATED:
        told = [truth for truth in truths(seed, tree) if truth.indicator == designated.indicator]
        sizes = _sizes(stream, tree, designated.size)
        level = _levels(designated.level, sizes, tree.units, told)
        found[designated.numerator] = stream.binomial(sizes, level)
        found[designated.denominator] = sizes
    for pair in OF_TEAMS:
        found |= pair_counts(stream, pair, [team.kind for team in tree.units], _small(tree))
    _mishaps(found, [team.code for team in tree.units])
    return found | _beds(seed, tree, stream)


def _mishaps(found: dict[str, Ints], codes: Sequence[str]) -> None:
    """Two counts that changed places at one team, and a month in which the pharmacies' system stood still."""
    team, month = codes.index(SWAPPED_TEAM), place(SWAPPED_MONTH)
    found["supervision_held"][team, month] = found["supervision_due"][team].max()
    found["supervision_due"][team, month] = found["supervision_held"][team, month] * 4 // 5
    down = place(PHARMACY_DOWN)
    held = found["medicines_reconciled"]
    held[:, down] = np.where(held[:, down] > 0, held[:, down] * 55 // 100, held[:, down])


def _small(tree: Tree) -> Floats:
    small = tree.event("small").units[0]
    return np.array([[SMALL_TEAM if team.code == small else 1.0] for team in tree.units])


def _sizes(stream: np.random.Generator, tree: Tree, size: float) -> Ints:
    """Denominators that hardly change from month to month."""
    usual = size * np.exp(stream.normal(0, 0.12, (len(tree.units), 1))) * _small(tree)
    wobble = 1 + stream.uniform(-0.03, 0.03, (len(tree.units), len(MONTHS)))
    return np.maximum(np.rint(usual * wobble), 1).astype(np.int64)


def _levels(level: float, sizes: Ints, teams: Sequence[Team], told: Sequence[Truth]) -> Floats:
    """Each team's true level in each month: its own, and moved by so many standard deviations of the series.

    The series' standard deviation is that of its sampling noise, sqrt(p (1 - p) / n).
    """
    found = np.full(sizes.shape, level)
    places = {team.code: i for i, team in enumerate(teams)}
    for truth in told:
        row = places[truth.unit]
        deviation = np.sqrt(level * (1 - level) / sizes[row].mean())
        found[row, place(truth.month) :] += truth.sign * truth.size * deviation
    return found


def pair_counts(
    stream: np.random.Generator, pair: Pair, kinds: Sequence[str], scale: Floats
) -> dict[str, Ints]:
    """Counts of one pair; ``ABSENT`` for units that do not return it, and in months when it is not due."""
    shape = (len(kinds), len(MONTHS))
    usual = pair.size * np.exp(stream.normal(0, 0.15, (len(kinds), 1))) * scale
    below = np.maximum(stream.poisson(np.broadcast_to(usual, shape)), 0)
    leaning = pair.level + stream.normal(0, pair.lean, (len(kinds), 1)) + stream.normal(0, pair.noise, shape)
    above = stream.binomial(below, np.clip(leaning, 0.01, 0.995))
    there = np.array([[not pair.kinds or kind in pair.kinds] for kind in kinds])
    due = np.array([month.number % pair.every == 0 for month in MONTHS])
    return {
        pair.numerator: np.where(there & due, above, ABSENT),
        pair.denominator: np.where(there & due, below, ABSENT),
    }


def _beds(seed: int, tree: Tree, stream: np.random.Generator) -> dict[str, Ints]:
    """Nights slept and nights on offer, and hours worked and planned, of the wards."""
    slept = nights(stays(seed, tree), tree).astype(np.int64)
    length = np.array([(month.end - month.start).days + 1 for month in MONTHS])
    beds = np.maximum(np.ceil((slept / length).mean(axis=1, keepdims=True) / 0.88), 4)
    planned = np.rint(beds * length * 6.1).astype(np.int64)
    worked = np.rint(planned * stream.normal(1.01, 0.05, slept.shape)).astype(np.int64)
    ward = np.array([[team.kind in WARDS] for team in tree.units])
    items = {"nights": slept, "nights_on_offer": (beds * length).astype(np.int64)}
    items |= {"hours_worked": worked, "hours_planned": planned}
    return {name: np.where(ward, counts, ABSENT) for name, counts in items.items()}


def team_rows(seed: int, tree: Tree, months: Sequence[Month], at_first: bool = False) -> Iterator[Row]:
    """The rows of the teams' return. ``at_first`` gives the restated month as it first came."""
    figures = team_figures(seed, tree)
    silent, silent_in = tree.event("silent").units[0], Month.of(tree.event("silent").day)
    for month in months:
        at = place(month)
        for i, team in enumerate(tree.units):
            if not team.first <= at <= team.last or (team.code, month) == (silent, silent_in):
                continue
            for item, counts in figures.items():
                count = int(counts[i, at])
                if count == ABSENT:
                    continue
                yield str(month), team.code, item, _cell(item, team.code, month, count, at_first, tree)


def _cell(item: str, unit: str, month: Month, count: int, at_first: bool, tree: Tree) -> str:
    """A count as it is sent: ``*`` for 1 to 4, a blank where nobody counted."""
    if (unit, month) == BLANK[2:] and item in BLANK[:2]:
        return ""
    if at_first and month == RESTATED and item == "ucr_within_2_hours":
        count = int(count * AT_FIRST)
    return "*" if 0 < count < 5 else str(count)
