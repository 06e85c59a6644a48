"""Whether a figure can be given, and if not, why: a name for code, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from trigpoint.analysis.arrays import Bools
from trigpoint.analysis.rates.intervals import FEWEST_EVENTS

Words = npt.NDArray[np.str_]
FEWEST_BANDS = 5
"""A line through fewer bands than this says little of a slope; PHEindicatormethods refuses them too."""


class RateStatus(StrEnum):
    """``GIVEN``, or the first reason that holds."""

    GIVEN = "given"
    BAND_MISSING = "band_missing"
    BAND_EMPTY = "band_empty"
    TOO_FEW_EVENTS = "too_few_events"
    NOTHING_EXPECTED = "nothing_expected"
    TOO_FEW_FIGURES = "too_few_figures"
    TOO_FEW_BANDS = "too_few_bands"
    AT_AN_END = "at_an_end"
    NO_RELATIVE = "no_relative"


SENTENCES: Mapping[RateStatus, str] = MappingProxyType(
    {
        RateStatus.GIVEN: "",
        RateStatus.BAND_MISSING: "A band has no row here, so the bands do not make up the whole.",
        RateStatus.BAND_EMPTY: "Nobody lives in one of the bands, so it has no rate of its own.",
        RateStatus.TOO_FEW_EVENTS: f"Fewer than {FEWEST_EVENTS} events are too few to standardise directly.",
        RateStatus.NOTHING_EXPECTED: "No event was to be expected, so there is nothing to compare with.",
        RateStatus.TOO_FEW_FIGURES: "One figure alone does not say how far figures stray: no interval.",
        RateStatus.TOO_FEW_BANDS: f"Fewer than {FEWEST_BANDS} bands are too few to fit a slope to.",
        RateStatus.AT_AN_END: "A band's figure or limit is 0, or 100%, so how far it may stray is not known.",
        RateStatus.NO_RELATIVE: "The fitted line comes down to 0, so its ends have no ratio.",
    }
)


def status_of(*rules: tuple[Bools, RateStatus]) -> Words:
    """The first status whose condition holds; else ``GIVEN``."""
    where, which = zip(*rules, strict=True)
    return np.select(list(where), [str(status) for status in which], str(RateStatus.GIVEN))


def sentences(status: npt.NDArray[Any]) -> Words:
    """Why each figure is not given, or not in full; nothing where it is."""
    return np.array([SENTENCES[RateStatus(name)] for name in status.tolist()], dtype=np.str_)
