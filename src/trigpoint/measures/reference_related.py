"""Related records for the slow second opinion: every record of a source is looked at in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.measures.reference_values import Here, Row, Time, day_of, read, value

_ASKS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": lambda theirs, bound: theirs >= bound,
    ">": lambda theirs, bound: theirs > bound,
    "<=": lambda theirs, bound: theirs <= bound,
    "<": lambda theirs, bound: theirs < bound,
}


@dataclass(frozen=True, slots=True)
class Relations:
    """The records that a quantity's records are related to; looked for once for each record and month."""

    catalogue: Catalogue
    quantity: Quantity
    rows: Mapping[str, list[Row]]
    found: dict[Any, list[Row]] = field(default_factory=dict)

    def of(self, here: Here) -> Here:
        """The same, which also knows the names of the related records."""
        return replace(here, others=lambda name: self._named(name, here))

    def _named(self, name: str, here: Here) -> Any:
        """``contact``: whether there is any, or how many; ``contact.started``: of the first or last."""
        own, _, column = name.partition(".")
        it = self.quantity.related[own]
        key = (id(here.record), here.month, own)
        if key not in self.found:
            self.found[key] = list(self._belonging(it, here))
        belonging = self.found[key]
        if not column:
            return bool(belonging) if it.kind == "any" else Fraction(len(belonging))
        if not belonging:
            return None
        chosen = (min if it.kind == "first" else max)(belonging, key=lambda row: self._order(it, row, here))
        return read(chosen, column, wall=here.wall)

    def _order(self, it: Related, row: Row, here: Here) -> tuple[Any, ...]:
        """By date; those of one moment by key."""
        key = self.catalogue.sources[it.source].key
        return (read(row, it.dated, wall=here.wall), *(row[name] for name in key))

    def _belonging(self, it: Related, here: Here) -> Iterator[Row]:
        for row in self.rows.get(it.source, ()):
            if not self._itself(it, here.record, row) and self._belongs(it, here, row):
                yield row

    def _itself(self, it: Related, mine: Row, theirs: Row) -> bool:
        key = self.catalogue.sources[it.source].key
        return it.source == self.quantity.from_ and all(mine[name] == theirs[name] for name in key)

    def _belongs(self, it: Related, here: Here, row: Row) -> bool:
        """Whether a record is one of the related. A blank never matches, and is within no bound."""
        for mine, theirs in it.match:
            one = read(here.record, mine, wall=here.wall)
            if one is None or one != read(row, theirs, wall=here.wall):
                return False
        dated = read(row, it.dated, wall=here.wall)
        if dated is None:
            return False
        for sign, text in it.bounds:
            bound = value(e.parse(text), here)
            if bound is None or not _within(sign, dated, bound):
                return False
        return it.where is None or value(e.parse(it.where), _beside(row, here)) is True


def _within(sign: str, theirs: Any, bound: Any) -> bool:
    """A bound in days is asked of the date; one that is a time, of the moment."""
    if isinstance(theirs, Time) and isinstance(bound, Time):
        return _ASKS[sign](theirs.mark, bound.mark)
    return _ASKS[sign](day_of(theirs), day_of(bound))


def _beside(row: Row, here: Here) -> Here:
    """A related record, which knows the measured one as ``this``."""
    return replace(here, record=row, others=lambda name: here.named(name.removeprefix("this.")))
