"""What is made of records, for the slow second opinion: each aggregate over a plain list of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.cut import Cut
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.reference_times import Taken
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Row, value
from trigpoint.terms.period import Month


class Amount(NamedTuple):
    """A figure before it is scaled: its two sides, or a value alone; ``said`` where anything was known."""

    above: Fraction | None = None
    below: Fraction | None = None
    alone: Fraction | None = None
    said: bool = False


def amount_of(catalogue: Catalogue, measure: RecordMeasure, here: list[Taken], over: list[Taken]) -> Amount:
    """What a measure makes of one place's records, and of those that it is over."""
    own = quantity_of(catalogue, measure, here)
    if measure.over is not None:
        other = quantity_of(catalogue, measure.over, over)
        return Amount(own.above, other.above, said=own.said or other.said)
    if measure.with_ is None:
        return own
    test = e.parse(measure.with_)
    having = [taken for taken in here if value(test, taken.here) is True]
    return Amount(quantity_of(catalogue, measure, having).above, own.above, said=own.said)


def quantity_of(catalogue: Catalogue, quantity: Quantity, taken: list[Taken]) -> Amount:
    """One aggregate of one place's records."""
    if quantity.people is not None:
        return _people(catalogue, quantity, taken)
    if quantity.count is not None:
        return Amount(_averaged(quantity, Fraction(len(taken))), said=bool(taken))
    tree = e.parse(str(quantity.amount))
    known: list[Fraction] = [of for it in taken if (of := value(tree, it.here)) is not None]
    if quantity.sum is not None:
        return Amount(_averaged(quantity, sum(known, Fraction(0))), said=bool(taken))
    if quantity.mean is not None:
        return Amount(sum(known, Fraction(0)), Fraction(len(known)), said=bool(known))
    if not known:
        return Amount()
    return Amount(alone=_ranked(quantity, sorted(known)), said=True)


def _averaged(quantity: Quantity, total: Fraction) -> Fraction:
    """Of a stock over several months: the mean of what there was at the end of each."""
    return total / quantity.window.count if quantity.window.kind == "average" else total


def _ranked(quantity: Quantity, known: list[Fraction]) -> Fraction:
    if quantity.median is not None:
        return Fraction(statistics.median(known))
    if quantity.percentile is not None:
        share = Fraction(repr(float(quantity.percentile.at))) / 100
        return known[math.ceil(share * len(known)) - 1]
    return known[-1] if quantity.max is not None else known[0]


def _people(catalogue: Catalogue, quantity: Quantity, taken: list[Taken]) -> Amount:
    """The subjects with enough records. One record counts once, in however many months it lies."""
    source = catalogue.sources[quantity.from_]
    theirs: dict[Any, set[tuple[Any, ...]]] = {}
    for it in taken:
        subject = it.here.record[str(source.subject)]
        if subject is not None:
            theirs.setdefault(subject, set()).add(tuple(it.here.record[name] for name in source.key))
    enough = [one for one, records in theirs.items() if len(records) >= (quantity.people or 1)]
    return Amount(Fraction(len(enough)), said=bool(theirs))


def gap_of(events: list[Taken], month: Month) -> Amount:
    """Days from the event before it to the last of a month; nothing where there was none, or no other."""
    days = sorted(it.day for it in events)
    if len(days) < 2 or days[-1] < month.start:
        return Amount()
    return Amount(alone=Fraction((days[-1] - days[-2]).days), said=True)


def by_place(taken: Iterable[Taken], tree: Tree, staff: str | None = None) -> dict[str, list[Taken]]:
    """The records of each unit; with ``staff``, those of each person whom that field names, too."""
    found: dict[str, list[Taken]] = {}
    for it in taken:
        person = tree.person(it.here.record[staff]) if staff is not None and it.places else None
        for place in [*it.places, *([person] if person is not None else [])]:
            found.setdefault(place, []).append(it)
    return found


def by_group(taken: Iterable[Taken], code: str, cut: Cut, home: str) -> dict[str, list[Taken]]:
    """The home trust's records of each group of a cut."""
    found: dict[str, list[Taken]] = {}
    for it in taken:
        if home in it.places:
            found.setdefault(_group(it.here.record, cut, code), []).append(it)
    return found


def _group(record: Row, cut: Cut, code: str) -> str:
    given = record[cut.column or code]
    return next((group.name for group in cut.groups if given in group.codes), cut.unknown)
