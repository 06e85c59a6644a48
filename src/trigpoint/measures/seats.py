"""Seats: where each unit sits in the tree on each slice of the calendar, as tables for every engine."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.organisation import Organisation
from trigpoint.engines.session import Session
from trigpoint.measures.structure import ANCESTORS, NOWHERE, Structure

_SQL = """\
SELECT segments.unit, slices.slice, segments.segment, segments.kind
FROM segments JOIN slices ON slices."end" BETWEEN segments."from" AND segments."to"
ORDER BY segments.unit, slices.slice
"""
PLACED = f"""\
LEFT JOIN seats ON seats.unit = held.unit AND seats.slice = held.slice
JOIN ancestors ON ancestors.segment = coalesce(seats.segment, {NOWHERE})"""
"""Joins ``held`` (with ``unit`` and ``slice``) to every place that it belongs to."""


PLACE = "coalesce(held.person, ancestors.unit)"
"""The place itself: of a person's figures, the person."""


@dataclass(frozen=True, slots=True, eq=False)
class Seats:
    """``seats``: the segment and kind of each unit on each slice; ``above``: the places of each segment.

    ``homes`` has each segment within the home trust once: what is a person's is added to nobody's, and
    counts where it counts for somebody.
    """

    seats: pa.Table
    above: pa.Table
    homes: pa.Table


def seats(structure: Structure, slices: pa.Table, organisation: Organisation, engine: Session) -> Seats:
    """The seats of a structure on some slices."""
    found = engine.query(_SQL, tables={"segments": structure.segments, "slices": slices})
    inside = pc.unique(structure.ancestors["segment"])
    home = pa.repeat(str(organisation.home), len(inside))
    homes = pa.table([inside, home], schema=ANCESTORS)
    return Seats(found, structure.ancestors, homes)


def kept_kinds(kinds: tuple[str, ...], literals: list[str]) -> str:
    """SQL of whether a held unit is of one of some kinds; of units that nobody knows, who can tell."""
    return f"(seats.segment IS NULL OR seats.kind IN ({', '.join(literals)}))" if kinds else "TRUE"
