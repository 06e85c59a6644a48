"""Small deliveries written as tables, and accepted: for the tests of the store."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

import pyarrow as pa

from trigpoint.store.accept import Accepted, accept
from trigpoint.store.archive import Archive
from trigpoint.store.incoming import Incoming
from trigpoint.store.load import FIGURES, Mode
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

SCHEMA = pa.schema(
    [
        ("item", pa.string()),
        ("unit", pa.string()),
        ("cut", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("value", pa.float64()),
        ("state", pa.string()),
        ("status", pa.string()),
        ("row", pa.int64()),
    ]
)
Cell = tuple[str, str, str]


def noon(day: int) -> dt.datetime:
    """Noon on a day of January 2025, in UTC."""
    return dt.datetime(2025, 1, day, 12, tzinfo=dt.UTC)


def figures(text: str) -> pa.Table:
    """The figures of lines such as ``M1 RH5 2024-12 5``, where ``*`` stands for a suppressed one."""
    rows = []
    for number, line in enumerate(text.strip().splitlines(), start=2):
        item, unit, month, value = line.split()
        first, _, last = month.partition("..")
        hidden = value == "*"
        rows.append(
            {
                "item": item,
                "unit": unit,
                "cut": "all",
                "start": Month.parse(first).start,
                "end": Month.parse(last or first).end,
                "value": None if hidden else float(value),
                "state": "suppressed" if hidden else "value",
                "status": "final",
                "row": number,
            }
        )
    return pa.Table.from_pylist(rows, SCHEMA)


def delivery(
    text: str, mode: Mode = "replace", covers: Iterable[str] | None = None, original: bytes | None = None
) -> Incoming:
    """A delivery of such lines; without ``covers`` it speaks for the months it holds."""
    table = figures(text)
    held = {Month.of(end) for end in table["end"].to_pylist()}
    sha = hashlib.sha256(original or f"{mode}{text}".encode()).hexdigest()
    return Incoming(
        source="beds",
        sha256=sha,
        source_hash="d" * 64,
        file=f"{sha[:4]}.csv",
        mode=mode,
        coverage=frozenset(held if covers is None else map(Month.parse, covers)),
        shape=FIGURES,
        table=table,
        receipt=b'{"read": "by the tests"}\n',
        original=original,
    )


def keep(archive: Archive, incoming: Incoming, day: int = 1) -> Accepted:
    """Accept a delivery at noon on a day of January 2025."""
    return accept(archive, incoming, at=noon(day), by="Alice")


def standing(archive: Archive, as_at: dt.datetime | None = None) -> dict[Cell, float | str]:
    """(item, unit, month) -> the figure that stands, or the state that stands in its place."""
    try:
        rows = archive.rows("beds", as_at=as_at).to_pylist()
    except NotFound:
        return {}
    return {
        (row["item"], row["unit"], str(Month.of(row["end"]))): (
            row["state"] if row["value"] is None else row["value"]
        )
        for row in rows
    }
