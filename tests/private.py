"""A workspace whose sources tell who people are, and a search for what may be kept nowhere in it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from tests.deliveries import rows_xml, text, workbook
from trigpoint.loads.delivered import Delivered
from trigpoint.month.deliveries import Said, Taken, take_in
from trigpoint.month.known import known
from trigpoint.store.workspace import Workspace, create

SETTINGS = "name: Quantock\nhome: QPT\n"
UNITS = "code,name,level,parent\nQPT,Quantock,trust,\nA,Team A,team,QPT\nB,Team B,team,QPT\n"
COLUMNS = """\
      contact: {type: code}
      team: {type: unit}
      day: {type: date, required: true}
      nhs: {identifying: hash, hashed_as: patient, format: nhs_number, rename: {'0000000000': ''}}
      surname: {identifying: drop}
"""
CONTACTS = """
  contacts:
    title: Contacts
    holds: records
    format: {format}
    delivery: {delivery}
    key: [contact]
    dated: day
    {more}
    columns:
{columns}"""
STAYS = """
  stays:
    title: Stays
    holds: records
    format: csv
    delivery: upsert
    key: [stay]
    dated: admitted
    span: {from: admitted, to: discharged, to_means: first_day_out}
    columns:
      stay: {identifying: hash}
      ward: {type: unit}
      admitted: {type: date, required: true}
      discharged: {type: date}
      nhs_number: {identifying: hash, hashed_as: patient, format: nhs_number}
"""
INDICATORS = """
perspectives: {all: {title: All}}
objectives: {all: {title: All, perspective: all}}
packs: {board: {title: Board, level: trust, audience: board}}
indicators:
  SEEN: {title: Contacts, objective: all, direction: up, measured_in: contacts, owner: Someone,
    basis: flow, levels: [trust, team],
    versions: [{from: 2020-01, measure: {from: contacts, month_of: day, count: records}}]}
"""
INPATIENTS = """
  STOCK: {title: Inpatients, objective: all, direction: down, measured_in: people, owner: Someone,
    basis: stock, levels: [trust, team],
    versions: [{from: 2020-01, measure: {from: stays, at: month_end, count: records}}]}
"""
HEADER = ("contact", "team", "day", "nhs", "surname")


def made(
    folder: Path,
    *,
    kind: str = "csv",
    delivery: str = "upsert",
    more: str = "",
    columns: str = COLUMNS,
    stays: bool = False,
) -> Workspace:
    """A workspace with contacts, and with stays if asked for."""
    contacts = CONTACTS.format(format=kind, delivery=delivery, more=more, columns=columns)
    texts = {
        "trigpoint.yaml": SETTINGS,
        "definitions/units.csv": UNITS,
        "definitions/sources.yaml": "sources:" + contacts + (STAYS if stays else ""),
        "definitions/indicators.yaml": INDICATORS + (INPATIENTS if stays else ""),
    }
    create(folder, {name: body.encode() for name, body in texts.items()})
    return Workspace.at(folder)


def noon(day: int) -> dt.datetime:
    """Noon on a day of October 2026, in UTC."""
    return dt.datetime(2026, 10, day, 12, tzinfo=dt.UTC)


def load(
    workspace: Workspace, rows: str | bytes, source: str = "contacts", day: int = 1, again: bool = False
) -> Taken:
    """Take a file in that lies outside the workspace, on a day of October 2026."""
    file = workspace.root.parent / f"{source}-{day:02d}.csv"
    file.write_bytes(rows.encode() if isinstance(rows, str) else rows)
    said = Said("A. Nalyst", noon(day), again=again)
    return take_in(workspace, known(workspace), source, Delivered.at(file), said)


def contacts(*rows: str, header: Sequence[str] = HEADER) -> str:
    """A CSV file of such rows."""
    return "\n".join([",".join(header), *rows]) + "\n"


def table(*rows: str, header: Sequence[str] = HEADER) -> pa.Table:
    """The same as a table of texts."""
    given = pyarrow.csv.ReadOptions(column_names=list(header))
    kinds = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
    return pyarrow.csv.read_csv(io.BytesIO("\n".join(rows).encode()), given, convert_options=kinds)


def as_parquet(*rows: str, header: Sequence[str] = HEADER) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table(*rows, header=header), sink)
    return sink.getvalue()


def as_workbook(*rows: str, header: Sequence[str] = HEADER) -> bytes:
    lines = [list(header), *(row.split(",") for row in rows)]
    cells = [[text(cell) if cell else None for cell in line] for line in lines]
    return workbook({"Data": rows_xml(cells)})


FORMATS: Mapping[str, Callable[..., bytes]] = {
    "csv": lambda *rows: contacts(*rows).encode(),
    "parquet": as_parquet,
    "xlsx": as_workbook,
}


def kept(folder: Path, wanted: Iterable[str]) -> list[str]:
    """Where, in a folder's files, any of these texts stands: in their bytes or, packed, in their cells."""
    texts, found = list(wanted), []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data += repr(pq.read_table(path).to_pylist()).encode()
        spelt = {one: (one.encode(), one.encode("utf-16-le")) for one in texts}
        found += [f"{path}: {one}" for one, forms in spelt.items() if any(form in data for form in forms)]
    return found
