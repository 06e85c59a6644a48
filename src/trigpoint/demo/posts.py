"""Staff in post, month by month: hours, sickness, appraisal and who leaves."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from trigpoint.demo.organisation import Tree
from trigpoint.demo.people import drawn
from trigpoint.demo.records import Strings, dates
from trigpoint.demo.timeline import MONTHS, Bools, Floats, Ints, chance, day, place
from trigpoint.terms.period import Month

HOURS, _HOUR_SHARES = (1.0, 0.8, 0.6, 0.5), (0.58, 0.2, 0.14, 0.08)
SHORT, LONG_TERM = 0.2, 0.024
"""The share of a month's staff with a short absence, and with one that lasts the whole month."""
LEAVES = 0.0098
"""The share of a month's staff who leave."""
WINTER = {12: 1.35, 1: 1.4, 2: 1.2, 7: 0.85, 8: 0.85}


@cache
def posts(seed: int, tree: Tree) -> pa.Table:
    """A row for each member of staff and month. Days are full-time equivalent."""
    stream = chance(seed, "posts")
    team, there = _teams(tree)
    wte = np.array(HOURS)[drawn(stream, _HOUR_SHARES, len(tree.persons))]
    length = np.array([(month.end - month.start).days + 1 for month in MONTHS])
    available = np.outer(wte, length)
    leaves = np.less(stream.random(available.shape), LEAVES)
    rows = (there & ~_vacant(stream, leaves)).ravel(order="F")  # month by month
    codes = np.array([code for code, _ in tree.persons])
    months = np.repeat([day(month.start) for month in MONTHS], len(codes))
    return pa.table(
        {
            "post": pa.array(np.tile(codes, len(MONTHS))),
            "month": dates(months),
            "team": pa.array(team.ravel(order="F")),
            "wte": _decimal(np.repeat(wte[:, None], len(MONTHS), axis=1)),
            "clinical": pa.array(np.tile(stream.random(len(codes)) < 0.86, len(MONTHS))),
            "permanent": pa.array(np.tile(stream.random(len(codes)) < 0.9, len(MONTHS))),
            "days_available": _decimal(available),
            "days_sick": _decimal(_sick(stream, available)),
            "appraised": pa.array(_appraised(stream, available.shape).ravel(order="F")),
            "leaver": pa.array(leaves.ravel(order="F")),
        }
    ).filter(pa.array(rows))


def _teams(tree: Tree) -> tuple[Strings, Bools]:
    """Each person's team in each month, and whether it is open, [persons, months]."""
    merged, heir = tree.event("merged").units
    codes = np.array([team for _, team in tree.persons])
    team = np.repeat(codes[:, None], len(MONTHS), axis=1)
    since = place(Month.of(tree.event("merged").day))
    team[codes == merged, since:] = heir
    there: Bools = np.ones(team.shape, dtype=np.bool_)
    opened, closed = tree.event("opened"), tree.event("closed")
    there[codes == opened.units[0], : place(Month.of(opened.day))] = False
    there[codes == closed.units[0], place(Month.of(closed.day)) :] = False
    return team, there


def _vacant(stream: np.random.Generator, leaves: Bools) -> Bools:
    """The months in which a post is empty: up to four after somebody left it."""
    length = stream.integers(0, 4, leaves.shape, endpoint=True)
    empty = np.zeros_like(leaves)
    for later in range(1, 5):
        empty[:, later:] |= (leaves & (length >= later))[:, :-later]
    return empty


def _decimal(numbers: Floats) -> pa.Array:
    """Numbers with one decimal as text, as a payroll writes them."""
    return pa.array(np.char.mod("%.1f", numbers.ravel(order="F")))


def _sick(stream: np.random.Generator, available: Floats) -> Floats:
    season = np.array([WINTER.get(month.number, 1.0) for month in MONTHS])
    short = stream.random(available.shape) < SHORT * season
    share = np.minimum(stream.geometric(0.22, available.shape) / 30, 1.0)
    whole = stream.random(available.shape) < LONG_TERM
    return np.where(whole, available, np.where(short, available * share, 0.0))


def _appraised(stream: np.random.Generator, shape: tuple[int, ...]) -> Bools:
    """Whether an appraisal was held within 12 months: each person has one every 11 to 16 months."""
    cycle = stream.integers(11, 16, shape[0], endpoint=True)[:, None]
    phase: Ints = stream.integers(0, 400, shape[0])[:, None]
    return np.asarray((np.arange(shape[1]) + phase) % cycle < 12)
