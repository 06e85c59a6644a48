"""What the records of all tables share: who is active when, and a table as it was known at a month's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import UNKNOWN, Team, Tree
from trigpoint.demo.people import CODES
from trigpoint.demo.timeline import EARLIEST, FIRST, NEVER, NEXT, Bools, Days, Floats, Ints, day, place
from trigpoint.terms.period import Month

Strings = npt.NDArray[np.str_]
SEASON = (1.03, 1.0, 1.02, 0.97, 0.99, 1.01, 1.0, 0.92, 1.03, 1.05, 1.02, 0.88)
"""A month's share of work, from January on."""
SMALL = 0.08
"""The size of the team that is too small to show, beside others of its kind."""
MISPLACED = 12
"""Records of a table that came with a code that nobody knows."""


def rates(
    tree: Tree, months: Sequence[Month], usual: Mapping[str, float], stream: np.random.Generator
) -> Floats:
    """How many records each team has on average in each month, [teams, months].

    By its kind and the season, larger or smaller by team; nothing outside its life, and after a
    merger with those of the team that was taken over.
    """
    size = np.exp(stream.normal(0, 0.18, len(tree.units)))
    base = np.array([usual[team.kind] for team in tree.units]) * size
    grid = np.outer(base, [SEASON[month.number - 1] for month in months])
    at = np.array([place(month) for month in months])
    first = np.array([team.first or -999 for team in tree.units])
    last = np.array([team.last for team in tree.units])
    codes = [team.code for team in tree.units]
    merged, heir = (codes.index(code) for code in tree.event("merged").units)
    grid[codes.index(tree.event("small").units[0])] *= SMALL
    grid[heir] += np.where(at > last[merged], grid[merged], 0)
    return np.where((at >= first[:, None]) & (at <= last[:, None]), grid, 0.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """Records with a team and a month each: places in the tree's teams and in ``months``."""

    teams: tuple[Team, ...]
    months: tuple[Month, ...]
    team: Ints
    month: Ints

    @classmethod
    def drawn(
        cls, tree: Tree, months: tuple[Month, ...], usual: Mapping[str, float], stream: np.random.Generator
    ) -> Placed:
        counts = stream.poisson(rates(tree, months, usual, stream))
        team, month = np.indices(counts.shape).reshape(2, -1)
        order = np.argsort(month, kind="stable")  # month by month, as a system numbers its records
        team, month, many = team[order], month[order], counts.ravel()[order]
        return cls(tree.units, months, np.repeat(team, many), np.repeat(month, many))

    @property
    def kinds(self) -> Strings:
        return np.array([team.kind for team in self.teams])[self.team]

    @property
    def codes(self) -> Strings:
        return np.array([team.code for team in self.teams])[self.team]

    @property
    def calendar(self) -> Ints:
        """``Month.index`` of each record."""
        return np.array([month.index for month in self.months])[self.month]

    def days(self, stream: np.random.Generator) -> Days:
        """A day of its month for each record."""
        start = np.array([day(month.start) for month in self.months])[self.month]
        length = np.array([(month.end - month.start).days + 1 for month in self.months])[self.month]
        return np.asarray(start + np.floor(stream.random(len(self.team)) * length).astype(np.int64))


def by_kind(read: Mapping[str, float], kinds: Strings) -> Floats:
    """Something about each record's kind of team."""
    names, which = np.unique(kinds, return_inverse=True)
    return np.array([read[str(name)] for name in names])[which]


WITH_REFERRALS = {name: kind.referrals for name, kind in KINDS.items()}
WITH_CONTACTS = {name: kind.contacts for name, kind in KINDS.items()}
WITH_BEDS = {name: kind.beds.admissions if kind.beds else 0.0 for name, kind in KINDS.items()}
LONG = tuple(EARLIEST.through(NEXT))


def misplaced(codes: Strings, days: Days, tree: Tree, stream: np.random.Generator) -> Strings:
    """A dozen records of the month in which they came with a code that nobody knows."""
    month = Month.of(tree.event("unknown").day)
    within = np.flatnonzero((days >= day(month.start)) & (days <= day(month.end)))
    chosen = stream.choice(within, min(MISPLACED, len(within)), replace=False)
    codes = codes.copy()
    codes[chosen] = UNKNOWN
    return codes


def lasting(began: Days, ended: Days) -> Bools:
    """The records that began in the first month or later, or ended no more than a month before it."""
    first = day(FIRST.start)
    return np.asarray((began >= first) | (ended >= first - 31))


def dates(days: Days) -> pa.Array:
    """Dates, blank where it has not happened."""
    known = days != NEVER
    return pa.array(np.where(known, days, 0).astype("datetime64[D]"), pa.date32(), mask=~known)


def texts(codes: Sequence[str], places: Ints) -> pa.Array:
    """Codes by their places; an empty one is blank."""
    return pa.array([code or None for code in codes], pa.string()).take(pa.array(places))


def described(people: Mapping[str, Ints]) -> dict[str, pa.Array]:
    """The columns by which people are told apart."""
    return {name: texts(CODES[name], places) for name, places in people.items()}


def numbered(letter: str, count: int) -> pa.Array:
    """Keys in the order of the records."""
    return pa.array(np.char.add(letter, np.char.zfill(np.arange(1, count + 1).astype(str), 6)))


def known_at(table: pa.Table, dated: str, later: Sequence[str], month: Month) -> pa.Table:
    """The records as they were known at a month's end: no others, and no later date in them."""
    end = pa.scalar(month.end)
    known = table.filter(pc.less_equal(table[dated], end))
    for name in later:
        dates_ = known[name]
        shown = pc.if_else(pc.less_equal(dates_, end), dates_, pa.scalar(None, pa.date32()))
        known = known.set_column(known.schema.get_field_index(name), name, shown)
    return known


def news_of(table: pa.Table, dated: str, later: Sequence[str], month: Month) -> pa.Table:
    """The records that began in a month, and older ones to which something happened in it, as then known."""
    known = known_at(table, dated, later, month)
    fresh = np.zeros(known.num_rows, dtype=np.bool_)
    for name in (dated, *later):
        fresh |= pc.fill_null(pc.greater_equal(known[name], pa.scalar(month.start)), False).to_numpy()
    return known.filter(pa.array(fresh))
