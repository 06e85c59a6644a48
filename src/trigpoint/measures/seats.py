"""Seats: where each unit sits in the tree on each slice of the calendar, as tables for every engine."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.organisation import Organisation
from trigpoint.engines.session import Session
from trigpoint.measures.structure import ANCESTORS, NOWHERE, Structure
from trigpoint.terms.unit import Level

_SQL = """\
SELECT segments.unit, slices.slice, segments.segment, segments.kind
FROM segments JOIN slices ON slices."end" BETWEEN segments."from" AND segments."to"
ORDER BY segments.unit, slices.slice
"""
PLACED = f"""\
LEFT JOIN seats ON seats.unit = held.unit AND seats.slice = held.slice
JOIN ancestors ON ancestors.segment = coalesce(seats.segment, {NOWHERE})"""
"""Joins ``held`` (with ``unit`` and ``slice``) to every place that it belongs to."""


@dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """``seats``: the segment and kind of each unit on each slice; ``above``: the places of each segment.

    ``selves`` gives a segment of a person that person alone: what is theirs is added to nobody's.
    """

    seats: pa.Table
    above: pa.Table
    selves: pa.Table


def seats(structure: Structure, slices: pa.Table, organisation: Organisation, engine: Session) -> Seats:
    """The seats of a structure on some slices."""
    found = engine.query(_SQL, tables={"segments": structure.segments, "slices": slices})
    people = [unit for unit in organisation.units if organisation.level(unit) is Level.PERSON]
    theirs = structure.segments.filter(pc.is_in(structure.segments["unit"], pa.array(people, pa.string())))
    at_home = pc.is_in(theirs["segment"], structure.ancestors["segment"])
    selves = theirs.filter(at_home).select(["segment", "unit"]).cast(ANCESTORS)
    return Seats(found, structure.ancestors, selves)


def kept_kinds(kinds: tuple[str, ...], literals: list[str]) -> str:
    """SQL of whether a held unit is of one of some kinds; of units that nobody knows, who can tell."""
    return f"(seats.segment IS NULL OR seats.kind IN ({', '.join(literals)}))" if kinds else "TRUE"
