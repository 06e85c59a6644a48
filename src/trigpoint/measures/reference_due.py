"""When a figure is due and who has sent records, for the slow second opinion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row, day_of, read
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """What the sources hold, and to which month they are complete."""

    catalogue: Catalogue
    rows: Mapping[str, list[Row]]
    through: Mapping[str, Month]

    def is_due(self, quantity: Quantity, month: Month) -> bool:
        """Whether the sources are whole for a figure of a month: its window, and what may yet follow."""
        first = quantity.window.months(month)[0]
        if not self._whole(quantity.from_, first, month):
            return False
        return all(
            self._whole(it.source, first, Month.of(reach(quantity, text, month)))
            for it in quantity.related.values()
            for text in (it.until or it.before or "month_end",)
        )

    def _whole(self, code: str, first: Month, last: Month) -> bool:
        if code not in self.rows or code not in self.through or last > self.through[code]:
            return False
        since = self._since(code)
        return since is not None and since <= first

    def _since(self, code: str) -> Month | None:
        """The first month that a source holds: as it declares, or its first record's."""
        source = self.catalogue.sources[code]
        dated = [read(row, str(source.dated), wall=True) for row in self.rows[code]]
        days = [day for given in dated if (day := day_of(given)) is not None]
        return source.expects.from_ or (Month.of(min(days)) if days else None)


def reach(quantity: Quantity, bound: str, month: Month) -> dt.date:
    """The latest day on which a related record of a month's last may lie: the month's end, or after it.

    Known where the bound is said of the same date as the month; of ``month_end``, with a stock.
    """
    base, length = _based(e.parse(bound))
    if base == "month_end":
        return max(month.end, _moved(month.end, length))
    if quantity.month_of is None:
        return month.end
    own, to_month = _based(e.parse(quantity.month_of))
    if base is None or base != own:
        return month.end
    latest = month.end
    while _moved(latest, to_month) <= month.end:
        latest += _DAY
    while _moved(latest, to_month) > month.end:
        latest -= _DAY
    return max(month.end, _moved(latest, length))


def _based(node: e.Node) -> tuple[str | None, list[tuple[int, e.Length]]]:
    """A name and the lengths that it is moved by, one after another; no name where it is anything else."""
    match node:
        case e.Name(name=name):
            return name, []
        case e.Call(name="date", arguments=(inner,)):
            return _based(inner)
        case e.Sum(sign="+" | "-" as sign, left=left, right=e.Length() as length):
            base, before = _based(left)
            return base, [*before, (1 if sign == "+" else -1, length)]
    return None, []


def _moved(day: dt.date, lengths: list[tuple[int, e.Length]]) -> dt.date:
    """A day moved; by hours, to the latest day that any time of it may come to."""
    for way, length in lengths:
        if length.unit == "months":
            month = Month.of(day) + way * length.count
            day = dt.date(month.year, month.number, min(day.day, month.end.day))
        else:
            days = {"days": 1, "weeks": 7, "hours": 1 / 24}[length.unit] * length.count * way
            day += _DAY * ceil(round(days, 6))
    return day


class Part(NamedTuple):
    """A unit that should send records in a month, the units that it belongs to, and whether any came."""

    source: str
    month: Month
    unit: str
    places: list[str]
    sent: bool


def parts(due: Due, it: Indicator, quantity: Quantity, month: Month, tree: Tree) -> Iterator[Part]:
    """For each month of a window, the units that should send, where silence is no zero."""
    source = due.catalogue.sources[quantity.from_]
    level = source.expects.level
    if source.covers != "units_present" or level is None or quantity.from_ not in due.rows:
        return
    for each in quantity.window.months(month):
        came = {_sender(row, source.unit_field, tree, each) for row in due.rows[quantity.from_]
                if _in_month(row, str(source.dated), each)}  # fmt: skip
        for unit in tree.organisation.units:
            spell = tree.organisation.spell(unit, each)
            if spell is None or spell.level is not level or not tree.at_home(unit, each):
                continue
            if not it.kinds or spell.kind in it.kinds:
                yield Part(quantity.from_, each, unit, tree.places(unit, each.end), unit in came)


def _in_month(row: Row, dated: str, month: Month) -> bool:
    day = day_of(read(row, dated, wall=True))
    return day is not None and Month.of(day) == month


def _sender(row: Row, field: str | None, tree: Tree, month: Month) -> str | None:
    """Who sent a record: what is recorded of a person, their team."""
    unit: str | None = row[str(field)]
    if unit is None or unit not in tree.organisation.units:
        return unit
    if tree.organisation.level(unit) is not Level.PERSON:
        return unit
    return next(tree.organisation.ancestors(unit, month), unit)
