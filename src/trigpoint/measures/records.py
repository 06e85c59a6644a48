"""The arithmetic over records: each indicator's amounts at every place, from as few queries as may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, RecordMeasure
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.apart import Apart, dated, people, ranked
from trigpoint.measures.bearing import bearing
from trigpoint.measures.frames import Frame
from trigpoint.measures.grid import Amounts, Axes, Flags, Floats, Ints, divided
from trigpoint.measures.holdings import Holdings, windows_table
from trigpoint.measures.partials import Cache, Rolling, partials, rolled_up
from trigpoint.measures.passes import Column, Pass, Sides, Wanted, passes
from trigpoint.measures.ranks import changing, gaps, picked
from trigpoint.measures.wanted import Rolled
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent

AT_ONCE = 2_000_000
"""So many records at most are counted for people at once: each person is kept in memory."""
YEARS_BEFORE = 12 * 5
"""An event may lie so many months before the month that its record is dated in."""
ITSELF, OVER = "itself", "over"
ADDED = ("count", "sum", "mean", "max", "min")
"""The aggregates whose partials are put together; the others are found anew at every place."""


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """One side of one indicator's figures: at every unit or, ``person``, of every member of staff.

    ``side`` is a name in the measure's ``sides``. With ``cut``, of the groups of people in the home trust.
    """

    rolled: Rolled
    side: str
    wanted: Wanted
    frame: Frame
    person: bool
    cut: str | None

    @property
    def quantity(self) -> Quantity:
        return self.wanted.quantity

    @property
    def rolling(self) -> Rolling:
        return Rolling(self.quantity.window, self.rolled.indicator.kinds, self.person)

    @property
    def reach(self) -> set[Month]:
        """The months whose records it needs."""
        return {month for end in self.rolled.months for month in self.quantity.window.months(end)}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found of one side: its amount, the share of it, and where there was any record."""

    amount: Floats
    share: Floats | None
    known: Flags
    known_values: Floats | None = None


def asked(of: Iterable[Rolled], held: Holdings, *, person: bool = False, cuts: bool = False) -> Iterator[Ask]:
    """What is asked of the records for some measures: of each side, and of each cut with ``cuts``."""
    for it in of:
        for side, wanted in sides(it.measure).items():
            source = held.catalogue.source(wanted.quantity.from_)
            frame = Frame.of(wanted.quantity, source, person=person)
            for cut in it.indicator.cuts if cuts else (None,):
                yield Ask(it, side, wanted, frame, person, cut)


def sides(measure: AnyMeasure) -> dict[str, Wanted]:
    """The quantities of a measure by name: ``itself`` and ``over``, or the parts of a formula."""
    if isinstance(measure, FormulaMeasure):
        return {name: Wanted(part) for name, part in measure.parts.items()}
    assert isinstance(measure, RecordMeasure)  # noqa: S101 - returned figures have no quantities
    over = {OVER: Wanted(measure.over)} if measure.over is not None else {}
    return {ITSELF: Wanted(measure, measure.with_), **over}


def find(
    asks: Sequence[Ask],
    held: Holdings,
    axes: Callable[[str | None], Axes],
    cache: Cache | None,
    progress: Progress = silent,
) -> dict[Ask, Found]:
    """What each ask finds, on the axes of its cut (None: of places)."""
    found: dict[Ask, Found] = {}
    together: dict[tuple[Frame, str | None], list[Ask]] = {}
    for ask in asks:
        if ask.quantity.aggregate in ADDED:
            together.setdefault((ask.frame, ask.cut), []).append(ask)
        else:
            found[ask] = _apart(ask, held, axes(ask.cut))
    wanted = {key: [ask.wanted for ask in of] for key, of in together.items()}
    for it in passes(wanted, held.catalogue, held.dialect):
        of = together[it.frame, it.cut]
        table = partials(it, set().union(*(ask.reach for ask in of)), held, cache, progress)
        found |= _added(it, of, table, held, axes(it.cut))
    return found


def _added(it: Pass, asks: Sequence[Ask], table: pa.Table, held: Holdings, axes: Axes) -> dict[Ask, Found]:
    """What each ask of a pass finds. Those with the same window and kinds are added up together."""
    alike: dict[Rolling, list[Ask]] = {}
    for ask in asks:
        alike.setdefault(ask.rolling, []).append(ask)
    found = {}
    for how, of in alike.items():
        sides = [it.found[ask.wanted] for ask in of]
        columns = dict.fromkeys(one for side in sides for one in _columns(side))
        months = sorted(set().union(*(ask.rolled.months for ask in of)))
        answer = rolled_up(it, columns, table, how, months, held)
        if it.cut is not None:
            answer = answer.filter(pc.equal(answer["place"], held.catalogue.settings.home))
        cells, inside = axes.cells(answer["grouped" if it.cut is not None else "place"], answer["end"])
        drawn = _Drawn(answer, axes, cells, inside)
        for ask, side in zip(of, sides, strict=True):
            found[ask] = _found(side, ask.quantity, drawn)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """The columns of an answer on a grid, each drawn once."""

    answer: pa.Table
    axes: Axes
    cells: Ints
    inside: Flags
    _arrays: dict[Column, Floats] = field(default_factory=dict)

    def __call__(self, column: Column) -> Floats:
        if column not in self._arrays:
            values = divided(self.answer[column.name], column.per)[self.inside]
            self._arrays[column] = self.axes.fill(self.cells, values)
        return self._arrays[column]


def _columns(side: Sides) -> list[Column]:
    return [one for one in (side.amount, side.records, side.known, side.share) if one is not None]


def _found(side: Sides, quantity: Quantity, array: Callable[[Column], Floats]) -> Found:
    known = np.nan_to_num(array(side.records)) > 0
    amount = array(side.amount)
    if quantity.aggregate in ("mean", "max", "min"):
        known = ~np.isnan(amount)
    if quantity.aggregate in ("count", "sum"):
        amount = np.nan_to_num(amount)
    share = None if side.share is None else np.nan_to_num(array(side.share))
    if quantity.window.kind == "average":
        amount = amount / quantity.window.count
        share = None if share is None else share / quantity.window.count
    values = None if side.known is None else np.nan_to_num(array(side.known))
    return Found(amount, share, known, values)


def _apart(ask: Ask, held: Holdings, axes: Axes) -> Found:
    """What a quantity finds by a query of its own."""
    months = _months(ask, held)
    if not months:
        nothing = np.full(axes.shape, np.nan)
        return Found(nothing, None, np.zeros(axes.shape, dtype=bool))
    if ask.quantity.people is not None:
        return _people(ask, months, held, axes)
    write = dated if ask.quantity.gap is not None else ranked
    it = write(ask.wanted, ask.frame, held.catalogue, ask.rolled.indicator.kinds, held.dialect)
    answer = _answer(it, ask, months, held)
    grid = gaps(answer, axes) if ask.quantity.gap is not None else picked(ask.quantity, answer, it.per, axes)
    return Found(grid, None, ~np.isnan(grid))


def _people(ask: Ask, months: Sequence[Month], held: Holdings, axes: Axes) -> Found:
    """People, some months at a time or, where months hang together, some of the people at a time."""

    def asked_of(share: int, of: int) -> Apart:
        kinds = ask.rolled.indicator.kinds
        return people(ask.wanted, ask.frame, held.catalogue, kinds, held.dialect, (share, of))

    it, parts = asked_of(0, 1), _parts(ask, months, held)
    if it.changes:
        answers = [_answer(asked_of(share, parts), ask, months, held) for share in range(parts)]
    else:
        size = -(-len(months) // parts)
        answers = [_answer(it, ask, months[at : at + size], held) for at in range(0, len(months), size)]
    names = ("people", "share", "anyone")
    answer = (
        pa.concat_tables(answers).group_by(["place", "month"]).aggregate([(name, "sum") for name in names])
    )
    grids = {}
    for name in names:
        if it.changes:
            grids[name] = changing(answer, f"{name}_sum", axes, months[0])
        else:
            cells, inside = axes.cells(answer["place"], answer["month"])
            grids[name] = axes.fill(cells, answer[f"{name}_sum"].to_numpy()[inside], 0.0)
    return Found(grids["people"], grids["share"], grids["anyone"] > 0)


def _parts(ask: Ask, months: Sequence[Month], held: Holdings) -> int:
    """Into how many parts the work is divided, so that each fits into the memory of one machine."""
    records = held.records[ask.frame.source]
    if isinstance(records, pa.Table) or held.dialect.shares_work:
        return 1
    return max(1, -(-sum(records.rows.get(month, 0) for month in months) // AT_ONCE))


def _months(ask: Ask, held: Holdings) -> list[Month]:
    """The months that a query of its own reads: of gaps all since the first, for the event before."""
    months = sorted(ask.reach)
    if ask.quantity.gap is not None:
        since = min(held.first(ask.quantity.from_), months[0]) - YEARS_BEFORE
        return list(since.through(months[-1]))
    return months


def _answer(it: Apart, ask: Ask, months: Sequence[Month], held: Holdings) -> pa.Table:
    seated = held.seats(months)
    window = ask.quantity.window
    tables = {
        **held.calendar(months),
        "seats": seated.seats,
        "ancestors": seated.homes if ask.person else seated.above,
        "windows": windows_table((end, month) for end in ask.rolled.months for month in window.months(end)),
    }
    sources = bearing(it.frame, held.catalogue, held.records, months)
    read: dict[str, set[Month]] = {source: set() for source in it.frame.sources}
    for month in months:
        for source, of in sources[month].items():
            read[source] |= set(of)
    return held.ask(it.sql, read, tables)


def amounts(measure: RecordMeasure, found: Mapping[str, Found]) -> Amounts:
    """Both sides of an indicator's figures, or its value."""
    one = found[ITSELF]
    known = one.known
    if measure.with_ is not None:
        assert one.share is not None  # noqa: S101 - a share is asked for where there is `with`
        return Amounts(one.share, one.amount, known=known)
    if measure.over is not None:
        other = found[OVER]
        return Amounts(one.amount, other.amount, known=known | other.known)
    if measure.mean is not None:
        return Amounts(np.nan_to_num(one.amount), one.known_values, known=known)
    if measure.aggregate in ("count", "sum", "people"):
        return Amounts(one.amount, known=known)
    return Amounts(one.amount, value=one.amount, known=known)
