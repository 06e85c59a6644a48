"""Who the records' patients are: age, sex, ethnicity and deprivation, each with those not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.timeline import Floats, Ints

AGES = ("0-17", "18-44", "45-64", "65+", "")
SEXES, SEX_SHARES = ("2", "1", "9", "X"), (0.545, 0.435, 0.008, 0.012)
FIFTHS, FIFTH_SHARES = ("1", "2", "3", "4", "5", ""), (0.24, 0.22, 0.2, 0.17, 0.145, 0.025)
ETHNICITIES = ("A", "B", "C", "D", "F", "G", "H", "J", "K", "L", "M", "N", "R", "S", "Z", "99", "")
"""The NHS's codes; Z is not stated, 99 not known."""
_KNOWN = (0.86, 0.008, 0.034, 0.007, 0.009, 0.007, 0.012, 0.006, 0.006, 0.008, 0.007, 0.013, 0.009, 0.014)
_UNKNOWN = (0.45, 0.35, 0.2)
KNOWN_BEFORE, KNOWN_AFTER = 0.84, 0.93
"""The share whose ethnicity is known, before and since it was asked on the referral form."""


def people(stream: np.random.Generator, kinds: Sequence[str], known: Floats) -> Mapping[str, Ints]:
    """A place in ``AGES``, ``SEXES``, ``ETHNICITIES`` and ``FIFTHS`` for each record.

    ``kinds`` are the records' teams', ``known`` the chance that a record's ethnicity is known.
    """
    return {
        "age_band": _ages(stream, kinds),
        "sex": drawn(stream, SEX_SHARES, len(kinds)),
        "ethnicity": np.where(
            stream.random(len(kinds)) < known,
            drawn(stream, _KNOWN, len(kinds)),
            len(_KNOWN) + drawn(stream, _UNKNOWN, len(kinds)),
        ),
        "deprivation": drawn(stream, FIFTH_SHARES, len(kinds)),
    }


CODES: Mapping[str, tuple[str, ...]] = {
    "age_band": AGES,
    "sex": SEXES,
    "ethnicity": ETHNICITIES,
    "deprivation": FIFTHS,
}


def _ages(stream: np.random.Generator, kinds: Sequence[str]) -> Ints:
    names, which = np.unique(np.asarray(kinds), return_inverse=True)
    bounds = np.array([np.cumsum(KINDS[name].age) for name in names])
    ages = (stream.random(len(kinds))[:, None] > bounds[which, :3]).sum(axis=1)
    return np.where(stream.random(len(kinds)) < 0.01, len(AGES) - 1, ages).astype(np.int64)


def drawn(stream: np.random.Generator, shares: Sequence[float], count: int) -> Ints:
    """Places drawn by their shares, which are made to add up to 1."""
    bounds = np.cumsum(shares) / sum(shares)
    return (
        np.searchsorted(bounds, stream.random(count), side="right").clip(0, len(shares) - 1).astype(np.int64)
    )
