"""Incidents: what went wrong, how much harm it did, and when it was reported."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pyarrow as pa

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import Tree
from trigpoint.demo.people import drawn
from trigpoint.demo.records import Placed, dates, misplaced, numbered, rates, texts
from trigpoint.demo.stays import nights, stays
from trigpoint.demo.timeline import MONTHS, Floats, Ints, chance, day
from trigpoint.demo.truths import EXMOOR, RESTRAINT_DOUBLES, SERIOUS_MONTH, SERIOUS_TEAM

SORTS = ("restraint", "fall", "pressure_ulcer", "self_harm", "medication", "violence", "information")
_OTHERS = (0.27, 0.33, 0.25, 0.15)
HARMS, _HARM_SHARES = ("none", "low", "moderate", "severe", "death"), (0.66, 0.285, 0.045, 0.008, 0.002)
PRONE, SERIOUS, NEVER_EVENT = 0.11, 0.004, 0.0006
OF_EXMOOR = 2.0
"""How much more often people were restrained there than on other acute wards, all along."""
CLUSTER = (8, 10, 11, 14, 16)
"""The days of the planted cluster of serious incidents."""


@cache
def incidents(seed: int, tree: Tree) -> pa.Table:
    """A row each; ``reported`` is the day on which it came to be known."""
    stream = chance(seed, "incidents")
    sorts, placed = _placed(stream, seed, tree)
    days, count = placed.days(stream), len(placed.team)
    team, harm = placed.codes, drawn(stream, _HARM_SHARES, count)
    serious = stream.random(count) < SERIOUS
    cluster = _cluster(placed, sorts)
    days[cluster] = [
        day(dt.date(SERIOUS_MONTH.year, SERIOUS_MONTH.number, on)) for on in CLUSTER[: len(cluster)]
    ]
    serious[(team == SERIOUS_TEAM) & (placed.calendar == SERIOUS_MONTH.index)] = False
    serious[cluster], harm[cluster] = True, HARMS.index("severe")
    return pa.table(
        {
            "incident": numbered("I", count),
            "team": pa.array(misplaced(team, days, tree, stream)),
            "occurred": dates(days),
            "reported": dates(days + stream.geometric(0.55, count) - 1),
            "kind": texts(SORTS, sorts),
            "harm": texts(HARMS, harm),
            "prone": pa.array((sorts == 0) & (stream.random(count) < PRONE)),
            "serious": pa.array(serious),
            "never_event": pa.array(stream.random(count) < NEVER_EVENT),
        }
    )


def _placed(stream: np.random.Generator, seed: int, tree: Tree) -> tuple[Ints, Placed]:
    """How many of each sort there are in each team and month, laid out one by one, month after month."""
    slept, visits = nights(stays(seed, tree), tree), rates(tree, MONTHS, _usual("contacts"), stream)
    other = rates(tree, MONTHS, _usual("incidents"), stream)
    expected = np.stack(
        [slept * _restraint(tree), slept * _of_beds("falls", tree) / 1000, visits * _sores(tree) / 1000]
        + [other * share for share in _OTHERS]
    )
    counts = stream.poisson(expected)
    sort, team, month = np.indices(counts.shape).reshape(3, -1)
    order = np.argsort(month, kind="stable")
    many = counts.ravel()[order]
    sorts, teams, months = (np.repeat(part[order], many) for part in (sort, team, month))
    return sorts, Placed(tree.units, MONTHS, teams, months)


def _usual(what: str) -> dict[str, float]:
    return {name: float(getattr(kind, what)) for name, kind in KINDS.items()}


def _of_beds(what: str, tree: Tree) -> Floats:
    beds = [KINDS[team.kind].beds for team in tree.units]
    return np.array([[float(getattr(it, what)) if it else 0.0] for it in beds])


def _restraint(tree: Tree) -> Floats:
    """Restraints a night, [teams, months]: on one ward twice as many from a month on."""
    often = np.repeat(_of_beds("restraint", tree) / 1000, len(MONTHS), axis=1)
    exmoor = [team.code for team in tree.units].index(EXMOOR)
    often[exmoor] *= [2 * OF_EXMOOR if month >= RESTRAINT_DOUBLES else OF_EXMOOR for month in MONTHS]
    return often


def _sores(tree: Tree) -> Floats:
    return np.array([[KINDS[team.kind].sores] for team in tree.units])


def _cluster(placed: Placed, sorts: Ints) -> Ints:
    """The rows that become the planted cluster, of one ward and month: no restraints or falls, if enough."""
    codes = np.array([team.code for team in placed.teams])[placed.team]
    here = (codes == SERIOUS_TEAM) & (placed.calendar == SERIOUS_MONTH.index)
    others_first = np.argsort(np.where(sorts > 1, 0, 1), kind="stable")
    return np.asarray(others_first[here[others_first]][: len(CLUSTER)])
