"""Each unit against the rest of the whole that it is part of, for analysts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arguments import positive
from trigpoint.analysis.finding import Difference
from trigpoint.analysis.library.answer import Answer, Bars
from trigpoint.analysis.library.asked import Kind, direction_of
from trigpoint.analysis.library.funnels import known_unit
from trigpoint.analysis.library.numbers import Numbers, percent
from trigpoint.analysis.library.units import Units
from trigpoint.analysis.whole.against import DIFFERENCES, verdicts
from trigpoint.analysis.whole.compare import against_rest, rest, too_few
from trigpoint.definitions.indicator import Direction


def compare(  # noqa: PLR0913 - what an analyst may say of a comparison, each with its name
    data: object = None,
    *,
    numerator: object = None,
    denominator: object = None,
    unit: object = None,
    kind: Kind = "proportion",
    improvement: Direction = "neutral",
    per: float = 1.0,
    confidence: float = 0.95,
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """Each unit's difference from the whole that all units make, tested against the rest of it.

    ``data`` is a frame whose columns the arguments name; or leave it out and give the columns. The
    verdict is ``better`` or ``worse`` (where neither way is better, ``higher`` or ``lower``) only where
    chance does not explain the difference. Units without both counts stay in the table, and are no part
    of the whole. Raises ValueError, naming the argument and the row, for what cannot be compared.
    """
    way, per = direction_of(improvement), float(positive("per", per))
    units = Units.of(
        data, ("numerator", numerator), ("denominator", denominator), unit, share=kind == "proportion"
    )
    if len(units.top) < 2:
        raise ValueError("fewer than two units have both counts: there is no rest to compare with")
    whole, size = units.top.sum(), units.bottom.sum()
    found = against_rest(units.top, units.bottom, whole, size, kind, per, confidence)
    everyone, all_events = np.full(len(units.top), size), np.full(len(units.top), whole)
    few = too_few(units.top, units.bottom, rest(all_events, units.top), rest(everyone, units.bottom), kind)
    said = [DIFFERENCES[code] for code in verdicts(found, few, way).tolist()]
    value = per * units.top / units.bottom
    numbers = Numbers.of(value, *percent(kind == "proportion", per))
    table = pa.table(
        {
            **units.counts("numerator", "denominator"),
            "value": units.laid(value),
            "difference": units.laid(found.difference),
            "lower": units.laid(found.lower),
            "upper": units.laid(found.upper),
            "share": units.laid(units.bottom / size),
            "verdict": units.words([str(word) for word in said]),
            "state": units.state,
        }
    )
    beyond = sum(word not in (Difference.NO_DIFFERENT, Difference.TOO_FEW) for word in said)
    names = units.names.filter(pa.array(units.there)).to_pylist()
    return Answer(
        title or "Difference from the whole",
        table,
        f"{len(said)} units against the rest of a whole of {numbers.limit(per * whole / size)}: "
        f"{beyond} differ by more than chance explains.",
        numbers,
        found,
        "ranked",
        Bars("difference", counted=("value",), line=("No difference", 0.0), differs="verdict"),
        known_unit(ours, names),
    )
