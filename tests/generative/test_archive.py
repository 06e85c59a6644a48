"""Any sequence of deliveries leaves what a plain dictionary would hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.stored import SCHEMA, delivery, noon
from trigpoint.store.accept import accept
from trigpoint.store.archive import Archive
from trigpoint.store.difference import compare
from trigpoint.store.incoming import Incoming
from trigpoint.store.load import FIGURES, Changes, Mode, Shape
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

MONTHS = [Month(2024, 11), Month(2024, 12), Month(2025, 1)]
MODES: list[Mode] = ["replace", "upsert", "full_refresh"]
RECORDS = Shape(key=("item", "unit"), dated="end")


class Row(NamedTuple):
    """One cell's content: (month, value), a value of None standing for a suppressed figure."""

    month: Month
    value: int | None


class Delivery(NamedTuple):
    mode: Mode
    coverage: frozenset[Month]
    rows: dict[tuple[str, ...], Row]


def deliveries(shape: Shape) -> st.SearchStrategy[Delivery]:
    """Deliveries of few items, units and months, so that they meet; figures have the month in their key."""
    dated = shape.dated in shape.key
    named = st.tuples(
        st.sampled_from(["M1", "M2"]), st.sampled_from(["RH5", "RDY", "É"]), st.sampled_from(MONTHS)
    )
    filled = st.dictionaries(named, st.none() | st.integers(0, 2), max_size=6)

    def build(mode: Mode, cells: dict[tuple[str, str, Month], int | None], more: set[Month]) -> Delivery:
        rows: dict[tuple[str, ...], Row] = {}
        for (item, unit, month), value in cells.items():
            rows[(item, unit, str(month)) if dated else (item, unit)] = Row(month, value)
        return Delivery(mode, frozenset(more | {row.month for row in rows.values()}), rows)

    return st.builds(build, st.sampled_from(MODES), filled, st.sets(st.sampled_from(MONTHS), max_size=2))


def naive(held: dict[tuple[str, ...], Row], given_: Delivery) -> dict[tuple[str, ...], Row]:
    """The second opinion: what is held after a delivery, in a dictionary."""
    if given_.mode == "full_refresh":
        return dict(given_.rows)
    stays = given_.coverage if given_.mode == "replace" else frozenset()
    return {key: row for key, row in held.items() if row.month not in stays} | given_.rows


def incoming(number: int, given_: Delivery, shape: Shape) -> Incoming:
    rows = [
        {
            "item": key[0],
            "unit": key[1],
            "cut": "all",
            "start": row.month.start,
            "end": row.month.end,
            "value": row.value,
            "state": "suppressed" if row.value is None else "value",
            "status": "final",
            "row": place,
        }
        for place, (key, row) in enumerate(given_.rows.items(), start=2)
    ]
    return dataclasses.replace(
        delivery("M1 RH5 2024-12 1"),
        sha256=f"{number:064x}",
        mode=given_.mode,
        coverage=given_.coverage,
        shape=shape,
        table=pa.Table.from_pylist(rows, SCHEMA),
    )


def held_by(archive: Archive, shape: Shape, as_at: dt.datetime) -> dict[tuple[str, ...], Row]:
    try:
        rows = archive.rows("beds", as_at=as_at).to_pylist()
    except NotFound:
        return {}
    dated = shape.dated in shape.key
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        month = Month.of(row["end"])
        key = (row["item"], row["unit"], *([str(month)] if dated else []))
        assert key not in found, "a key stands once"
        found[key] = Row(month, None if row["value"] is None else int(row["value"]))
    return found


def changes(before: dict[tuple[str, ...], Row], after: dict[tuple[str, ...], Row]) -> Changes:
    """Counted cell by cell; a record that moves to another month leaves the one and enters the other."""
    old = {(key, row.month): row.value for key, row in before.items()}
    new = {(key, row.month): row.value for key, row in after.items()}
    changed = sum(old[cell] != new[cell] for cell in old.keys() & new.keys())
    return Changes(len(new.keys() - old.keys()), changed, len(old.keys() - new.keys()))


def check(sequence: list[Delivery], shape: Shape) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        history: list[dict[tuple[str, ...], Row]] = [{}]
        for number, given_ in enumerate(sequence, start=1):
            accepted = accept(archive, incoming(number, given_, shape), at=noon(number), by="Alice")
            history.append(naive(history[-1], given_))
            assert accepted.load.changes == changes(history[-2], history[-1])
        for number, expected in enumerate(history[1:], start=1):
            assert held_by(archive, shape, noon(number)) == expected
        archive.verify()


@given(st.lists(deliveries(FIGURES), min_size=1, max_size=6))
def test_figures_stand_as_in_a_dictionary(sequence: list[Delivery]) -> None:
    check(sequence, FIGURES)


@given(st.lists(deliveries(RECORDS), min_size=1, max_size=6))
def test_records_whose_date_may_change_stand_as_in_a_dictionary(sequence: list[Delivery]) -> None:
    check(sequence, RECORDS)


@given(deliveries(FIGURES), deliveries(FIGURES))
def test_a_difference_leads_from_what_was_to_what_is(one: Delivery, two: Delivery) -> None:
    before, after = (incoming(1, given_, FIGURES).table for given_ in (one, two))
    difference = compare(before, after, FIGURES.key)
    cells = {
        tuple(row[name] for name in FIGURES.key): (row["value"], row["state"]) for row in before.to_pylist()
    }
    for row in difference.rows.to_pylist():
        key = tuple(row[name] for name in FIGURES.key)
        assert cells.pop(key, (None, None)) == (row["old_value"], row["old_state"])
        if row["kind"] != "withdrawn":
            cells[key] = (row["new_value"], row["new_state"])
    assert cells == {
        tuple(row[name] for name in FIGURES.key): (row["value"], row["state"]) for row in after.to_pylist()
    }
