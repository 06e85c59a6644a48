"""Contacts: appointments and visits, kept or missed, and how they were held."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import Tree
from trigpoint.demo.people import KNOWN_BEFORE, drawn, people
from trigpoint.demo.records import (
    WITH_CONTACTS,
    Placed,
    by_kind,
    dates,
    described,
    misplaced,
    numbered,
    texts,
)
from trigpoint.demo.timeline import MONTHS, Ints, chance

STATUSES = ("attended", "missed", "cancelled_by_patient", "cancelled_by_trust")
CANCELLED = (0.05, 0.03)
MORE_MISSED = 0.04
"""By how much more of children's appointments are missed: a planted truth."""
MEDIA = ("face_to_face", "video", "telephone")
VISITS = (
    "district-nursing",
    "urgent-community-response",
    "podiatry",
    "equipment",
    "sexual-health",
    "liaison",
)
"""Kinds of team that see people where they are, or not at all."""


@cache
def contacts(seed: int, tree: Tree) -> pa.Table:
    """A row each."""
    stream = chance(seed, "contacts")
    placed = Placed.drawn(tree, MONTHS, WITH_CONTACTS, stream)
    kinds, days, count = placed.kinds, placed.days(stream), len(placed.team)
    remote = by_kind({name: 0.03 if name in VISITS else 0.31 for name in KINDS}, kinds)
    apart = stream.random(count) < remote
    return pa.table(
        {
            "contact": numbered("C", count),
            "team": pa.array(misplaced(placed.codes, days, tree, stream)),
            "day": dates(days),
            "status": texts(STATUSES, _statuses(stream, placed, tree)),
            "medium": texts(MEDIA, np.where(apart, 1 + drawn(stream, (0.6, 0.4), count), 0)),
            **described(people(stream, list(kinds), np.full(count, KNOWN_BEFORE))),
        }
    )


def _statuses(stream: np.random.Generator, placed: Placed, tree: Tree) -> Ints:
    """Kept, missed or cancelled. ``missed`` is a share of those that were not cancelled."""
    children = tree.division_of(5)
    of_children = np.array([tree.division_of(int(team.service[1:]) - 1) == children for team in placed.teams])
    missed = by_kind({name: kind.missed for name, kind in KINDS.items()}, placed.kinds)
    missed += np.where(of_children[placed.team], MORE_MISSED, 0.0)
    count = len(placed.team)
    kept = np.where(stream.random(count) < missed, 1, 0)
    cancelled = stream.random(count)
    by_patient, by_trust = cancelled < CANCELLED[0], cancelled > 1 - CANCELLED[1]
    return np.asarray(np.where(by_patient, 2, np.where(by_trust, 3, kept)))
