"""The observations of formulas over other indicators' figures, each after those that it uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.measure import FormulaMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.formulas import Valued, evaluate
from trigpoint.measures.grid import Floats
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.observed import NO_DENOMINATOR, NOT_APPLICABLE, STATES, VALUE, Shown, rows, stated
from trigpoint.measures.of_records import Site
from trigpoint.measures.partials import Cache
from trigpoint.measures.presence import presence
from trigpoint.measures.records import Found, asked, find
from trigpoint.measures.wanted import Rolled, rolled
from trigpoint.terms.panel import ALL
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


def of_formulas(
    months: Sequence[Month],
    tables: Sequence[pa.Table],
    held: Holdings,
    current: Month | None,
    cache: Cache | None,
) -> Iterator[pa.Table]:
    """The observations of every formula. ``tables`` are the observations of everything else."""
    of = [it for it in rolled(held.catalogue, months) if isinstance(it.measure, FormulaMeasure)]
    if not of:
        return
    site = Site.of(months, held, current)
    ready = [it for it in of if held.holds(it.measure.sources)]
    people = [it for it in ready if Level.PERSON in it.indicator.levels]
    found = find([*asked(ready, held), *asked(people, held, person=True)], held, site.axes_of, cache)
    known = list(tables)
    for it in _in_order(of):
        for person in (False, True) if Level.PERSON in it.indicator.levels else (False,):
            parts = {ask.side: one for ask, one in found.items() if ask.rolled is it and ask.person is person}
            table = _observed(it, parts, known, site, person=person)
            known.append(table)
            yield table


def _in_order(of: list[Rolled]) -> list[Rolled]:
    """Each after those that it uses. There are no circles: the definitions' check holds that."""
    waiting, done = {it.code: [one for one in of if one.code == it.code] for it in of}, []
    while waiting:
        for code in list(waiting):
            used = {one.code for it in waiting[code] for one in it.measure.references}  # type: ignore[union-attr]
            if not used & (waiting.keys() - {code}):
                done += waiting.pop(code)
    return done


def _observed(
    it: Rolled, found: Mapping[str, Found], known: Sequence[pa.Table], site: Site, *, person: bool
) -> pa.Table:
    measure = it.measure
    assert isinstance(measure, FormulaMeasure)  # noqa: S101 - asked for of formulas alone
    shape = site.axes.shape
    parts = {
        name: _part(it, part, found.get(name), site, person=person) for name, part in measure.parts.items()
    }

    def figures(code: str, before: int) -> Valued:
        return _figures(code, before, known, site)

    sides = measure.sides
    told: dict[str, Floats] = {}
    both = np.ones(shape, dtype=bool)
    if sides is not None:
        above, below = (evaluate(side, figures, parts, shape) for side in sides)
        told = {"numerator": above.value, "denominator": below.value}
        both = (above.state == VALUE) & (below.state == VALUE)
    answer = evaluate(measure.tree, figures, parts, shape)
    value = answer.value * (it.indicator.scale(measure) if sides is not None else 1.0)
    expected, _ = site.shown(it, person=person)
    here = expected & np.isin(
        [month.index for month in site.axes.months], [month.index for month in it.months]
    )
    known_here = answer.state[here] == VALUE
    columns = {name: pa.array(grid[here], mask=~both[here]) for name, grid in told.items()}
    columns["value"] = pa.array(value[here], mask=~known_here)
    return rows(it.code, site.starts(it), site.axes, here, answer.state[here], columns)


def _part(it: Rolled, part: Quantity, found: Found | None, site: Site, *, person: bool) -> Valued:
    """A quantity of the formula's own at every place, with its state."""
    every = np.ones(site.axes.shape, dtype=bool)
    sent = presence(it, part, site.held, site.places, site.axes, person=person)
    states, _ = stated(Shown(every, every, site.instead(it, part), sent), every)
    state = states.reshape(site.axes.shape)
    amount = np.full(site.axes.shape, np.nan) if found is None else found.amount
    if found is not None and found.known_values is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            amount = amount / found.known_values
    state = np.where((state == VALUE) & np.isnan(amount), NO_DENOMINATOR, state)
    return Valued(np.where(state == VALUE, amount, np.nan), state)


def _figures(code: str, before: int, known: Sequence[pa.Table], site: Site) -> Valued:
    """Another indicator's figures on the grid, each so many months after its own."""
    value, state = np.full(site.axes.shape, np.nan), np.full(site.axes.shape, NOT_APPLICABLE)
    states = pa.array([str(one) for one in STATES])
    for table in known:
        theirs = table.filter(pc.and_(pc.equal(table["indicator"], code), pc.equal(table["cut"], ALL)))
        if not theirs.num_rows:
            continue
        months = theirs["end"].to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12 + before
        cells, inside = site.axes.cells(theirs["unit"], pa.chunked_array([pa.array(months)]))
        numbers = theirs["value"].to_numpy()[inside]
        value.reshape(-1)[cells] = numbers
        state.reshape(-1)[cells] = pc.index_in(theirs["state"], states).to_numpy()[inside]
    return Valued(value, state)
