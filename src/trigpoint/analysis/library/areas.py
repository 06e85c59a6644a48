"""Figures from rows of areas and bands, for analysts: standardised rates, means and inequality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.findings import known
from trigpoint.analysis.library.answer import Answer, Bars
from trigpoint.analysis.library.columns import Column, Given, column, same_length
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.library.units import needed
from trigpoint.analysis.rates import crude, standardised
from trigpoint.analysis.rates import inequality as indices
from trigpoint.analysis.rates.inequality import Bands, Kind
from trigpoint.analysis.rates.standardised import EUROPEAN_2013, PER
from trigpoint.terms.panel import ALL

Standard = Mapping[Any, float]
_NO_LIMITS = Bars(counted=("events", "population"))


def directly_standardised(  # noqa: PLR0913 - what such a rate is made of, each with its name
    data: object = None,
    *,
    area: object = None,
    band: object = None,
    events: object = None,
    population: object = None,
    standard: Standard = EUROPEAN_2013,
    per: float = PER,
    confidence: float = 0.95,
    title: str = "",
) -> Answer:
    """Directly standardised rates of areas: those that they would have with the ``standard``'s people.

    A row holds an area and a band. ``data`` is a frame whose columns the arguments name; or leave it
    out and give the columns. Raises ValueError, naming the argument and the row, also for a band that
    the standard has not.
    """
    given = Given(data)
    rows = _Rows.of(given, area, band, {"events": events, "population": population})
    found = standardised.directly_standardised(
        rows.areas, rows.bands, rows["events"], rows["population"], standard, per, confidence
    )
    return _direct(found, per, title)


def directly_standardised_repeats(  # noqa: PLR0913
    data: object = None,
    *,
    area: object = None,
    band: object = None,
    people: object = None,
    frequency: object = None,
    population: object = None,
    standard: Standard = EUROPEAN_2013,
    per: float = PER,
    confidence: float = 0.95,
    title: str = "",
) -> Answer:
    """The same of what happens to some people again and again: ``people`` had it ``frequency`` times each.

    There is a row for each area, band and frequency.
    """
    given = Given(data)
    parts = {"people": people, "frequency": frequency, "population": population}
    rows = _Rows.of(given, area, band, parts)
    found = standardised.directly_standardised_repeats(
        rows.areas,
        rows.bands,
        rows["people"],
        rows["frequency"],
        rows["population"],
        standard,
        per,
        confidence,
    )
    return _direct(found, per, title)


def _direct(found: standardised.DirectRates, per: float, title: str) -> Answer:
    table = _table(found, "area", "events", "population", "value", "lower", "upper")
    return Answer(
        title or f"Directly standardised rates per {per:,.6g}",
        table,
        _counted(found.status, "areas"),
        Numbers.of(found.value, ""),
        found,
        "ranked",
        _NO_LIMITS,
    )


def indirectly_standardised(  # noqa: PLR0913
    data: object = None,
    *,
    area: object = None,
    band: object = None,
    events: object = None,
    population: object = None,
    reference: Mapping[Any, tuple[float, float]],
    per: float = PER,
    confidence: float = 0.95,
    title: str = "",
) -> Answer:
    """Events over those that the ``reference``'s rates would give each area, times 100; and rates by them.

    ``reference`` has the events and the population of each band. Takes rows as
    ``directly_standardised`` does.
    """
    rows = _Rows.of(Given(data), area, band, {"events": events, "population": population})
    found = standardised.indirectly_standardised(
        rows.areas, rows.bands, rows["events"], rows["population"], reference, per, confidence
    )
    ratios = ("observed", "expected", "ratio", "ratio_lower", "ratio_upper")
    table = _table(found, "area", *ratios, "value", "lower", "upper", "method")
    bars = Bars("ratio", "ratio_lower", "ratio_upper", ("observed", "expected"), ("As expected", 100.0))
    return Answer(
        title or "Indirectly standardised ratios",
        table,
        _counted(found.status, "areas"),
        Numbers.of(found.ratio, ""),
        found,
        "ranked",
        bars,
    )


def inequality(  # noqa: PLR0913
    data: object = None,
    *,
    band: object = None,
    population: object = None,
    value: object = None,
    lower: object = None,
    upper: object = None,
    area: object = None,
    kind: Kind = "rate",
    per: float = 1.0,
    confidence: float = 0.95,
    transform: bool = False,
    seed: int = 1,
    title: str = "",
) -> Answer:
    """The slope and the relative index of inequality, over bands of people by deprivation.

    A row holds a band (the most deprived has the lowest number), its people, and its figure with 95%
    limits. Without ``area``, all rows are one. Limits of the indices are simulated with ``seed``.
    """
    given = Given(data)
    parts = {"population": population, "value": value, "lower": lower, "upper": upper}
    rows = _Rows.of(given, area, band, parts, counts=("population",))
    bands = Bands(rows.areas, np.asarray(rows.bands), *(rows[name] for name in parts))
    found = indices.inequality(bands, kind, seed=seed, confidence=confidence, per=per, transform=transform)
    names = (
        "slope",
        "slope_lower",
        "slope_upper",
        "relative",
        "relative_lower",
        "relative_upper",
        "most",
        "least",
    )
    table = _table(found, "area", *names)
    return Answer(
        title or "Inequality", table, _counted(found.status, "areas"), Numbers.of(found.slope, ""), found
    )


def mean(
    data: object = None,
    *,
    value: object = None,
    group: object = None,
    confidence: float = 0.95,
    title: str = "",
) -> Answer:
    """The mean of each group's figures with its t interval; without ``group``, of all of them together."""
    given = Given(data)
    bare = given.data is not None and given.names is None
    figures = column("data", given.data) if bare else needed(given, "value", value)
    groups = given.column("group", group)
    same_length([it for it in (figures, groups) if it is not None])
    found = crude.mean(
        _whole(figures, figures.figures), None if groups is None else _labels(groups), confidence
    )
    table = _table(found, "group", "count", "value", "lower", "upper", "deviation")
    said = _counted(found.status, "groups")
    return Answer(
        title or "Means", table, said, Numbers.of(found.value, ""), found, "ranked", Bars(counted=("count",))
    )


class _Rows(dict[str, Floats]):
    """The rows of a long table: the area and the band of each, and its numbers by the arguments' names."""

    areas: list[object]
    bands: list[object]

    @classmethod
    def of(
        cls,
        given: Given,
        area: object,
        band: object,
        parts: Mapping[str, object],
        counts: tuple[str, ...] | None = None,
    ) -> _Rows:
        """Raises ValueError for columns of unequal length, and for what is text, infinite or missing.

        Of the parts, ``counts`` (all, if left out) cannot be below zero.
        """
        bands, areas = needed(given, "band", band), given.column("area", area)
        columns = {name: needed(given, name, part) for name, part in parts.items()}
        same_length([bands, *columns.values(), *([] if areas is None else [areas])])
        rows = cls()
        for name, one in columns.items():
            rows[name] = _whole(one, one.counts if counts is None or name in counts else one.figures)
        rows.bands = _labels(bands)
        rows.areas = [ALL] * len(bands) if areas is None else _labels(areas)
        return rows


def _whole(given: Column, figures: Floats) -> Floats:
    given.refuse(np.isnan(figures), "missing. Give a number in each row, or leave the row out.")
    return figures


def _labels(given: Column) -> list[object]:
    given.refuse(given.cells.is_null().to_numpy(zero_copy_only=False), "missing. Give each row its own.")
    return list(given.cells.to_pylist())


def _table(found: object, *names: str) -> pa.Table:
    """An answer's arrays as columns, and why a row is not answered in full."""
    columns = {name: getattr(found, name) for name in (*names, "status", "sentence")}
    laid = {"note" if name == "sentence" else name: _column(it) for name, it in columns.items()}
    return pa.table(laid)


def _column(values: npt.NDArray[Any]) -> pa.Array:
    if values.dtype.kind == "f":
        return known(values)
    return pa.array(values) if values.dtype.kind == "i" else _text(values)


def _text(words: npt.NDArray[Any]) -> pa.Array:
    return pa.array([str(word) for word in words.tolist()], type=pa.string())


def _counted(status: npt.NDArray[Any], what: str) -> str:
    without = int((status != "given").sum())
    counted = f"{len(status)} {what if len(status) != 1 else what.removesuffix('s')}"
    return counted + (f", {without} of them not answered in full: note says why." if without else ".")
