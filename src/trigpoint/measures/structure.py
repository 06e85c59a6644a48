"""The organisation as tables: which units a figure of one unit belongs to, day by day.

A *segment* is a stretch of days in which a unit's place in the home trust does not change. A unit
keeps its last place after it has closed, and has its first one before it opened, so that figures
that come outside its life still have somewhere to go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa

from trigpoint.definitions.organisation import UNATTRIBUTED, Organisation, Spell
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

NOWHERE = 0
"""The segment of units that nobody knows: it lies in ``unattributed``."""
SEGMENTS = pa.schema(
    [
        ("segment", pa.int64()),
        ("unit", pa.string()),
        ("from", pa.date32()),
        ("to", pa.date32()),
        ("kind", pa.string()),
    ]
)
ANCESTORS = pa.schema([("segment", pa.int64()), ("unit", pa.string())])
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """``segments`` and, for each, the units that its figures belong to: itself and those above it.

    The tables have the columns of ``SEGMENTS`` and ``ANCESTORS``. What is recorded of a person belongs
    to their team: a person has segments, of the team's kind, and is nobody's ancestor. A segment
    outside the home trust has no ancestors: its figures belong to nobody here. ``at_home`` are the
    units that were ever within the home trust.
    """

    segments: pa.Table
    ancestors: pa.Table
    at_home: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Segment:
    unit: str
    first: dt.date
    last: dt.date
    kind: str | None
    lies_in: tuple[str, ...]


def structure(organisation: Organisation, current: Month | None = None) -> Structure:
    """Each unit as it was on each day; or, with a month, all of history on the tree at that month's end."""
    cut = _as_was(organisation) if current is None else _as_of(organisation, current)
    found = [_Segment("", dt.date.min, dt.date.max, None, _nowhere(organisation)), *cut]
    rows = [(i, it.unit, it.first, it.last, it.kind) for i, it in enumerate(found)]
    segments = [dict(zip(SEGMENTS.names, row, strict=True)) for row in rows[1:]]
    ancestors = [{"segment": i, "unit": unit} for i, it in enumerate(found) for unit in it.lies_in]
    return Structure(
        pa.Table.from_pylist(segments, schema=SEGMENTS),
        pa.Table.from_pylist(ancestors, schema=ANCESTORS),
        frozenset(it.unit for it in found if it.lies_in),
    )


def _nowhere(organisation: Organisation) -> tuple[str, ...]:
    return (UNATTRIBUTED, organisation.home) if organisation.home else ()


def _as_was(organisation: Organisation) -> Iterator[_Segment]:
    for unit in organisation.units:
        days = sorted(set(_turns(organisation, unit)))
        before: _Segment | None = None
        for first, following in pairwise([*days, dt.date.max]):
            last = following if following == dt.date.max else following - _DAY
            lies_in = tuple(_upwards(organisation, unit, first))
            kind = _kind(organisation, unit, lies_in, first)
            if before is not None and (before.lies_in, before.kind) == (lies_in, kind):
                before = _Segment(unit, before.first, last, kind, lies_in)
                continue
            if before is not None:
                yield before
            before = _Segment(unit, first, last, kind, lies_in)
        if before is not None:
            yield before


def _as_of(organisation: Organisation, month: Month) -> Iterator[_Segment]:
    """One segment for each unit: where it, or its successor, is at the month's end."""
    for unit in organisation.units:
        heir = _heir(organisation, unit, month)
        lies_in = tuple(_upwards(organisation, heir, month.end))
        kind = _kind(organisation, heir, lies_in, month.end)
        yield _Segment(unit, dt.date.min, dt.date.max, kind, lies_in)


def _heir(organisation: Organisation, unit: str, month: Month) -> str:
    """The unit itself while it is open; then whoever took over, and took over from them."""
    seen = {unit}
    while (last := organisation.spells(unit)[-1]).to < month.end and last.successor not in (None, *seen):
        unit = str(last.successor)
        seen.add(unit)
    return unit


def _kind(organisation: Organisation, unit: str, lies_in: tuple[str, ...], day: dt.date) -> str | None:
    """What kind of place a figure comes from: the unit's own kind, or that of a person's team."""
    return _placed(organisation, lies_in[0] if lies_in else unit, day).kind


def _turns(organisation: Organisation, unit: str) -> Iterable[dt.date]:
    """The days on which a unit's place may change: where a spell of it, or of a unit above it, starts."""
    yield dt.date.min
    waiting, seen = [unit], {unit}
    while waiting:
        spells = organisation.spells(waiting.pop())
        yield from (spell.from_ for spell in spells)
        above = {spell.parent for spell in spells if spell.parent is not None} - seen
        seen |= above
        waiting += above


def _upwards(organisation: Organisation, unit: str, day: dt.date) -> list[str]:
    """The unit, unless it is a person, and those above it on a day, up to the home trust.

    None where it is not within the home trust.
    """
    found = [unit]
    while found[-1] != organisation.home:
        parent = _placed(organisation, found[-1], day).parent
        if parent is None:
            return []
        found.append(parent)
    return [place for place in found if organisation.level(place) is not Level.PERSON]


def _placed(organisation: Organisation, unit: str, day: dt.date) -> Spell:
    """The unit as it stood on a day; outside its life, as it stood nearest to it."""
    spells = organisation.spells(unit)
    begun = [spell for spell in spells if spell.from_ <= day]
    return begun[-1] if begun else spells[0]
