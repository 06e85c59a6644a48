"""A trust of three divisions, one indicator and its figures in a few lines, for the tests of the whole."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month, Period

UNITS = """code,name,level,parent,from,to
T,The trust,trust,,,
O,Another trust,trust,,,
D1,Division one,division,T,,
D2,Division two,division,T,,
D3,Division three before,division,O,,2024-03-31
D3,Division three,division,T,2024-04-01,
S1,Service one,service,D3,,
"""
FRAME = """
perspectives:
  all: {title: All}
objectives:
  all: {title: All, perspective: all}
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
      done: {as: value, item: done}
      due: {as: value, item: due}
  people:
    title: People
    holds: records
    format: csv
    delivery: upsert
    key: [person]
    dated: day
    columns:
      person: {type: code}
      unit: {type: unit}
      day: {type: date}
      done: {type: boolean}
      age_band: {type: code}
cuts:
  age_band:
    title: Age
    groups:
      - {name: Under 18, codes: ['1']}
      - {name: 18 to 64, codes: ['2']}
      - {name: 65 and over, codes: ['3']}
indicators:
  X:
"""
COUNTED = "{from: people, month_of: day, count: records"
OF_RECORDS = {
    "{source: returns, numerator: done, denominator: due": f"{COUNTED}, with: done",
    "{source: returns, count: done": COUNTED,
}
"""Only records can be told apart by a cut: the same measures over them."""
RATIO = "{source: returns, numerator: done, denominator: due}"
NOW = Month(2024, 6)
Figure = tuple[float, float | None] | float | State
"""A numerator with its denominator, a count (a numerator alone), a value alone, or the state of no figure."""


def catalogue(measure: str = RATIO, **changes: Any) -> Catalogue:
    """The trust, T, and one indicator, X: a percentage of which more is better, unless ``changes`` say so."""
    return read_catalogue(files(measure, **changes))


def files(measure: str = RATIO, **changes: Any) -> dict[str, str]:
    """The files of ``catalogue``'s workspace."""
    given = {"direction": "up", "measured_in": "per cent", **changes}
    given.setdefault("versions", f"[{{from: 2020-01, measure: {measure}}}]")
    for returned, recorded in OF_RECORDS.items() if "cuts" in given else ():
        given["versions"] = given["versions"].replace(returned, recorded)
    lines = "".join(f"{key}: {value}\n" for key, value in given.items())
    indicator = f"title: An indicator\nobjective: all\nowner: The owner\n{lines}"
    return {
        "trigpoint.yaml": "name: The trust\nhome: T\n",
        "definitions/frame.yaml": FRAME + textwrap.indent(indicator, "    "),
        "definitions/units.csv": UNITS,
    }


def panel(
    figures: Mapping[str, Figure], month: Month = NOW, *, per: float = 100.0, cut: str = "", window: int = 1
) -> Panel:
    """The figures of X in a month, by unit; of the trust by group, where ``cut`` names a cut."""
    period = Period.ending(month, window)
    key = {"indicator": "X", "start": period.start, "end": period.end}
    places = [
        {"unit": "T", "cut": f"{cut}={name}"} if cut else {"unit": name, "cut": ALL} for name in figures
    ]
    rows = [
        dict.fromkeys(SCHEMA.names) | key | place | _cells(figure, per)
        for place, figure in zip(places, figures.values(), strict=True)
    ]
    return Panel.of(pa.Table.from_pylist(rows, schema=SCHEMA))


def _cells(figure: Figure, per: float) -> dict[str, Any]:
    cells: dict[str, Any] = {"status": Status.FINAL, "state": State.VALUE}
    if isinstance(figure, State):
        return cells | {"state": figure}
    if not isinstance(figure, tuple):
        return cells | {"value": figure}
    above, below = figure
    if below == 0:
        return cells | {"numerator": above, "denominator": below, "state": State.NO_DENOMINATOR}
    value = above if below is None else per * above / below
    return cells | {"numerator": above, "denominator": below, "value": value}
