"""A small trust with a tree, for the tests of rolling up and of records.

QPT has the divisions NORTH and SOUTH; each has a service, and teams below it. The ward W moves from
NORTH to SOUTH on 11 March 2026. The team OLD closed in 2025 and NEW took over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.measures.compute import NO_FIGURES, observe
from trigpoint.terms.panel import Observation
from trigpoint.terms.period import Month, Period

UNITS = """\
code,name,level,parent,kind,successor,from,to
ENG,Nation,nation,,,,,
QPT,Quantock,trust,ENG,,,,
XAM,Another trust,trust,ENG,,,,
NORTH,North,division,QPT,,,,
SOUTH,South,division,QPT,,,,
N1,North service,service,NORTH,,,,
S1,South service,service,SOUTH,,,,
A,Team A,team,N1,community,,,
B,Team B,team,S1,community,,,
OLD,Old team,team,N1,community,NEW,,2025-06-30
NEW,New team,team,S1,community,,2025-07-01,
W,Ward,team,N1,ward,,,2026-03-10
W,Ward,team,S1,ward,,2026-03-11,
P1,Member of staff,person,A,,,,
"""
FRAME = """
perspectives: {all: {title: All}}
objectives: {all: {title: All, perspective: all}}
cuts:
  sex: {title: Sex, groups: [{name: Women, codes: [F, f]}, {name: Men, codes: [M]}]}
sources:
  returns:
    title: Returns
    format: csv
    delivery: replace
    windows: [1 month, 12 months]
    columns: {a: {as: start}, b: {as: end}, unit: {as: unit}, item: {as: item}, v: {as: value}}
  nation:
    title: National
    format: csv
    delivery: replace
    columns: {month: {as: month}, unit: {as: unit}, item: {as: item}, v: {as: value}}
  stays:
    title: Stays
    holds: records
    format: csv
    delivery: upsert
    key: [stay]
    dated: admitted
    span: {from: admitted, to: discharged, to_means: first_day_out}
    expects: {from: 2024-01}
    columns:
      stay: {type: code}
      ward: {type: unit}
      admitted: {type: date}
      discharged: {type: date}
      method: {type: code}
      urgent: {type: boolean, required: true}
      sex: {type: code}
      cost: {type: money}
"""
INDICATOR = """
  {code}:
    title: {code}
    objective: all
    direction: up
    measured_in: {measured_in}
    owner: Someone
    levels: [nation, trust, division, service, team]
    {more}
    versions: [{{from: 2024-01, measure: {{{measure}}} {version}}}]
"""
STAY = ("stay", "ward", "admitted", "discharged", "method", "urgent", "sex", "cost")
STAYS = pa.schema(
    [
        ("stay", pa.string()),
        ("ward", pa.string()),
        ("admitted", pa.date32()),
        ("discharged", pa.date32()),
        ("method", pa.string()),
        ("urgent", pa.bool_()),
        ("sex", pa.string()),
        ("cost", pa.decimal128(18, 2)),
        ("row", pa.int64()),
    ]
)
JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)


def trust(*indicators: str, units: str = UNITS, frame: str = FRAME, settings: str = "") -> Catalogue:
    """The trust's catalogue, with these indicators (``indicator``)."""
    files = {
        "trigpoint.yaml": f"name: Quantock\nhome: QPT\n{settings}",
        "definitions/frame.yaml": frame,
        "definitions/units.csv": units,
        "definitions/indicators.yaml": "indicators:" + "".join(indicators or (indicator(measure=SIMPLE),)),
    }
    return read_catalogue(files)


SIMPLE = "source: returns, numerator: seen, denominator: all, rolls_up_from: team"


def indicator(
    code: str = "X",
    *,
    measure: str,
    measured_in: str = "per cent",
    more: str = "basis: flow",
    version: str = "",
) -> str:
    """One indicator; ``measure`` and ``version`` are the inside of YAML's braces."""
    return INDICATOR.format(code=code, measure=measure, measured_in=measured_in, more=more, version=version)


def returned(*lines: str, month: Month = JANUARY, months: int = 1) -> pa.Table:
    """Rows of returned figures, each written ``unit item value``; ``*`` is hidden, ``-`` not submitted."""
    states = {"*": "suppressed", "-": "not_submitted"}
    period = Period.ending(month, months)
    rows = []
    for line in lines:
        unit, item, cell = line.split()
        value = None if cell in states else float(cell)
        row = {"item": item, "unit": unit, "cut": "all", "start": period.start, "end": period.end}
        rows.append(row | {"value": value, "state": states.get(cell, "value"), "status": "final"})
    return pa.Table.from_pylist(rows, schema=NO_FIGURES.schema)


def stays(*lines: str) -> pa.Table:
    """Stays, each written ``ward admitted discharged [method [urgent [sex [cost]]]]``; ``-`` is blank."""
    rows: list[dict[str, Any]] = []
    for at, line in enumerate(lines):
        cells = [None if cell == "-" else cell for cell in line.split()]
        ward, admitted, discharged, *rest = cells
        method, urgent, sex, cost = [*rest, None, None, None, None][:4]
        rows.append(
            {
                "stay": f"{at:04d}",
                "ward": ward,
                "admitted": dt.date.fromisoformat(str(admitted)),
                "discharged": dt.date.fromisoformat(discharged) if discharged else None,
                "method": method,
                "urgent": urgent == "yes",
                "sex": sex,
                "cost": Decimal(cost) if cost else None,
                "row": at + 2,
            }
        )
    return pa.Table.from_pylist(rows, schema=STAYS)


def observed(
    catalogue: Catalogue,
    rows: Mapping[str, pa.Table],
    months: Iterable[Month] = (JANUARY,),
    through: Month | None = None,
    current: Month | None = None,
) -> dict[str, Observation]:
    """Each unit's observation of the last of the months that has one; of groups, by ``unit cut``."""
    wanted = list(months)
    reach = dict.fromkeys(rows, through or wanted[-1])
    panel = observe(catalogue, wanted, rows, reach, current)
    return {o.unit if o.cut == "all" else f"{o.unit} {o.cut}": o for o in panel}
