"""When the demo trust's figures are about, and the seeded chance behind each of its tables."""

from __future__ import annotations

import datetime as dt
import zlib

import numpy as np
import numpy.typing as npt

from trigpoint.terms.period import Month

FIRST, LAST = Month(2023, 11), Month(2026, 10)
"""The months of the first 36 deliveries."""
NEXT = LAST + 1
"""The month that `next-month` brings."""
MONTHS = tuple(FIRST.through(NEXT))
EARLIEST = Month(2021, 11)
"""Referrals and stays begin two years earlier: those that had not ended when the first month began are kept,
so that it has people who have waited for a year."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]
"""Days since 1970; ``NEVER`` where it has not happened."""
NEVER = np.iinfo(np.int64).max


def chance(seed: int, table: str) -> np.random.Generator:
    """A stream of its own for each table, so that a change of one leaves the others as they were."""
    keyed = np.random.SeedSequence(seed, spawn_key=(zlib.crc32(table.encode()),))
    return np.random.Generator(np.random.PCG64(keyed))


def day(date: dt.date) -> int:
    """Days since 1970."""
    return date.toordinal() - dt.date(1970, 1, 1).toordinal()


def place(month: Month) -> int:
    """A month's place in ``MONTHS``; below 0 before the first."""
    return month.index - FIRST.index
