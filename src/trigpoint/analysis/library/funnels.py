"""Units of different size for analysts: funnels, and ranks with the range that they are likely to lie in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from trigpoint.analysis.arguments import positive
from trigpoint.analysis.library.answer import Answer, Bars
from trigpoint.analysis.library.asked import direction_of
from trigpoint.analysis.library.numbers import Numbers, percent
from trigpoint.analysis.library.units import Units
from trigpoint.analysis.peers.funnel import LEVELS, Funnel
from trigpoint.analysis.peers.funnel import funnel as limits_of
from trigpoint.analysis.peers.kinds import KINDS, Kind
from trigpoint.analysis.peers.methods import Method
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.analysis.peers.standing import standing
from trigpoint.definitions.indicator import Direction


def funnel(  # noqa: PLR0913 - what an analyst may say of a funnel, each with its name
    data: object = None,
    *,
    numerator: object = None,
    denominator: object = None,
    unit: object = None,
    kind: Kind = "proportion",
    target: float | None = None,
    per: float = 1.0,
    confidence: Sequence[float] = LEVELS,
    method: Method | str = "exact",
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """Units against limits that are wider where numbers are smaller, over-dispersion allowed for.

    ``data`` is a frame whose columns ``numerator``, ``denominator`` and ``unit`` name; or leave it out
    and give the columns themselves. ``kind`` is ``proportion``, ``rate`` (events over an exposure),
    ``standardised`` (observed over expected) or ``counts`` (a ratio of two counts). What ``target``,
    ``confidence`` and ``method`` do is said by ``trigpoint.analysis.peers.funnel.funnel``. ``ours`` is
    the unit that the picture marks. Units without both counts stay in the table, with nothing said.

    Raises ValueError, naming the argument and the row, for what cannot be compared.
    """
    found = _units(data, numerator, denominator, unit, kind)
    known = found.names.filter(pa.array(found.there)).to_pylist()
    limits = limits_of(
        found.top,
        found.bottom,
        kind,
        units=known,
        target=target,
        per=per,
        confidence=confidence,
        method=method,
    )
    numbers = Numbers.of(limits.value, *percent(kind == "proportion", per))
    columns: dict[str, pa.Array] = {
        **found.counts("numerator", "denominator"),
        "value": found.laid(limits.value),
    }
    for level, lower, upper in zip(limits.confidence, limits.lower, limits.upper, strict=True):
        columns[f"lower_{_level(level)}"], columns[f"upper_{_level(level)}"] = (
            found.laid(lower),
            found.laid(upper),
        )
    columns["verdict"] = found.words([_verdict(code, limits.confidence) for code in limits.verdict.tolist()])
    columns["state"] = found.state
    return Answer(
        title or "Funnel",
        pa.table(columns),
        " ".join(_said(limits, numbers)),
        numbers,
        limits,
        "funnel",
        Bars(counted=(found.out_of,)),
        ours=known_unit(ours, known),
        most=per if kind == "proportion" else None,
    )


def ranks(  # noqa: PLR0913
    data: object = None,
    *,
    numerator: object = None,
    denominator: object = None,
    unit: object = None,
    kind: Kind = "proportion",
    improvement: Direction = "up",
    per: float = 1.0,
    confidence: float = 0.95,
    ours: str | None = None,
    title: str = "",
) -> Answer:
    """The rank of each unit, 1 the best, with the range that its true rank is likely to lie in.

    Takes what ``funnel`` takes. ``improvement`` says which way is better; where neither is, rank 1 is
    the highest. The quarter is that of the ranks: 4 is the best. Raises ValueError as ``funnel`` does.
    """
    way, per = direction_of(improvement), float(positive("per", per))
    found = _units(data, numerator, denominator, unit, kind)
    likely = likely_ranks(found.top, found.bottom, kind, direction=way, confidence=confidence)
    value = per * found.top / found.bottom
    quarter = standing(value[None], way).quarter[0].astype(np.float64)
    known = found.names.filter(pa.array(found.there)).to_pylist()
    table = pa.table(
        {
            **found.counts("numerator", "denominator"),
            "value": found.laid(value),
            "rank": found.laid(likely.rank.astype(np.float64)).cast(pa.int64()),
            "lower": found.laid(likely.lower.astype(np.float64)).cast(pa.int64()),
            "upper": found.laid(likely.upper.astype(np.float64)).cast(pa.int64()),
            "quarter": found.laid(np.where(quarter == 0, np.nan, quarter)).cast(pa.int64()),
            "state": found.state,
        }
    )
    width = float(np.median(likely.upper - likely.lower + 1))
    return Answer(
        title or "Ranks",
        table,
        f"{len(known)} units. Half of them could lie in any of {width:g} places or more "
        f"({100 * confidence:g}% likely ranges).",
        Numbers.of(value, *percent(kind == "proportion", per)),
        likely,
        "ranked",
        Bars("rank", counted=("value",), lowest_first=True),
        known_unit(ours, known),
    )


def _units(data: object, numerator: object, denominator: object, unit: object, kind: Kind) -> Units:
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}: expected {', '.join(KINDS)}")
    top, bottom = ("numerator", numerator), ("denominator", denominator)
    found = Units.of(data, top, bottom, unit, share=kind == "proportion")
    if not found.there.any():
        raise ValueError(
            "no unit has both a numerator and a denominator above 0: there is nothing to compare"
        )
    return found


def known_unit(ours: str | None, units: Sequence[str]) -> str | None:
    """The unit to mark. Raises ValueError for one that is not there, or has no figure."""
    if ours is not None and ours not in units:
        raise ValueError(f"ours is {ours!r}, which is no unit with a figure")
    return ours


def _level(confidence: float) -> str:
    """``95``, ``99.8``."""
    return f"{100 * confidence:g}"


def _verdict(code: int, confidence: Sequence[float]) -> str:
    """``inside``, ``above the 95% limit``."""
    if code == 0:
        return "inside"
    return f"{'above' if code > 0 else 'below'} the {_level(confidence[abs(code) - 1])}% limit"


def _said(found: Funnel, numbers: Numbers) -> Iterator[str]:
    above, below = int((found.verdict > 0).sum()), int((found.verdict < 0).sum())
    target = numbers.limit(found.target)
    yield f"{len(found.units)} units about {target}: {above} above the limits, {below} below."
    if math.isnan(found.phi):
        yield "Limits allow for chance alone: too little is counted to tell whether units differ by more."
    elif found.adjusted:
        yield f"Limits allow for over-dispersion (phi {found.phi:.2f})."
    else:
        yield f"Limits allow for chance alone (phi {found.phi:.2f})."
