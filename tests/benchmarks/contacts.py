"""Made-up contacts, as many as asked for: a trust of 600 teams over 60 months, loaded a month at a time.

``TRIGPOINT_CONTACTS`` says how many (10 million, if it says nothing), ``TRIGPOINT_CONTACTS_AT`` where they
are kept from one benchmark to the next.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from tests.benchmarks.harness import Clock
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.engines.duckdb import session
from trigpoint.store.accept import accept
from trigpoint.store.archive import Archive
from trigpoint.store.incoming import Incoming
from trigpoint.store.laid import Files, files
from trigpoint.store.load import Shape
from trigpoint.terms.period import Month

ROWS = int(os.environ.get("TRIGPOINT_CONTACTS", "10_000_000").replace("_", ""))
MONTHS = tuple(Month(2021, 10).through(Month(2026, 9)))
TEAMS = 600
MONTHLY = "from: contacts, month_of: started"
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
_CHOICES = {
    "status": ["attended", "attended", "attended", "dna", "cancelled by patient", "cancelled by trust"],
    "medium": ["face to face", "telephone", "video", "text", "letter"],
    "kind": ["assessment", "review", "therapy", "medication", "group", "crisis", "other"],
    "ethnicity": ["A", "B", "C", "D", "E", "Z"],
}
_COLUMNS = """\
contact: {type: code}, patient: {type: code}, referral: {type: code}, team: {type: unit}, staff: {type: code},
started: {type: time, required: true}, status: {type: code}, medium: {type: code}, kind: {type: code},
care_coordinator: {type: boolean}, minutes: {type: number}, ethnicity: {type: code},
days_waited: {type: number}"""
_FRAME = f"""\
perspectives: {{all: {{title: All}}}}
objectives: {{all: {{title: All, perspective: all}}}}
sources:
  contacts:
    {{title: Contacts, holds: records, format: parquet, delivery: upsert, key: [contact], dated: started,
    unit: team, subject: patient, expects: {{from: 2021-10}}, columns: {{{_COLUMNS}}}}}
  referrals:
    {{title: Referrals, holds: records, format: parquet, delivery: upsert, key: [referral], dated: received,
    unit: team, span: {{from: received, to: treated, to_means: first_day_out}}, expects: {{from: 2021-10}},
    columns: {{referral: {{type: code}}, team: {{type: unit}}, received: {{type: date, required: true}},
    treated: {{type: date}}}}}}
"""


def organisation() -> str:
    """Units as CSV: six divisions of ten services of ten teams each."""
    rows = ["code,name,level,parent", "T,Trust,trust,"]
    rows += [f"D{n},Division {n},division,T" for n in range(6)]
    rows += [f"S{n:02d},Service {n},service,D{n % 6}" for n in range(60)]
    rows += [f"t{n:03d},Team {n},team,S{n % 60:02d}" for n in range(TEAMS)]
    return "\n".join(rows) + "\n"


def catalogue(measures: Iterator[str] | list[str]) -> Catalogue:
    """The trust with an indicator for each measure, which is the text of a YAML mapping."""
    indicators = "".join(
        f"  I{n}: {{title: I{n}, objective: all, direction: up, measured_in: per cent, owner: Someone, "
        f"basis: rolling, levels: [trust, division, service, team], "
        f"versions: [{{from: 2021-10, measure: {measure}}}]}}\n"
        for n, measure in enumerate(measures)
    )
    texts = {
        "trigpoint.yaml": "name: Made up\nhome: T\n",
        "definitions/units.csv": organisation(),
        "definitions/frame.yaml": _FRAME + "indicators:\n" + indicators,
    }
    return read_catalogue(texts)


def counts(how_many: int) -> list[str]:
    """So many counts of contacts, each with two or three conditions over seven columns; seeded."""
    draw = random.Random(1)
    return [f'{{{MONTHLY}, where: "{_conditions(draw, (2, 3))}", count: records}}' for _ in range(how_many)]


def shares(how_many: int) -> list[str]:
    """So many shares of contacts: of those with one or two conditions, those with one or two more; seeded."""
    draw = random.Random(1)
    return [
        f'{{{MONTHLY}, where: "{_conditions(draw, (1, 2))}", count: records, '
        f'with: "{_conditions(draw, (1, 2))}"}}'
        for _ in range(how_many)
    ]


def _conditions(draw: random.Random, how_many: tuple[int, int]) -> str:
    mediums = ", ".join(f"'{it}'" for it in draw.sample(_CHOICES["medium"], 2))
    made = {
        "status": f"status = '{draw.choice(['attended', 'dna', 'cancelled by trust'])}'",
        "medium": f"medium in ({mediums})",
        "kind": f"kind = '{draw.choice(_CHOICES['kind'])}'",
        "care_coordinator": "care_coordinator",
        "ethnicity": "ethnicity is not null and ethnicity <> 'Z'",
        "days_waited": f"days_waited <= {draw.choice([7, 14, 28])}",
        "minutes": f"minutes >= {draw.choice([30, 60])}",
    }
    return " and ".join(made[name] for name in draw.sample(sorted(made), draw.choice(how_many)))


def laid_out(clock: Clock | None = None) -> Files:
    """The files of the contacts in their archive: made and accepted month by month, where they are not.

    ``clock`` times the accepting, in which they are laid out.
    """
    given = os.environ.get("TRIGPOINT_CONTACTS_AT")
    root = Path(given or tempfile.gettempdir()) / f"trigpoint-contacts-{ROWS}"
    root.mkdir(parents=True, exist_ok=True)
    archive = Archive(root)
    held = archive.effective("contacts")
    with session() as engine:
        for number, month in enumerate(MONTHS):
            if month in held:
                continue
            table = engine.query(_sql(number, month)).select(_schema().names).cast(_schema())
            incoming = _incoming(table, month)
            if clock is None:
                accept(archive, incoming, at=NOW, by="benchmark")
            else:
                with clock:
                    accept(archive, incoming, at=NOW, by="benchmark")
    return files(archive, "contacts")


def _incoming(table: pa.Table, month: Month) -> Incoming:
    return Incoming(
        source="contacts",
        sha256=f"{month.index:064x}",
        source_hash="benchmark",
        file=f"contacts-{month}.parquet",
        mode="upsert",
        coverage=frozenset({month}),
        shape=Shape(("contact",), "started"),
        table=table,
        receipt=b"{}",
        laid_by="team",
    )


def _schema() -> pa.Schema:
    number = pa.decimal128(18, 0)
    kinds = {"started": pa.timestamp("ms"), "started utc": pa.timestamp("ms"), "minutes": number}
    kinds |= {"care_coordinator": pa.bool_(), "days_waited": number, "row": pa.int64()}
    names = ["contact", "patient", "referral", "team", "staff", "started", "status", "medium", "kind"]
    names += ["care_coordinator", "minutes", "ethnicity", "days_waited", "started utc", "row"]
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


def _sql(number: int, month: Month) -> str:
    """A month of contacts in no order."""
    each = ROWS // len(MONTHS)
    chosen = ", ".join(
        f"{list(options)!r}[1 + CAST(hash(i, {n}) % {len(options)} AS INTEGER)] AS {name}"
        for n, (name, options) in enumerate(_CHOICES.items(), start=6)
    )
    return f"""\
SELECT 'C' || lpad(CAST(i AS VARCHAR), 10, '0') AS contact,
       'P' || CAST(hash(i, 1) % {max(1000, ROWS // 40)} AS VARCHAR) AS patient,
       'R' || CAST(hash(i, 2) % {max(1000, ROWS // 10)} AS VARCHAR) AS referral,
       't' || lpad(CAST(hash(i, 3) % {TEAMS} AS VARCHAR), 3, '0') AS team,
       's' || CAST(hash(i, 3) % {TEAMS} * 10 + hash(i, 4) % 10 AS VARCHAR) AS staff,
       TIMESTAMP '{month.start}' + to_seconds(CAST(hash(i, 5) % {28 * 86_400} AS BIGINT)) AS started,
       {chosen}, hash(i, 11) % 3 = 0 AS care_coordinator, CAST(5 + hash(i, 12) % 115 AS INTEGER) AS minutes,
       CAST(hash(i, 13) % 40 AS INTEGER) AS days_waited, started AS "started utc", i AS "row"
FROM range({number * each}, {(number + 1) * each}) made(i)
ORDER BY hash(i, 14)"""
