"""The sections of a figure of records: what is left at each step, whether it agrees, its SQL, its keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.analysis.finding import Finding
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import FormulaMeasure
from trigpoint.explain.amounts import Sides
from trigpoint.explain.keys import keys_in_words
from trigpoint.explain.numbers import exact
from trigpoint.explain.purges import purges_in_words
from trigpoint.explain.steps import Place
from trigpoint.explain.steps_in_words import steps_in_words
from trigpoint.explain.traced import OfRecords, Traced, held_by, made_of, traced
from trigpoint.loads.receipt import Receipt
from trigpoint.measures.apart import dated, people, ranked
from trigpoint.measures.passes import passes
from trigpoint.measures.purged import purged_records
from trigpoint.measures.records import ADDED
from trigpoint.store.archive import Archive
from trigpoint.store.load import RECEIPT
from trigpoint.terms.panel import ALL, Panel, State
from trigpoint.terms.period import Month, Period
from trigpoint.terms.unit import Level

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The lines of each section."""

    records: Lines
    checks: Lines
    sql: Lines
    keys: Lines


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A figure of records, and what is known of it."""

    catalogue: Catalogue
    archive: Archive
    panel: Panel
    measure: OfRecords
    finding: Finding
    as_at: dt.datetime | None


def place_of(catalogue: Catalogue, indicator: str, unit: str, month: Month) -> Place:
    """Where and when a figure is."""
    person = catalogue.organisation.level(unit) is Level.PERSON
    return Place(unit, month, catalogue.indicator(indicator).kinds, person)


def told(of: Asked, keys: int | None) -> Told:
    """The story of a figure of records. ``keys`` is how many to show of each quantity; None: all of them."""
    gone = tuple(
        line for source in of.measure.sources for line in purges_in_words(of.archive, source, of.as_at)
    )
    period = Period(of.finding.start, of.finding.end)
    if purged_records(of.archive, of.catalogue, of.as_at).unmade(of.measure, period):
        said = "It may rest on purged records: it cannot be made again, and is not made of the rest"
        return Told((*gone, said), tuple(_checks(of)), (), ())
    if missing := [source for source in of.measure.sources if not of.archive.effective(source, of.as_at)]:
        lacking = tuple(f"{source}: no delivery has been taken in" for source in missing)
        return Told((*gone, *lacking), tuple(_checks(of)), (), ())
    with held_by(of.archive, of.catalogue, of.measure, of.as_at) as held:
        finding = of.finding
        place = place_of(of.catalogue, finding.indicator, finding.unit, finding.month)
        found = traced(of.measure, place, held)
        lines = [line for one in found for line in steps_in_words(one)]
        lines += [*_figures_used(of), *_agreement(of, found)]
        sql = tuple(line for one in found for line in _sql(one))
        behind = tuple(line for one in found for line in keys_in_words(one, keys))
    return Told((*gone, *lines), tuple(_checks(of)), sql, behind)


def _figure(of: Asked, code: str, before: int) -> tuple[float | None, State]:
    """Another indicator's figure at the same unit, so many months before."""
    month = of.finding.month - before
    for one in of.panel.of_month(month):
        if (one.indicator, one.unit, one.cut) == (code, of.finding.unit, ALL):
            return one.value, one.state
    return None, State.NOT_APPLICABLE


def _figures_used(of: Asked) -> Iterator[str]:
    for one in of.measure.references if isinstance(of.measure, FormulaMeasure) else ():
        value, state = _figure(of, one.code, one.before)
        month = (of.finding.month - one.before).words
        yield f"[{one.code}] in {month}: {str(state).replace('_', ' ') if value is None else exact(value)}"


def _agreement(of: Asked, found: Sequence[Traced]) -> Iterator[str]:
    """Whether the figure that was kept is what these records make of it; loudly, where it is not."""
    finding = of.finding
    if finding.state not in (State.VALUE, State.NO_DENOMINATOR):
        state = finding.state.replace("_", " ")
        yield f"the figure is {state}: there is no number for these records to agree with"
        return
    scale = of.catalogue.indicator(finding.indicator).scale(of.measure)
    again = made_of(of.measure, found, lambda code, before: _figure(of, code, before), scale)
    kept = Sides(finding.numerator, finding.denominator, finding.value)
    if again.same(kept):
        yield f"these records make {_numbers(again)}: this agrees with the figure"
        return
    yield f"these records make {_numbers(again)}"
    yield f"THIS DOES NOT AGREE WITH THE FIGURE, which is {_numbers(kept)}"
    yield "   The snapshot may be older than the loads: `trigpoint snapshot` takes a new one."
    yield "   If they still differ after that, it is a fault in Trigpoint: please report it."


def _numbers(of: Sides) -> str:
    answer = "no answer" if of.value is None else exact(of.value)
    if of.numerator is None or of.denominator is None:
        return answer
    return f"{exact(of.numerator)} / {exact(of.denominator)}, which is {answer}"


def _sql(one: Traced) -> Iterator[str]:
    """The query of one quantity, as it runs; in a snapshot it finds those of alike quantities with it."""
    of, held = one.of, one.of.held
    yield f"-- {one.name}"
    if of.quantity.aggregate in ADDED:
        for it in passes({(of.frame, None): [of.wanted]}, held.catalogue, held.dialect):
            yield from it.sql.splitlines()
        return
    write = people if of.quantity.people is not None else dated if of.quantity.gap is not None else ranked
    yield from write(of.wanted, of.frame, held.catalogue, of.place.kinds, held.dialect).sql.splitlines()


def _checks(of: Asked) -> Iterator[str]:
    """What the checks of all deliveries set aside, and what they noted, as the receipts have it."""
    for source in of.measure.sources:
        counts: dict[str, int] = {}
        loads = [load for load in of.archive.loads(source, of.as_at) if not load.purges]
        for load in loads:
            for reason, count in _found(Receipt.from_json(of.archive.attachment(load, RECEIPT).decode())):
                counts[reason] = counts.get(reason, 0) + count
        of_loads = f"{len(loads):,} deliver{'y' if len(loads) == 1 else 'ies'}"
        yield f"{source}: {of_loads}, of which {'rows were' if counts else 'nothing was'} set aside or noted"
        yield from _listed(counts)


def _found(receipt: Receipt) -> Iterable[tuple[str, int]]:
    yield from ((f"set aside: {one.reason}", one.rows) for one in receipt.set_aside)
    for one in receipt.outcomes:
        done = "noted" if one.severity == "note" else str(one.severity)
        yield f"{done}: {one.check.replace('_', ' ')}", one.count


def _listed(counts: Mapping[str, int]) -> Iterator[str]:
    for reason, count in sorted(counts.items(), key=lambda it: (-it[1], it[0])):
        yield f"   {count:,} {reason}"
