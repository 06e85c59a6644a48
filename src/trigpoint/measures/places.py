"""Where a figure is asked for: the units of some levels and kinds that are open in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

PLACES = pa.schema(
    [("scope", pa.string()), ("unit", pa.string()), ("end", pa.date32()), ("expected", pa.int64())]
)
"""``expected`` is 1 for a unit that should have a figure, 0 for one that has sent one unasked."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Units of some levels, within the home trust or outside it, that an indicator concerns.

    With ``kinds``, a unit is concerned if it or a unit below it is of one of them; ``strict`` looks
    at the unit alone.
    """

    levels: tuple[Level, ...]
    kinds: tuple[str, ...]
    at: Literal["home", "away"]
    strict: bool = False

    @property
    def name(self) -> str:
        """A text that tells it from every other."""
        return "|".join([*self.levels, ":", *self.kinds, ":", self.at, str(self.strict)])


@dataclass(frozen=True, slots=True)
class _Open:
    """A unit that is open in a month."""

    unit: str
    level: Level
    kind: str | None
    below_home: bool
    kinds_below: frozenset[str]


@dataclass(slots=True)
class Places:
    """The units of a catalogue, month by month; months in which nothing changes are looked up once."""

    catalogue: Catalogue
    _standing: dict[tuple[int, int], tuple[_Open, ...]] = field(default_factory=dict)

    def of(self, scope: Scope, month: Month) -> Iterator[str]:
        """The units of a scope in a month."""
        return (it.unit for it in self._open(month) if _concerns(scope, it))

    def _open(self, month: Month) -> tuple[_Open, ...]:
        standing = self.catalogue.organisation.standing(month)
        if standing not in self._standing:
            self._standing[standing] = tuple(self._looked_up(month))
        return self._standing[standing]

    def _looked_up(self, month: Month) -> Iterator[_Open]:
        organisation = self.catalogue.organisation
        units = [unit for unit in organisation.units if organisation.level(unit) is not Level.PERSON]
        spells = {unit: organisation.spell(unit, month) for unit in units}
        kinds: dict[str, set[str]] = {}
        for spell in spells.values():
            if spell is not None and spell.kind is not None:
                kinds.setdefault(spell.code, set()).add(spell.kind)
                for above in organisation.ancestors(spell.code, month):
                    kinds.setdefault(above, set()).add(spell.kind)
        for unit, spell in spells.items():
            if spell is not None:
                at_home = self.catalogue.at_home(unit, month)
                yield _Open(unit, spell.level, spell.kind, at_home, frozenset(kinds.get(unit, ())))


def _concerns(scope: Scope, it: _Open) -> bool:
    if it.level not in scope.levels or it.below_home is not (scope.at == "home"):
        return False
    if not scope.kinds or scope.at == "away":
        return True
    return it.kind in scope.kinds if scope.strict else not it.kinds_below.isdisjoint(scope.kinds)


Row = tuple[str, str, dt.date, int]


def asked_places(places: Places, scopes: Iterable[Scope], months: Iterable[Month]) -> list[Row]:
    """The units of each scope in each month, as rows of ``PLACES``."""
    scopes = list(scopes)
    return [
        (scope.name, unit, month.end, 1)
        for month in months
        for scope in scopes
        for unit in places.of(scope, month)
    ]


def offered_places(
    places: Places, scopes: Iterable[Scope], months: Iterable[Month], current: Month | None
) -> list[Row]:
    """The units that have a figure rolled up in each month, and the place of what nobody knows.

    Units of other kinds are there too, unexpected: one that sends a figure shows it. With
    ``current``, the units of that month stand for all of history.
    """
    rows = []
    for scope in scopes:
        whole = replace(scope, kinds=())
        for month in months:
            concerned = set(places.of(scope, current or month))
            offered = (*places.of(whole, current or month), UNATTRIBUTED)
            rows += [(scope.name, unit, month.end, int(unit in concerned)) for unit in offered]
    return rows


def strays(
    asked: Iterable[Row],
    rolled: Iterable[Scope],
    figures: pa.Table,
    known: Mapping[str, Level],
    at_home: Collection[str],
) -> Iterator[Row]:
    """Units that sent figures which nobody asked for and which count all the same, as rows of ``PLACES``.

    They are closed, of another kind, or in nobody's list; never units of other levels, whose figures
    would be counted twice, and never those of other trusts.
    """
    expected = {row[:3] for row in asked}
    sent = figures.select(["unit", "end"]).group_by(["unit", "end"]).aggregate([]).to_pylist()
    for scope in rolled:
        for row in sent:
            unit, end = row["unit"], row["end"]
            ours = unit not in known or (known[unit] in scope.levels and unit in at_home)
            if ours and (scope.name, unit, end) not in expected:
                yield scope.name, unit, end, 0


def places_table(rows: Iterable[Row]) -> pa.Table:
    """Rows as a table with the columns of ``PLACES``."""
    listed = list(rows)
    columns = zip(*listed, strict=True) if listed else [()] * len(PLACES)
    return pa.table([pa.array(c, it.type) for c, it in zip(columns, PLACES, strict=True)], schema=PLACES)
