"""Files of records too large to be read at once: refused beforehand, split into months, and loaded so."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.commands import run
from tests.deliveries import source
from tests.private import made, noon
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.parts import ParquetParts
from trigpoint.loads.readers import blocks
from trigpoint.loads.readers.room import A_CELL, A_ROW, free_memory, no_room
from trigpoint.loads.receipt import Refused
from trigpoint.loads.split import MOST_MONTHS, Part, split
from trigpoint.month.deliveries import Said, take_in
from trigpoint.month.known import known
from trigpoint.store.archive import Archive
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import DeliveryRefused, TrigpointError
from trigpoint.terms.period import Month

COLUMNS: dict[str, dict[str, Any]] = {
    "contact": {"type": "code"},
    "team": {"type": "unit"},
    "day": {"type": "date", "format": "%d/%m/%Y", "required": True},
    "note": {"type": "text"},
    "clerk": {"as": "ignore"},
}
CONTACTS: dict[str, Any] = {"columns": COLUMNS, "holds": "records", "delivery": "upsert", "key": ["contact"]}
HEADER = "contact,team,day,note,clerk\n"
OCTOBER = Month(2026, 10)


def contacts(**how: Any) -> Any:
    return source(**(CONTACTS | {"dated": "day"} | how))


def days(start: dt.date, count: int) -> list[dt.date]:
    """So many days from one on, in no order."""
    drawn = [start + dt.timedelta(days=day) for day in range(count)]
    random.Random(1).shuffle(drawn)
    return drawn


def csv_of(many: list[dt.date]) -> str:
    return HEADER + "".join(f"C{i},A,{day:%d/%m/%Y},,x\n" for i, day in enumerate(many))


def divided(folder: Path, content: str | bytes, of: Any = None) -> tuple[Part, ...]:
    """The parts of a file of contacts."""
    file = folder / "contacts.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return split(file, "contacts", of or contacts(), folder)


def lines_of(parts: tuple[Part, ...]) -> Iterator[str]:
    """The rows of every part, headers left out, as they stand."""
    for part in parts:
        yield from part.path.read_bytes().decode().removeprefix(HEADER).splitlines(keepends=True)


def test_the_rows_of_every_month_together_are_those_of_the_file(tmp_path: Path) -> None:
    whole = csv_of(days(dt.date(2025, 12, 1), 400))
    parts = divided(tmp_path, whole)
    assert sorted(lines_of(parts)) == sorted(whole.removeprefix(HEADER).splitlines(keepends=True))
    assert [part.month for part in parts] == list(Month(2025, 12).through(Month(2027, 1)))
    assert [part.rows for part in parts[:3]] == [31, 31, 28]
    assert parts[0].path == tmp_path / "contacts-2025-12.csv"


def test_each_row_is_in_the_file_of_its_month_in_the_order_of_the_whole(tmp_path: Path) -> None:
    many = days(dt.date(2026, 10, 1), 61)
    october, november = divided(tmp_path, csv_of(many))
    assert october.path.read_text() == csv_of([]) + "".join(
        f"C{i},A,{day:%d/%m/%Y},,x\n" for i, day in enumerate(many) if day.month == 10
    )
    assert (october.rows, november.rows) == (31, 30)


def test_rows_without_a_date_that_can_be_read_are_kept_apart_and_counted(tmp_path: Path) -> None:
    odd = ["C7,A,,blank,x\n", "C8,A,2026-10-03,another format,x\n", "C9,A,31/11/2026,no such day,x\n"]
    parts = divided(tmp_path, csv_of(days(dt.date(2026, 10, 1), 3)) + "".join(odd))
    assert [(part.month, part.rows) for part in parts] == [(OCTOBER, 3), (None, 3)]
    assert parts[-1].path == tmp_path / "contacts-undated.csv"
    assert parts[-1].path.read_text() == HEADER + "".join(odd)


TEXTS = {
    "quoted line ends and doubled quotes": 'C1,A,03/10/2026,"two\nlines, and ""so"" on",x\n',
    "blanks, and cells in quotes without need": 'C1,A,"03/10/2026", padded ,""\n',
    "Windows line ends": "C1,A,03/10/2026,,x\r\n",
}


@pytest.mark.parametrize("row", TEXTS.values(), ids=TEXTS)
def test_every_cell_stays_as_it_is_written(row: str, tmp_path: Path) -> None:
    (part,) = divided(tmp_path, HEADER + row)
    assert part.path.read_bytes().decode() == HEADER + row


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1252", "cp1252"),
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_a_part_is_in_the_encoding_of_the_whole(encoding: str, declared: str | None, tmp_path: Path) -> None:
    rows = ["C1,A,03/10/2026,Zoë – £5,x\n", "C2,A,04/10/2026,Siân,x\n"]
    content = (HEADER + "".join(rows)).encode(encoding)
    (part,) = divided(tmp_path, content, contacts(encoding=declared))
    assert part.path.read_bytes() == content


def test_what_stands_above_the_header_stands_above_it_in_every_part(tmp_path: Path) -> None:
    above = "Report of contacts;;;;\n" + HEADER.replace(",", ";")
    rows = ["C1;A;03/10/2026;;x\n", "C2;A;04/11/2026;a, b;x\n"]
    parts = divided(tmp_path, above + "".join(rows), contacts(header_row=2, delimiter=";"))
    assert [part.path.read_text() for part in parts] == [above + row for row in rows]


def test_a_file_of_many_blocks_is_split_like_one_of_a_single_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = csv_of(days(dt.date(2026, 1, 1), 365)).replace(",,x", ',"a\n""b""",x').removesuffix("\n")
    (tmp_path / "at once").mkdir()
    (tmp_path / "in blocks").mkdir()
    at_once = divided(tmp_path / "at once", whole)
    monkeypatch.setattr(blocks, "CHARACTERS", 61)
    in_blocks = divided(tmp_path / "in blocks", whole)
    assert [it.path.read_bytes() for it in in_blocks] == [it.path.read_bytes() for it in at_once]
    assert sum(part.rows for part in in_blocks) == 365


def test_a_malformed_row_is_told_by_its_row_in_the_whole_file_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CHARACTERS", 100)
    whole = csv_of(days(dt.date(2026, 1, 1), 60)) + "C99,A,03/10/2026\n"
    with pytest.raises(DeliveryRefused) as error:
        divided(tmp_path, whole)
    assert (error.value.faults[0].line, error.value.faults[0].check) == (62, "ragged_row")
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]


MALFORMED = {
    "column that is not there": ("contact,team,when,note,clerk\nC1,A,03/10/2026,,x\n", "columns", "'day'"),
    "no rows": (HEADER, "empty", "1 row"),
    "a packed file": (b"\x1f\x8b\x08\x00", "format", "not those of a text"),
    "bytes of another encoding": (HEADER.encode() + b"C1,A,03/10/2026,\xe9,x\n", "encoding", "another"),
    "a quote that is never closed": (HEADER + 'C1,A,03/10/2026,",x\n', "stray_quote", "never closed"),
}


@pytest.mark.parametrize(("content", "check", "found"), MALFORMED.values(), ids=MALFORMED)
def test_a_file_that_is_not_as_declared_is_refused_as_load_refuses_it(
    content: str | bytes, check: str, found: str, tmp_path: Path
) -> None:
    with pytest.raises(DeliveryRefused, match=found) as error:
        divided(tmp_path, content)
    assert error.value.faults[0].check == check


def test_a_refusal_quotes_nothing_where_people_could_be_named(tmp_path: Path) -> None:
    columns = COLUMNS | {"note": {"identifying": "drop"}}
    with pytest.raises(DeliveryRefused) as error:
        divided(tmp_path, HEADER + 'C1,A,03/10/2026,Mary "May" Poppins,x\n', contacts(columns=columns))
    assert "Poppins" not in str(error.value)


# ------------------------------------------------------------------------------------------- Parquet

TYPES = pa.schema(
    [
        ("contact", pa.string()),
        ("team", pa.dictionary(pa.int32(), pa.string())),
        ("day", pa.timestamp("us")),
        ("note", pa.decimal128(9, 3)),
        ("clerk", pa.int16()),
    ]
)


def parquet_of(folder: Path, many: list[dt.date | None]) -> Path:
    times = [day and dt.datetime.combine(day, dt.time(i % 24, 30)) for i, day in enumerate(many)]
    columns = [
        [f"C{i}" for i in range(len(many))],
        ["A"] * len(many),
        times,
        [1] * len(many),
        [2] * len(many),
    ]
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns, TYPES.types, strict=True)]
    pq.write_table(pa.table(arrays, schema=TYPES), folder / "contacts.parquet", row_group_size=50)
    return folder / "contacts.parquet"


def timed() -> Any:
    columns = COLUMNS | {"day": {"type": "time"}, "note": {"type": "number", "decimals": 3}}
    return contacts(format="parquet", columns=columns)


def test_parquet_keeps_its_types_and_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 7)
    path = parquet_of(tmp_path, [*days(dt.date(2026, 1, 1), 300), None, None])
    parts = split(path, "contacts", timed(), tmp_path)
    tables = [pq.read_table(part.path) for part in parts]
    assert [table.num_rows for table in tables] == [part.rows for part in parts]
    assert [(part.month, part.rows) for part in parts[-2:]] == [(OCTOBER, 27), (None, 2)]
    assert {table.schema for table in tables} == {TYPES}
    together, whole = pa.concat_tables(tables), pq.read_table(path)
    assert together.sort_by("contact").to_pylist() == whole.sort_by("contact").to_pylist()


def test_parquet_waits_for_rows_within_bounds_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trigpoint.loads.parts.HELD", 100)
    names = ["a", "b", "a", "c", "b"]
    with ParquetParts(tmp_path, pa.schema([("n", pa.int64())])) as parts:
        for i, name in enumerate(names):
            parts.add(name, pa.table({"n": range(i, i + 10)}))
    counted = {name: pq.read_table(tmp_path / name).num_rows for name in "abc"}
    assert counted == {"a": 20, "b": 20, "c": 10}


def test_a_parquet_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = parquet_of(tmp_path, list(days(dt.date(2026, 10, 1), 60)))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DeliveryRefused, match="no whole Parquet file"):
        split(path, "contacts", timed(), tmp_path)
    assert list(tmp_path.iterdir()) == [path]


# ----------------------------------------------------------------------------- nothing is written over


def test_nothing_is_written_over(tmp_path: Path) -> None:
    there = tmp_path / "contacts-2019-01.csv"
    there.write_text("of an earlier split")
    with pytest.raises(TrigpointError, match=r"contacts-2019-01\.csv in .* would be written over"):
        divided(tmp_path, csv_of(days(dt.date(2026, 10, 1), 3)))
    assert there.read_text() == "of an earlier split"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contacts-2019-01.csv", "contacts.csv"]


def test_a_split_that_is_stopped_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CHARACTERS", 100)
    (tmp_path / "contacts.csv").write_text(csv_of(days(dt.date(2026, 1, 1), 60)))

    def stop(_: str, done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        split(tmp_path / "contacts.csv", "contacts", contacts(), tmp_path, stop)
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]


def test_more_months_than_dates_of_records_have_are_refused(tmp_path: Path) -> None:
    many = [dt.date(1950 + i // 12, i % 12 + 1, 1) for i in range(MOST_MONTHS + 1)]
    with pytest.raises(DeliveryRefused, match="more than 600 months in day"):
        divided(tmp_path, csv_of(many))


REFUSED: dict[str, dict[str, Any]] = {
    "delivery: full_refresh": {"delivery": "full_refresh"},
    "only records in CSV or Parquet": {"format": "xlsx"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_source_whose_files_cannot_be_loaded_in_parts_is_not_split(words: str, tmp_path: Path) -> None:
    with pytest.raises(TrigpointError, match=words):
        divided(tmp_path, csv_of([]), contacts(**REFUSED[words]))


# --------------------------------------------------------------------------------- loaded in its parts


def archived(workspace: Workspace, *files: Path) -> list[dict[str, Any]]:
    """Every record of the archive after these files were taken in, but for its row in its file."""
    for file in files:
        take_in(workspace, known(workspace), "contacts", Delivered.at(file), Said("A. Nalyst", noon(1)))
    rows = Archive(workspace.root).rows("contacts").drop_columns(["row"]).to_pylist()
    return sorted(rows, key=lambda row: str(row["contact"]))


@pytest.mark.parametrize("delivery", ["upsert", "replace"])
def test_the_parts_give_the_same_archive_as_the_whole_file(delivery: str, tmp_path: Path) -> None:
    many = days(dt.date(2026, 5, 1), 120)
    lines = "".join(f"C{i},{'AB'[i % 2]},{day},,Poppins\n" for i, day in enumerate(many))
    file = tmp_path / "contacts.csv"
    file.write_text("contact,team,day,nhs,surname\n" + lines, encoding="utf-8")
    one, other = (made(tmp_path / name, delivery=delivery) for name in ("one", "other"))
    parts = split(file, "contacts", known(one).source("contacts"), tmp_path)
    assert len(parts) == 4
    assert archived(one, file) == archived(other, *(part.path for part in parts))


def test_the_command_says_what_it_wrote_and_how_to_load_it(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w").root
    out = tmp_path / "months"
    out.mkdir()
    rows = "C1,A,2026-10-01,,x\nC2,B,2026-11-01,,y\nC3,B,,,z\n"
    (tmp_path / "all.csv").write_text("contact,team,day,nhs,surname\n" + rows, encoding="utf-8")
    told = run("split", "contacts", tmp_path / "all.csv", "-w", workspace, "--out", out)
    october, november = out / "all-2026-10.csv", out / "all-2026-11.csv"
    assert f"{october}: 1 row\n" in told
    assert "Together 3 rows: all that all.csv holds." in told
    assert "in 1 row, those of all-undated.csv, day is blank" in told
    assert "a contact that comes twice is found within a month" in told
    assert told.split("Load them with:\n")[1].startswith(f"  trigpoint load contacts {october} {november}\n")
    assert "1 added" in run("load", "contacts", october, november, "-w", workspace)
    again = run("split", "contacts", tmp_path / "all.csv", "-w", workspace, "--out", out, expect=1)
    assert "would be written over" in again


# ------------------------------------------------------------------------------ too large to be loaded


def needed(file: Path, rows: int, columns: int) -> int:
    return file.stat().st_size + rows * (A_ROW + A_CELL * columns)


def test_a_file_that_needs_more_memory_than_is_free_is_refused_with_numbers_and_what_to_do(
    tmp_path: Path,
) -> None:
    workspace = made(tmp_path / "w")
    file = tmp_path / "all.csv"
    file.write_text("contact,team,day,nhs,surname\n" + "C1,A,2026-10-01,,x\n" * 2_000_000, encoding="utf-8")
    catalogue = known(workspace)
    unread = no_room(file, "contacts", catalogue.source("contacts"), free=200_000_000)
    delivered = Delivered.at(file, unread)
    with pytest.raises(Refused) as error:
        take_in(workspace, catalogue, "contacts", delivered, Said("A. Nalyst", noon(1)))
    (outcome,) = error.value.receipt.outcomes
    fault = outcome.listed[0]
    assert (outcome.check, outcome.severity, fault.file) == ("memory", "block", "all.csv")
    assert fault.found == "about 2,000,000 rows, which need about 0.8 GB at once"
    assert fault.expected == "a file that fits into the memory that is free (0.2 GB)"
    assert fault.remedy == (
        "Split it by month first: `trigpoint split contacts all.csv`, and load what it writes."
    )
    assert (delivered.content, delivered.sha256) == (b"", Delivered.at(file).sha256)
    assert Archive(workspace.root).loads("contacts") == ()


def test_the_rows_of_parquet_are_those_that_its_footer_counts(tmp_path: Path) -> None:
    path = parquet_of(tmp_path, list(days(dt.date(2026, 1, 1), 300)))
    enough = needed(path, rows=300, columns=4)
    assert no_room(path, "contacts", timed(), free=enough) is None
    refusal = no_room(path, "contacts", timed(), free=enough - 1)
    assert refusal is not None
    assert refusal.faults[0].found == "300 rows, which need about 0.0 GB at once"


def test_a_full_refresh_is_not_told_to_be_split_as_it_is(tmp_path: Path) -> None:
    path = parquet_of(tmp_path, list(days(dt.date(2026, 1, 1), 300)))
    refusal = no_room(path, "contacts", contacts(format="parquet", delivery="full_refresh"), free=1)
    assert refusal is not None
    assert refusal.faults[0].remedy.startswith("Declare `delivery: replace`")


def test_nothing_is_refused_where_free_memory_is_not_known_or_the_file_is_not_of_records(
    tmp_path: Path,
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(csv_of(days(dt.date(2026, 1, 1), 300)))
    assert no_room(path, "contacts", contacts(), free=None) is None
    assert no_room(path, "figures", source(), free=1) is None
    assert no_room(path, "contacts", contacts(), free=10**9) is None


def test_a_packed_or_damaged_file_is_left_to_its_reader(tmp_path: Path) -> None:
    packed, damaged = tmp_path / "contacts.csv.gz", tmp_path / "contacts.parquet"
    packed.write_bytes(b"\x1f\x8b\x08\x00" + b"\n" * 1000)
    damaged.write_bytes(b"PAR1 and no more")
    assert no_room(packed, "contacts", contacts(), free=1) is None
    assert no_room(damaged, "contacts", contacts(format="parquet"), free=1) is None


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="the system does not say what is free")
def test_free_memory_is_what_the_system_says() -> None:
    free = free_memory()
    assert free is not None
    assert 2**20 < free < 2**50
