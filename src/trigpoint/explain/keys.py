"""The keys of the records behind a figure: for whoever has the workspace, and for no page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from trigpoint.explain.numbers import exact
from trigpoint.explain.traced import Traced
from trigpoint.measures.calendar import at_index

SHOWN = 20
"""So many keys of each quantity are shown, unless more are asked for."""


def keys_in_words(one: Traced, most: int | None) -> Iterator[str]:
    """The first so many records of a quantity, or all of them, each with what it brought."""
    if most == 0:
        return
    columns, total = ", ".join(one.of.keys), one.counts.kept
    yield f"{one.name}: {total:,} of {one.of.frame.source}, by {columns}"
    listed = list(_records(one, most))
    for record in listed:
        told = [", ".join(record[name] for name in _named(one))]
        told += [f"{name} {record[name]}" for name in ("unit", "month", "value") if record[name]]
        told += [f"with: {record['with']}"] if record["with"] else []
        yield f"   {'; '.join(told)}"
    if rest := total - len(listed):
        yield f"   and {rest:,} more"


def keys_table(found: Iterable[Traced]) -> pa.Table:
    """Every record behind a figure, all in texts: quantity, source, its key, unit, month, value and with."""
    tables = []
    for one in found:
        same = {"quantity": one.name, "source": one.of.frame.source}
        rows = [
            {name: text or None for name, text in {**same, **record}.items()}
            for record in _records(one, None)
        ]
        names = ["quantity", "source", *_named(one), "unit", "month", "value", "with"]
        tables.append(pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names])))
    return pa.concat_tables(tables, promote_options="default")


def _records(one: Traced, most: int | None) -> Iterator[Mapping[str, str]]:
    """The records in order of their keys; of a gap from the latest event back."""
    it, dialect = one.of.quantity, one.of.held.dialect
    keys = [f"key{n}" for n in range(len(one.of.keys))]
    amount = "amount" if it.amount is not None else "NULL"
    first = ["amount DESC"] if it.gap is not None else []
    order = ", ".join([*first, dialect.ascending(*keys, "month", "unit")])
    limit = "" if most is None else f"\nLIMIT {most}"
    answer = one.of.ask(
        f"SELECT {', '.join(keys)}, unit, month, {amount} AS amount, held FROM placed\n"  # noqa: S608 - nothing unparsed
        f"WHERE {one.of.kept}\nORDER BY {order}{limit}"
    )
    for row in answer.to_pylist():
        yield {
            **{name: _text(row[key]) for name, key in zip(_named(one), keys, strict=True)},
            "unit": _text(row["unit"]),
            "month": str(at_index(row["month"])),
            "value": _value(row["amount"], one.of.per) if it.amount is not None else "",
            "with": _with(row["held"]) if one.of.wanted.share is not None else "",
        }


def _named(one: Traced) -> list[str]:
    """What the columns of its key are called here: a column may be called ``unit``."""
    return [f"key {name}" for name in one.of.keys]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _value(amount: int | Decimal | dt.date | None, per: int) -> str:
    if amount is None:
        return "blank"
    return str(amount) if isinstance(amount, dt.date) else exact(float(Fraction(amount) / per))


def _with(held: int | None) -> str:
    return {1: "yes", 0: "no", None: "undecided"}[held]
