"""Stays on wards, and the nights that they come to."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import Tree
from trigpoint.demo.people import KNOWN_BEFORE, drawn, people
from trigpoint.demo.records import (
    LONG,
    WITH_BEDS,
    Placed,
    Strings,
    by_kind,
    dates,
    described,
    lasting,
    numbered,
    texts,
)
from trigpoint.demo.timeline import MONTHS, NEVER, Days, Floats, Ints, chance, day, place
from trigpoint.demo.truths import FOLLOW_UP_SLIDES

LATER = ("discharged", "ready", "followed_up")
"""Dates that may come after a stay was first delivered."""
DESTINATIONS = ("home", "other_hospital", "died", "care_home")
FOLLOWED = ("adult-acute-ward", "picu")
FOLLOW_UP, LOST = 0.86, 0.15
"""The share followed up within 72 hours, and what is lost of it within six months."""
_BEDS = {name: kind.beds for name, kind in KINDS.items() if kind.beds}


@cache
def stays(seed: int, tree: Tree) -> pa.Table:
    """A row each, with everything that happens to it, whenever that is."""
    stream = chance(seed, "stays")
    placed = Placed.drawn(tree, LONG, WITH_BEDS, stream)
    kinds, admitted, count = placed.kinds, placed.days(stream), len(placed.team)
    median = by_kind({name: beds.median for name, beds in _BEDS.items()}, kinds)
    spread = by_kind({name: beds.spread for name, beds in _BEDS.items()}, kinds)
    nights = np.floor(median * np.exp(spread * stream.normal(0, 1, count))).astype(np.int64)
    discharged = admitted + nights
    detained = by_kind({name: beds.detained for name, beds in _BEDS.items()}, kinds)
    table = pa.table(
        {
            "stay": numbered("W", count),
            "ward": pa.array(placed.codes),
            "admitted": dates(admitted),
            "discharged": dates(discharged),
            "ready": dates(_ready(stream, discharged, nights)),
            "followed_up": dates(_followed_up(stream, kinds, discharged)),
            "destination": texts(DESTINATIONS, drawn(stream, (0.86, 0.05, 0.015, 0.075), count)),
            "readmitted": pa.array(stream.random(count) < 0.085),
            "detained": pa.array(stream.random(count) < detained),
            **described(people(stream, list(kinds), np.full(count, KNOWN_BEFORE))),
        }
    )
    return table.filter(pa.array(lasting(admitted, discharged)))


def _ready(stream: np.random.Generator, discharged: Days, nights: Ints) -> Days:
    """When a person was ready to leave, where that was earlier than the day on which they left."""
    delay = np.ceil(10 * np.exp(0.8 * stream.normal(0, 1, len(nights)))).astype(np.int64)
    delayed = (stream.random(len(nights)) < 0.24) & (delay < nights)
    return np.where(delayed, discharged - delay, NEVER)


def _followed_up(stream: np.random.Generator, kinds: Strings, discharged: Days) -> Days:
    """The day of the first contact after leaving an acute ward: within three days, later, or never."""
    start, length = day(FOLLOW_UP_SLIDES.start), 184
    slid = np.clip((discharged + 3 - start) / length, 0, 1) * LOST
    in_time = stream.random(len(kinds)) < FOLLOW_UP - slid
    soon = np.floor(stream.random(len(kinds)) * 4).astype(np.int64)
    later = 4 + np.floor(stream.random(len(kinds)) * 20).astype(np.int64)
    never = stream.random(len(kinds)) < 0.2
    days = np.where(in_time, discharged + soon, np.where(never, NEVER, discharged + later))
    return np.where(np.isin(kinds, FOLLOWED), days, NEVER)


def nights(table: pa.Table, tree: Tree) -> Floats:
    """Nights slept on each team's beds in each month, [teams, months]."""
    admitted, discharged = (_days(table[name]) for name in ("admitted", "discharged"))
    codes = {team.code: i for i, team in enumerate(tree.units)}
    team = np.array([codes[code] for code in table["ward"].to_pylist()])
    found = np.zeros((len(tree.units), len(MONTHS)))
    for month in MONTHS:
        first, after = day(month.start), day((month + 1).start)
        within = np.minimum(discharged, after) - np.maximum(admitted, first)
        found[:, place(month)] = np.bincount(team, np.maximum(within, 0), minlength=len(tree.units))
    return found


def _days(column: pa.ChunkedArray) -> Days:
    return np.asarray(column.to_numpy().astype("datetime64[D]").astype(np.int64))
