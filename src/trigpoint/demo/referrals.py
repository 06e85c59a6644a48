"""Referrals: who came, how long they waited, and when they left."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import Tree, service_code
from trigpoint.demo.people import FIFTHS, KNOWN_AFTER, KNOWN_BEFORE, people
from trigpoint.demo.records import (
    LONG,
    WITH_REFERRALS,
    Placed,
    Strings,
    by_kind,
    dates,
    described,
    lasting,
    misplaced,
    numbered,
    texts,
)
from trigpoint.demo.timeline import NEVER, Bools, Floats, Ints, chance
from trigpoint.demo.truths import CRISIS_BETTER, EQUITY_GAP, ETHNICITY_ASKED

LATER = ("first_contact", "closed")
"""Dates that may come after a referral was first delivered."""
SOURCES, _SOURCE_SHARES = ("gp", "self", "hospital", "other"), (0.55, 0.25, 0.12, 0.08)
URGENT = {"crisis": 0.85, "camhs-eating-disorders": 0.3, "urgent-community-response": 0.9}


@cache
def referrals(seed: int, tree: Tree) -> pa.Table:
    """A row each, with everything that happens to it by the end of the last month."""
    stream = chance(seed, "referrals")
    placed = Placed.drawn(tree, LONG, WITH_REFERRALS, stream)
    kinds, received, count = placed.kinds, placed.days(stream), len(placed.team)
    known = np.where(placed.calendar >= ETHNICITY_ASKED.index, KNOWN_AFTER, KNOWN_BEFORE)
    who = people(stream, list(kinds), known)
    urgent = stream.random(count) < by_kind({name: URGENT.get(name, 0.08) for name in KINDS}, kinds)
    waits = _waits(stream, placed, kinds, who["deprivation"], urgent)
    seen = stream.random(count) >= by_kind({name: kind.wait.never for name, kind in KINDS.items()}, kinds)
    first = np.where(seen, received + waits, NEVER)
    stayed = np.floor(stream.gamma(1.6, 70.0, count)).astype(np.int64)
    closed = np.where(seen, received + waits + stayed, received + 10 + stayed)
    table = pa.table(
        {
            "referral": numbered("R", count),
            "team": pa.array(misplaced(placed.codes, received, tree, stream)),
            "received": dates(received),
            "first_contact": dates(first),
            "closed": dates(closed),
            "urgent": pa.array(urgent),
            "source": texts(
                SOURCES, np.searchsorted(np.cumsum(_SOURCE_SHARES), stream.random(count) * 0.999)
            ),
            **described(who),
        }
    )
    return table.filter(pa.array(lasting(received, closed)))


def _waits(stream: np.random.Generator, placed: Placed, kinds: Strings, fifth: Ints, urgent: Bools) -> Ints:
    """Whole days to the first contact: log-normal about a centre that the planted truths move."""
    centre = by_kind({name: kind.wait.centre() for name, kind in KINDS.items()}, kinds)
    spread = by_kind({name: kind.wait.spread for name, kind in KINDS.items()}, kinds)
    services = np.array([team.service for team in placed.teams])[placed.team]
    for where, kind, share in _moved(placed.calendar, kinds, services, fifth):
        centre[where] = KINDS[kind].wait.centre(share)
    quicker = (kinds == "camhs-eating-disorders") & urgent
    centre[quicker] -= 1.45  # urgent cases are seen within a week
    return np.asarray(np.floor(np.exp(centre + spread * stream.normal(0, 1, len(kinds)))).astype(np.int64))


def _moved(calendar: Ints, kinds: Strings, services: Strings, fifth: Ints) -> list[tuple[Bools, str, float]]:
    """Whose waits differ from their kind's: the crisis teams' since March 2026, and by deprivation."""
    crisis, adults = KINDS["crisis"].wait.share, KINDS["community-mental-health"].wait.share
    found = [((kinds == "crisis") & (calendar >= CRISIS_BETTER.index), "crisis", crisis + 0.07)]
    leans: Floats = np.linspace(-EQUITY_GAP / 2, EQUITY_GAP / 2, 5) / 100
    for place, lean in enumerate((*leans, 0.0)):
        assert place < len(FIFTHS)  # noqa: S101 - the last is not known, and leans neither way
        here = (kinds == "community-mental-health") & (fifth == place)
        north = services == service_code(2)
        found += [(here & north, "community-mental-health", adults + lean - 0.02)]
        found += [(here & ~north, "community-mental-health", adults + lean + 0.01)]
    return found
