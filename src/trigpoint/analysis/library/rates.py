"""Figures of units with their intervals, for analysts: shares, rates and standardised ratios."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from trigpoint.analysis.library.answer import Answer, Bars
from trigpoint.analysis.library.funnels import known_unit
from trigpoint.analysis.library.numbers import Numbers, percent
from trigpoint.analysis.library.units import Units
from trigpoint.analysis.rates import crude
from trigpoint.analysis.rates.crude import Estimate


def proportion(
    data: object = None,
    *,
    numerator: object = None,
    denominator: object = None,
    unit: object = None,
    per: float = 1.0,
    confidence: float = 0.95,
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """The share of each unit, ``per`` times numerator over denominator, with Wilson's interval.

    ``data`` is a frame whose columns the arguments name; or leave it out and give the columns. Units
    without both counts stay in the table. Raises ValueError, naming the argument and the row.
    """
    units = Units.of(data, ("numerator", numerator), ("denominator", denominator), unit, share=True)
    found = crude.proportion(units.top, units.bottom, per, confidence)
    overall = per * float(units.top.sum() / max(units.bottom.sum(), np.finfo(float).tiny))
    return _answer(
        title or "Proportions", units, ("numerator", "denominator"), found, True, per, overall, ours
    )


def rate(
    data: object = None,
    *,
    events: object = None,
    population: object = None,
    unit: object = None,
    per: float = 100_000,
    confidence: float = 0.95,
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """The crude rate of each unit, events ``per`` so many people or so much time, with its interval.

    Takes columns as ``proportion`` does. Limits are exact below 10 events, and Byar's from there on.
    """
    units = Units.of(data, ("events", events), ("population", population), unit)
    found = crude.rate(units.top, units.bottom, per, confidence)
    overall = per * float(units.top.sum() / max(units.bottom.sum(), np.finfo(float).tiny))
    return _answer(
        title or f"Rates per {per:,.6g}", units, ("events", "population"), found, False, per, overall, ours
    )


def standardised_ratio(
    data: object = None,
    *,
    observed: object = None,
    expected: object = None,
    unit: object = None,
    per: float = 100,
    confidence: float = 0.95,
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """Events observed over events expected in each unit, times ``per``, with its interval: an SMR, say.

    Takes columns as ``proportion`` does. Limits are exact below 10 events, and Byar's from there on.
    """
    units = Units.of(data, ("observed", observed), ("expected", expected), unit)
    found = crude.standardised_ratio(units.top, units.bottom, per, confidence)
    return _answer(
        title or "Standardised ratios", units, ("observed", "expected"), found, False, per, per, ours
    )


def _answer(
    title: str,
    units: Units,
    parts: tuple[str, str],
    found: Estimate,
    share: bool,
    per: float,
    line: float,
    ours: str | None,
) -> Answer:
    numbers = Numbers.of(found.value, *percent(share, per))
    table = pa.table(
        {
            **units.counts(*parts),
            "value": units.laid(found.value),
            "lower": units.laid(found.lower),
            "upper": units.laid(found.upper),
            "method": units.words(found.method),
            "state": units.state,
        }
    )
    said = f"{len(found.value)} units; all together {numbers.limit(line)}."
    if parts[0] == "observed":
        said = f"{len(found.value)} units; {numbers.limit(line)} is as expected."
    names = units.names.filter(pa.array(units.there)).to_pylist()
    bars = Bars(counted=parts, line=("As expected" if parts[0] == "observed" else "All together", line))
    most = per if share else None
    return Answer(title, table, said, numbers, found, "ranked", bars, known_unit(ours, names), most)
