"""What the archive keeps of deliveries, and what stands after several of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pytest

from tests.stored import SCHEMA, delivery, figures, keep, noon, standing
from trigpoint.loads.delivered import Delivered
from trigpoint.store.accept import Accepted, accept
from trigpoint.store.archive import Archive
from trigpoint.store.difference import compare
from trigpoint.store.incoming import Incoming
from trigpoint.store.ledger import Ledger
from trigpoint.store.load import Changes, Shape
from trigpoint.store.plan import plan
from trigpoint.terms.errors import DeliveryRefused, NotFound, TrigpointError
from trigpoint.terms.period import Month

FIRST = """
M1 RH5 2024-11 5
M1 RDY 2024-11 7
M1 RH5 2024-12 6
M1 RDY 2024-12 *
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    keep(archive, delivery(FIRST), day=1)
    return archive


def listed_by(accepted: Accepted) -> pa.Table:
    """The difference that a load made, row by row."""
    assert accepted.difference is not None, "it was here before"
    assert accepted.difference.changes == accepted.load.changes
    return accepted.difference.rows


# ------------------------------------------------------------------------------------ delivery modes


def test_a_replacing_delivery_stands_alone_in_its_months_and_leaves_the_others(archive: Archive) -> None:
    keep(archive, delivery("M1 RH5 2024-12 9"), day=2)
    assert standing(archive) == {
        ("M1", "RH5", "2024-11"): 5,
        ("M1", "RDY", "2024-11"): 7,
        ("M1", "RH5", "2024-12"): 9,
    }


def test_a_month_that_a_replacing_delivery_covers_and_leaves_empty_is_withdrawn(archive: Archive) -> None:
    accepted = keep(archive, delivery("M1 RH5 2024-12 6", covers=["2024-11", "2024-12"]), day=2)
    assert standing(archive) == {("M1", "RH5", "2024-12"): 6}
    assert accepted.load.changes == Changes(added=0, changed=0, withdrawn=3)


def test_an_upsert_changes_the_keys_it_brings_and_withdraws_nothing(archive: Archive) -> None:
    keep(archive, delivery("M1 RDY 2024-12 4\nM2 RH5 2024-12 1", mode="upsert"), day=2)
    assert standing(archive) == {
        ("M1", "RH5", "2024-11"): 5,
        ("M1", "RDY", "2024-11"): 7,
        ("M1", "RH5", "2024-12"): 6,
        ("M1", "RDY", "2024-12"): 4,
        ("M2", "RH5", "2024-12"): 1,
    }


def test_a_full_refresh_leaves_nothing_of_what_was_there(archive: Archive) -> None:
    keep(archive, delivery("M1 RH5 2025-01 1", mode="full_refresh"), day=2)
    assert standing(archive) == {("M1", "RH5", "2025-01"): 1}


def test_an_upsert_over_an_upsert_wins(archive: Archive) -> None:
    for day, value in enumerate((11, 12, 13), start=2):
        keep(archive, delivery(f"M1 RH5 2024-12 {value}", mode="upsert"), day)
    assert standing(archive)["M1", "RH5", "2024-12"] == 13


def test_windows_that_end_in_one_month_are_told_apart(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keep(archive, delivery("M1 RH5 2024-12 6\nM1 RH5 2024-10..2024-12 20"))
    rows = archive.rows("beds").to_pylist()
    assert [(row["start"], row["value"]) for row in rows] == [
        (dt.date(2024, 10, 1), 20),
        (dt.date(2024, 12, 1), 6),
    ]


# --------------------------------------------------------------------------------- what was known when


def test_a_later_delivery_never_overwrites_what_was_known(archive: Archive) -> None:
    before = standing(archive)
    keep(archive, delivery("M1 RH5 2025-01 1", mode="full_refresh"), day=20)
    assert standing(archive, as_at=noon(19)) == before
    assert standing(archive, as_at=noon(20)) == {("M1", "RH5", "2025-01"): 1}


def test_before_the_first_load_nothing_was_known(archive: Archive) -> None:
    assert archive.loads("beds", as_at=dt.datetime(2024, 12, 31, tzinfo=dt.UTC)) == ()
    with pytest.raises(NotFound, match="beds has no rows"):
        archive.rows("beds", as_at=dt.datetime(2024, 12, 31, tzinfo=dt.UTC))


def test_a_clock_that_stands_before_the_last_load_is_refused(archive: Archive) -> None:
    with pytest.raises(TrigpointError, match="clock") as refused:
        accept(archive, delivery("M1 RH5 2024-12 1"), at=noon(1) - dt.timedelta(seconds=1), by="Bob")
    assert "2025-01-01T12:00:00+00:00" in str(refused.value)


# ------------------------------------------------------------------------------- the same file twice


def test_the_same_file_twice_is_recognised(archive: Archive) -> None:
    again = keep(archive, delivery(FIRST), day=2)
    assert again.difference is None
    assert again.load == archive.loads("beds")[0]
    assert len(archive.loads("beds")) == 1


def test_a_file_sent_again_after_its_correction_does_not_undo_the_correction(archive: Archive) -> None:
    keep(archive, delivery("M1 RH5 2024-12 9", mode="upsert"), day=2)
    keep(archive, delivery(FIRST), day=3)
    assert standing(archive)["M1", "RH5", "2024-12"] == 9


def test_the_same_file_is_read_anew_where_its_definition_means_something_else(archive: Archive) -> None:
    other = dataclasses.replace(delivery(FIRST), source_hash="e" * 64)
    assert keep(archive, other, day=2).load.seq == 2


# -------------------------------------------------------------------------------------- differences


def test_a_correction_is_listed_cell_by_cell(archive: Archive) -> None:
    accepted = keep(archive, delivery("M1 RH5 2024-12 6\nM1 RDY 2024-12 3\nM2 RH5 2024-12 1"), day=2)
    listed = [
        (
            row["kind"],
            row["item"],
            row["unit"],
            row["old_value"],
            row["old_state"],
            row["new_value"],
            row["new_state"],
        )
        for row in listed_by(accepted).to_pylist()
    ]
    assert listed == [
        ("changed", "M1", "RDY", None, "suppressed", 3, "value"),
        ("added", "M2", "RH5", None, None, 1, "value"),
    ]
    assert accepted.load.changes == Changes(added=1, changed=1, withdrawn=0)
    kept = archive.attachment(accepted.load, "difference.csv").decode().splitlines()
    assert kept[0].startswith('"kind","item","unit","cut","start","end","old_value","new_value"')
    assert kept[1].startswith('"changed","M1","RDY","all",2024-12-01,2024-12-31,,3,"suppressed","value"')
    assert len(kept) == 3


def test_a_cell_that_is_emptied_or_filled_is_a_change() -> None:
    before = pa.table({"id": [1, 2, 3], "seen": ["north", None, None]})
    after = pa.table({"id": [1, 2, 3], "seen": [None, "south", None]})
    assert compare(before, after, ["id"]).rows.to_pylist() == [
        {"kind": "changed", "id": 1, "old_seen": "north", "new_seen": None},
        {"kind": "changed", "id": 2, "old_seen": None, "new_seen": "south"},
    ]


def test_what_a_delivery_leaves_out_is_listed_as_withdrawn(archive: Archive) -> None:
    accepted = keep(archive, delivery("M1 RDY 2024-12 *"), day=2)
    (row,) = listed_by(accepted).to_pylist()
    assert (row["kind"], row["unit"], row["old_value"], row["new_value"]) == ("withdrawn", "RH5", 6, None)


def test_a_month_that_held_nothing_is_counted_and_not_listed(archive: Archive) -> None:
    accepted = keep(archive, delivery("M1 RH5 2025-01 1\nM1 RDY 2025-01 2"), day=2)
    assert accepted.load.changes == Changes(added=2)
    assert listed_by(accepted).num_rows == 0


def test_a_row_that_moved_within_its_file_is_no_difference(archive: Archive) -> None:
    reversed_lines = "\n".join(reversed(FIRST.strip().splitlines()))
    accepted = keep(archive, delivery(reversed_lines), day=2)
    assert accepted.load.seq == 2
    assert accepted.load.changes == Changes()


def test_the_difference_can_be_seen_before_anything_is_accepted(archive: Archive) -> None:
    planned = plan(archive, delivery("M1 RH5 2024-12 9", mode="upsert"))
    assert planned.difference.changes == Changes(changed=1)
    assert len(archive.loads("beds")) == 1


# ------------------------------------------------------------------------------------ what is kept


def test_a_load_says_what_it_is(archive: Archive) -> None:
    incoming = delivery(FIRST)
    (load,) = archive.loads("beds")
    assert (load.source, load.seq, load.sha256, load.by) == ("beds", 1, incoming.sha256, "Alice")
    assert (load.file, load.accepted_at) == (incoming.file, noon(1))
    assert {str(part.month): part.rows for part in load.parts} == {"2024-11": 2, "2024-12": 2}
    assert archive.attachment(load, "receipt.json") == incoming.receipt
    assert load.name == f"00001-{incoming.sha256[:12]}"


def test_the_original_is_kept_where_the_source_asks_for_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    load = keep(archive, delivery(FIRST, original=b"as\r\nit came")).load
    assert archive.attachment(load, "original.csv") == b"as\r\nit came"


def test_a_file_that_changes_while_it_is_taken_in_is_kept_as_it_was_read(tmp_path: Path) -> None:
    file = tmp_path / "beds.csv"
    file.write_bytes(b"half")
    delivered = Delivered.at(file)
    file.write_bytes(b"half and the rest")
    archive = Archive(tmp_path)
    load = keep(archive, delivery(FIRST, original=delivered.content)).load
    assert archive.attachment(load, "original.csv") == b"half"
    assert load.sha256 == delivered.sha256


def test_a_file_that_comes_again_is_no_news_and_an_answer_that_comes_again_is(tmp_path: Path) -> None:
    """A database that answers A, then B, then A has gone back to A; the same file twice says nothing."""
    archive = Archive(tmp_path)
    first, second = delivery(FIRST), delivery(FIRST.replace("*", "8"))
    asked = [dataclasses.replace(it, asked=True) for it in (first, first, second, first)]
    assert [keep(archive, it, day).load.seq for day, it in enumerate(asked, 1)] == [1, 1, 2, 3]
    assert standing(archive)["M1", "RDY", "2024-12"] == "suppressed"
    assert keep(archive, second, 5).load.seq == 2


def test_rows_are_kept_by_month_in_order_of_their_key(archive: Archive) -> None:
    table = archive.rows("beds", months=[Month(2024, 12)])
    assert table.schema.equals(SCHEMA)
    assert table["unit"].to_pylist() == ["RDY", "RH5"]
    assert archive.rows("beds")["end"].to_pylist() == sorted(archive.rows("beds")["end"].to_pylist())


def test_text_kept_as_a_dictionary_is_kept_as_text(tmp_path: Path) -> None:
    coded = figures(FIRST)
    coded = coded.set_column(1, "unit", coded["unit"].dictionary_encode())
    keep(Archive(tmp_path), dataclasses.replace(delivery(FIRST), table=coded))
    assert Archive(tmp_path).rows("beds").schema.equals(SCHEMA)


def test_the_name_of_the_delivered_file_is_kept_and_never_used_as_a_path(tmp_path: Path) -> None:
    incoming = dataclasses.replace(delivery(FIRST), file="../../Beds (final).CSV")
    load = keep(Archive(tmp_path), incoming).load
    assert load.file == "../../Beds (final).CSV"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".writer.lock", "archive"]


# ------------------------------------------------------------------------------------ what is refused


def test_a_key_that_comes_twice_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        keep(Archive(tmp_path), delivery(f"{FIRST.strip()}\nM1 RH5 2024-12 8"))
    (fault,) = refused.value.faults
    assert (fault.line, fault.check) == (6, "duplicate_key")


def test_a_row_outside_the_months_a_replacing_delivery_covers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        keep(Archive(tmp_path), delivery(FIRST, covers=["2024-12"]))
    assert [(fault.line, fault.found, fault.check) for fault in refused.value.faults] == [
        (3, "2024-11", "wrong_month"),
        (2, "2024-11", "wrong_month"),
    ]


def test_a_row_without_a_part_of_its_key_is_refused(tmp_path: Path) -> None:
    table = figures(FIRST)
    table = table.set_column(1, "unit", pa.array(["RH5", None, "RH5", "RDY"]))
    with pytest.raises(DeliveryRefused) as refused:
        keep(Archive(tmp_path), dataclasses.replace(delivery(FIRST), table=table))
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(3, "unit")]


def test_columns_that_do_not_fit_what_stands_are_refused(archive: Archive) -> None:
    table = figures("M1 RH5 2024-12 1").drop_columns(["status"])
    with pytest.raises(DeliveryRefused, match="full refresh"):
        keep(archive, dataclasses.replace(delivery("M1 RH5 2024-12 1", mode="upsert"), table=table), day=2)


def test_new_columns_may_come_with_a_full_refresh(archive: Archive) -> None:
    table = figures("M1 RH5 2024-12 1").drop_columns(["status"])
    whole = dataclasses.replace(delivery("M1 RH5 2024-12 1", mode="full_refresh"), table=table)
    assert keep(archive, whole, day=2).load.changes == Changes(added=1, withdrawn=4)
    assert "status" not in archive.rows("beds").column_names


# ------------------------------------------------------------------------------------------- records

PATHWAY = Shape(key=("pathway",), dated="seen")


def referrals(text: str, name: str) -> Incoming:
    rows = [
        dict(zip(("pathway", "seen", "team"), line.split(), strict=True))
        for line in text.strip().splitlines()
    ]
    table = pa.table(
        {
            "pathway": [row["pathway"] for row in rows],
            "seen": [dt.datetime.fromisoformat(row["seen"]) for row in rows],
            "team": [row["team"] for row in rows],
        }
    )
    months = {Month.of(moment) for moment in table["seen"].to_pylist()}
    plain = delivery("M1 RH5 2024-12 1", mode="upsert")
    return dataclasses.replace(
        plain, sha256=name * 64, shape=PATHWAY, table=table, coverage=frozenset(months), file=name
    )


def test_a_record_whose_date_moves_to_another_month_is_counted_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keep(archive, referrals("p1 2024-11-30T23:30 north\np2 2024-11-02T09:00 south", "a"))
    moved = keep(archive, referrals("p1 2024-12-01T00:10 north", "b"), day=2)
    rows = archive.rows("beds").to_pylist()
    assert [(row["pathway"], row["seen"].month) for row in rows] == [("p2", 11), ("p1", 12)]
    assert moved.load.changes == Changes(added=1, withdrawn=1)
    assert [str(month) for month in archive.effective("beds")] == ["2024-11", "2024-12"]


def test_a_record_that_moves_there_and_back_is_counted_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keep(archive, referrals("p1 2024-11-30T23:30 north", "a"))
    keep(archive, referrals("p1 2024-12-01T00:10 north", "b"), day=2)
    keep(archive, referrals("p1 2024-11-29T10:00 north", "c"), day=3)
    assert [row["seen"].day for row in archive.rows("beds").to_pylist()] == [29]


# -------------------------------------------------------------------------------------------- ledger


def test_the_ledger_gives_the_texts_that_were_known_then(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "definitions")
    first = ledger.keep({"a.yaml": b"one", "b.yaml": b"two"}, noon(1))
    second = ledger.keep({"a.yaml": b"ONE"}, noon(5))
    assert ledger.known(noon(4)).texts == {"a.yaml": b"one", "b.yaml": b"two"}
    assert (ledger.known(noon(4)).hash, ledger.known().hash) == (first, second)
    assert ledger.known().texts == {"a.yaml": b"ONE"}
    with pytest.raises(NotFound, match="definitions"):
        ledger.known(noon(1) - dt.timedelta(seconds=1))


def test_texts_that_have_not_changed_are_known_from_when_they_first_were(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "definitions")
    ledger.keep({"a.yaml": b"one"}, noon(1))
    ledger.keep({"a.yaml": b"one"}, noon(2))
    assert ledger.known().at == noon(1)


def test_texts_that_went_back_to_what_they_were_are_known_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "definitions")
    for day, text in ((1, b"one"), (2, b"two"), (3, b"one")):
        ledger.keep({"a.yaml": text}, noon(day))
    assert [ledger.known(noon(day)).texts["a.yaml"] for day in (1, 2, 3)] == [b"one", b"two", b"one"]


def test_what_is_written_down_can_be_read_without_trigpoint(archive: Archive) -> None:
    (folder,) = (archive.folder / "beds").iterdir()
    written = json.loads((folder / "load.json").read_text(encoding="utf-8"))["content"]
    assert (written["mode"], written["coverage"]) == ("replace", ["2024-11", "2024-12"])
