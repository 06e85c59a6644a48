"""The organisation: a dated tree of units, and the dated groups of their peers."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from trigpoint.definitions.model import Code, Definition, Words, hash_of
from trigpoint.terms.errors import NotFound, nearest
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


class Spell(Definition):
    """A unit under one name and one parent: a row of ``units.csv``. The last day, ``to``, is included.

    ``breaks`` says that figures before this spell describe a different organisation (a merger,
    say): every series of the unit starts anew, and ``note`` gives the reason. ``kind`` says what
    sort of unit it is (a ward, a crisis team); ``successor`` who took over when it closed.
    """

    wording: ClassVar = frozenset({"name", "note"})
    code: Code
    name: Words
    level: Level
    parent: Code | None = None
    kind: Code | None = None
    successor: Code | None = None
    from_: dt.date = Field(default=dt.date.min, alias="from")
    to: dt.date = dt.date.max
    breaks: bool = False
    note: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.from_ <= day <= self.to


UNATTRIBUTED = "unattributed"
"""The unit, a child of the home trust, to which figures of unknown units go."""


@dataclass(frozen=True)
class Organisation:
    """Every unit that is or was, each with its spells in order of time."""

    units: Mapping[str, tuple[Spell, ...]]
    home: str | None = None

    @cached_property
    def hash(self) -> str:
        return hash_of({code: [spell.meaning() for spell in spells] for code, spells in self.units.items()})

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Every kind that a unit is or was of."""
        return frozenset(spell.kind for spells in self.units.values() for spell in spells if spell.kind)

    def spell(self, code: str, month: Month) -> Spell | None:
        """The unit as it last stood in ``month``; None where it was not open then."""
        start, end = month.start, month.end
        stood = (it for it in reversed(self.spells(code)) if it.from_ <= end and it.to >= start)
        return next(stood, None)

    def standing(self, month: Month) -> tuple[int, int]:
        """How many spells have begun by a month, and ended before it: alike, the same units are open."""
        begun, ended = self._turns
        return bisect_right(begun, month.end), bisect_left(ended, month.start)

    @cached_property
    def _turns(self) -> tuple[list[dt.date], list[dt.date]]:
        spells = [spell for spells in self.units.values() for spell in spells]
        return sorted(spell.from_ for spell in spells), sorted(spell.to for spell in spells)

    def spells(self, code: str) -> tuple[Spell, ...]:
        """Raises NotFound for a code that no unit has had."""
        if code == UNATTRIBUTED and self._unattributed is not None:
            return (self._unattributed,)
        if code not in self.units:
            raise NotFound(f"no unit {code!r}. {nearest(code, self.units)}".strip())
        return self.units[code]

    @cached_property
    def _unattributed(self) -> Spell | None:
        if self.home is None or self.home not in self.units:
            return None
        below = list(Level)[self.units[self.home][-1].level.depth + 1 :]
        return (
            Spell(code=UNATTRIBUTED, name="Unattributed", level=below[0], parent=self.home) if below else None
        )

    def level(self, code: str) -> Level:
        return self.spells(code)[-1].level

    def name(self, code: str, month: Month) -> str:
        """The unit's name in ``month``; outside its life, its nearest one."""
        spells = self.spells(code)
        found = self.spell(code, month) or (spells[0] if spells[0].from_ > month.end else spells[-1])
        return found.name

    def ancestors(self, code: str, month: Month) -> Iterator[str]:
        """The unit's parent in ``month``, its parent, and so on to the top."""
        spell = self.spell(code, month)
        while spell is not None and spell.parent is not None:
            yield spell.parent
            spell = self.spell(spell.parent, month)

    def children(self, code: str, month: Month) -> tuple[str, ...]:
        """The units right below a unit in ``month``, in the order in which they are declared."""
        if month not in self._children:
            found: dict[str, list[str]] = {}
            for unit in self.units:
                spell = self.spell(unit, month)
                if spell is not None and spell.parent is not None:
                    found.setdefault(spell.parent, []).append(unit)
            self._children[month] = {parent: tuple(units) for parent, units in found.items()}
        return self._children[month].get(code, ())

    @cached_property
    def _children(self) -> dict[Month, dict[str, tuple[str, ...]]]:
        """The tree of each month that was asked for: it is read thousands of times, and never changes."""
        return {}

    def below(self, code: str, month: Month) -> Iterator[str]:
        """Every unit below a unit in ``month``, each before those below it."""
        for child in self.children(code, month):
            yield child
            yield from self.below(child, month)

    def breaks(self, code: str) -> tuple[Spell, ...]:
        return tuple(spell for spell in self.spells(code) if spell.breaks)


SpellProblem = tuple[Spell, str, str, str, str]
"""A spell, its column at fault, what was found, what was expected, what may help."""


def organisation_problems(units: Mapping[str, tuple[Spell, ...]]) -> Iterator[SpellProblem]:
    """What keeps the spells from being a dated tree."""
    for code, spells in units.items():
        for spell in spells:
            if code == UNATTRIBUTED:
                yield (
                    spell,
                    "code",
                    repr(code),
                    "another code: this one is kept for figures of unknown units",
                    "",
                )
            if spell.to < spell.from_:
                yield (
                    spell,
                    "to",
                    f"{spell.to}, before it starts on {spell.from_}",
                    "a day on or after `from`",
                    "",
                )
            if spell.level is not spells[-1].level:
                yield (
                    spell,
                    "level",
                    f"{spell.level}, but later {spells[-1].level}",
                    "one level for a unit's whole life",
                    "",
                )
            yield from _parent_problems(spell, units)
            yield from _successor_problems(spell, units)
        for earlier, later in pairwise(spells):
            if later.from_ <= earlier.to:
                yield (
                    later,
                    "from",
                    _twice(code, earlier, later),
                    "a day after the other row's `to`",
                    f"Give the row below {earlier.parent} an end (`to`), and this one a start (`from`).",
                )
            elif later.from_ != earlier.to + dt.timedelta(days=1):
                yield (
                    later,
                    "from",
                    f"a gap: {code} ends on {earlier.to} and starts again on {later.from_}",
                    "the next day",
                    "",
                )


def _twice(code: str, earlier: Spell, later: Spell) -> str:
    """Two rows of a unit that hold on the same day."""
    if later.from_ == dt.date.min:
        return f"{code} in two rows, below {earlier.parent} and {later.parent}, without a start (`from`)"
    return f"{code} in two places from {later.from_}: the row below {earlier.parent} has not ended"


def _parent_problems(spell: Spell, units: Mapping[str, tuple[Spell, ...]]) -> Iterator[SpellProblem]:
    if spell.parent is None:
        return
    parents = units.get(spell.parent)
    if parents is None:
        yield (
            spell,
            "parent",
            f"{spell.parent!r}, which is no unit",
            "a code in this file",
            nearest(spell.parent, units),
        )
    elif parents[0].level.depth >= spell.level.depth:
        # Levels that only widen on the way up are also what makes a circle impossible.
        yield (
            spell,
            "parent",
            f"{spell.parent}, a {parents[0].level}, above a {spell.level}",
            "a parent of a wider level",
            "",
        )
    elif parents[0].from_ > spell.from_ or parents[-1].to < spell.to:
        yield (
            spell,
            "parent",
            f"{spell.parent}, open {parents[0].from_} to {parents[-1].to}",
            "a parent that is open throughout",
            "",
        )


def _successor_problems(spell: Spell, units: Mapping[str, tuple[Spell, ...]]) -> Iterator[SpellProblem]:
    if spell.successor is None:
        return
    heirs = units.get(spell.successor)
    if heirs is None:
        hint = nearest(spell.successor, units)
        yield spell, "successor", f"{spell.successor!r}, which is no unit", "a code in this file", hint
    elif spell is not units[spell.code][-1] or spell.to == dt.date.max:
        yield (
            spell,
            "successor",
            "one for a unit that goes on",
            "one in the last row of a unit that closed",
            "",
        )
    elif heirs[0].level is not spell.level:
        found = f"{spell.successor}, a {heirs[0].level}, after a {spell.level}"
        yield spell, "successor", found, "a unit of the same level", ""
    elif heirs[-1].to <= spell.to:
        found = f"{spell.successor}, which closed on {heirs[-1].to}"
        yield spell, "successor", found, f"a unit that is open after {spell.to}", ""


class Membership(Definition):
    """A unit's time in a peer group. Months count by their last day."""

    wording: ClassVar = frozenset({"why"})
    unit: Code
    from_: dt.date = Field(default=dt.date.min, alias="from")
    to: dt.date = dt.date.max
    why: str = ""


class PeerGroup(Definition):
    """Units that are fairly compared with one another, each with the time it belonged."""

    wording: ClassVar = frozenset({"title"})
    title: Words
    members: tuple[Membership, ...] = Field(min_length=1)

    def at(self, month: Month) -> tuple[str, ...]:
        """Who was in it at the end of ``month``."""
        return tuple(dict.fromkeys(m.unit for m in self.members if m.from_ <= month.end <= m.to))
