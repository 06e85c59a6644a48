"""One indicator's definition and figures in a few lines, for the tests of bearings."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month, Period

UNITS = """code,name,level,parent,from,to,breaks,note
N,Nation,nation,,,,,
A,Trust A before,trust,N,,2023-12-31,,
A,Trust A,trust,N,2024-01-01,,yes,Merged with its neighbour
B,Trust B,trust,N,,,,
C,Trust C,trust,N,,,,
D,Trust D,trust,N,,,,
E,Trust E,trust,N,,,,
"""
FRAME = """
perspectives:
  all: {title: All}
objectives:
  all: {title: All, perspective: all}
peer_groups:
  trusts:
    title: Trusts
    members: [{unit: A}, {unit: B}, {unit: C}, {unit: D, from: 2024-03-01}]
sources:
  returns:
    title: Returns
    format: csv
    layout: wide
    delivery: replace
    windows: [1 month, 3 months]
    columns:
      start: {as: start, type: date}
      end: {as: end, type: date}
      unit: {as: unit}
      seen: {as: value, item: seen}
"""
INDICATOR = """
title: An indicator
objective: all
owner: The owner
measured_in: per cent
direction: up
versions:
  - {from: 2020-01, measure: {source: returns, value: seen}}
"""
STATES = {"-": State.NOT_SUBMITTED, "*": State.SUPPRESSED, "?": State.NOT_DUE, "/": State.NO_DENOMINATOR}


def catalogue(
    extra: str = "",
    *,
    replacing: Mapping[str, str] | None = None,
    decisions: str = "",
    profiles: str = "",
) -> Catalogue:
    """A catalogue with one indicator, X: ``INDICATOR`` with lines replaced, and ``extra`` lines added."""
    indicator = INDICATOR + textwrap.dedent(extra)
    for old, new in (replacing or {}).items():
        assert old in indicator
        indicator = indicator.replace(old, new)
    files = {
        "trigpoint.yaml": "name: A trust\nhome: A\npeers: trusts\n",
        "definitions/frame.yaml": FRAME + "indicators:\n  X:\n" + textwrap.indent(indicator, "    "),
        "definitions/units.csv": UNITS,
    }
    if decisions:
        files["decisions.yaml"] = "decisions:\n" + textwrap.indent(textwrap.dedent(decisions), "  ")
    if profiles:
        files["rule-profiles.yaml"] = "profiles:\n" + textwrap.indent(textwrap.dedent(profiles), "  ")
    return read_catalogue(files)


def panel(figures: Mapping[str, str], first: str = "2024-01", every: int = 1, window: int = 1) -> Panel:
    """Figures of X by unit, from a month on: numbers, or marks of ``STATES``; ``.`` is no observation.

    ``45/50`` has its parts, and is 90 per cent.
    """
    rows = []
    for unit, cells in figures.items():
        for step, cell in enumerate(cells.split()):
            if cell == ".":
                continue
            period = Period.ending(Month.parse(first) + step * every, window)
            state = STATES.get(cell, State.VALUE)
            value, parts = _figure(cell) if state is State.VALUE else (None, (None, None))
            key = ("X", unit, period.start, period.end, ALL)
            rows.append((*key, *parts, value, Status.FINAL, state, None, None))
    columns = [
        pa.array(column, type=field.type)
        for column, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
    ]
    return Panel.of(pa.table(columns, schema=SCHEMA))


def _figure(cell: str) -> tuple[float, tuple[float | None, float | None]]:
    """A number, and what it was made of."""
    numerator, _, denominator = cell.partition("/")
    if not denominator:
        return float(cell), (None, None)
    return 100 * float(numerator) / float(denominator), (float(numerator), float(denominator))
