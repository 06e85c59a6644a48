"""Snapshots: a pure function of their inputs, shared month by month, shown by one rename."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from tests.stored import delivery, figures, keep
from trigpoint.store import parquet
from trigpoint.store.archive import Archive
from trigpoint.store.manifest import Inputs, LoadUsed, Manifest, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

NOVEMBER, DECEMBER = Month(2024, 11), Month(2024, 12)
BEFORE = figures("M1 RH5 2024-11 5")
THEN = figures("M1 RH5 2024-12 6")
NOW = figures("M1 RH5 2024-12 7")


def manifest(*loads: LoadUsed, **months: Partition) -> Manifest:
    return Manifest(
        Inputs(definitions="d", decisions="e", loads=loads, code="0.1.0"),
        {"observations": {Month.parse(name[1:].replace("_", "-")): part for name, part in months.items()}},
    )


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path)


def current(snapshots: Snapshots) -> Manifest:
    found = snapshots.current()
    assert found is not None
    return found


def test_there_is_no_current_snapshot_before_the_first(snapshots: Snapshots) -> None:
    assert snapshots.current() is None
    assert snapshots.reuse("observations", DECEMBER, "key") is None


def test_what_is_published_is_current_and_reads_as_it_was_given(snapshots: Snapshots) -> None:
    made = manifest(_2024_11=snapshots.write_part(BEFORE, "a"), _2024_12=snapshots.write_part(THEN, "b"))
    name = snapshots.publish(made)
    assert snapshots.current() == made
    assert name == made.id
    assert snapshots.read(made, "observations").equals(pa.concat_tables([BEFORE, THEN]))
    assert snapshots.read(made, "observations", [DECEMBER]).equals(THEN)


def test_a_month_or_a_kind_that_is_not_there_is_not_found(snapshots: Snapshots) -> None:
    made = manifest(_2024_12=snapshots.write_part(THEN, "b"))
    with pytest.raises(NotFound, match="no observations of those months"):
        snapshots.read(made, "observations", [NOVEMBER])
    with pytest.raises(NotFound, match="no findings"):
        snapshots.read(made, "findings")


def test_a_reader_keeps_to_the_snapshot_that_it_began_with(snapshots: Snapshots) -> None:
    snapshots.publish(manifest(_2024_12=snapshots.write_part(THEN, "b")))
    began_with = current(snapshots)
    snapshots.publish(manifest(_2024_12=snapshots.write_part(NOW, "c")))
    assert snapshots.read(began_with, "observations").equals(THEN)
    assert snapshots.read(current(snapshots), "observations").equals(NOW)


def test_a_partition_is_reused_for_the_same_inputs_only(snapshots: Snapshots, tmp_path: Path) -> None:
    kept = snapshots.write_part(THEN, "b")
    snapshots.publish(manifest(_2024_12=kept))
    later = Snapshots(tmp_path)
    assert later.reuse("observations", DECEMBER, "b") == kept
    assert later.reuse("observations", DECEMBER, "c") is None
    assert later.reuse("observations", NOVEMBER, "b") is None
    assert later.reuse("findings", DECEMBER, "b") is None


def test_a_partition_of_an_earlier_snapshot_is_reused_too(snapshots: Snapshots, tmp_path: Path) -> None:
    kept = snapshots.write_part(THEN, "b")
    snapshots.publish(manifest(_2024_12=kept))
    snapshots.publish(manifest(_2024_12=snapshots.write_part(NOW, "c")))
    assert Snapshots(tmp_path).reuse("observations", DECEMBER, "b") == kept


def test_months_that_hold_the_same_share_their_bytes(snapshots: Snapshots, tmp_path: Path) -> None:
    snapshots.write_part(THEN, "b")
    snapshots.write_part(THEN, "c")
    assert len(list((tmp_path / "snapshots" / "parts").glob("*.parquet"))) == 1


def test_a_snapshot_of_the_past_is_kept_and_never_made_current(snapshots: Snapshots) -> None:
    now = manifest(_2024_12=snapshots.write_part(NOW, "c"))
    past = manifest(_2024_12=snapshots.write_part(THEN, "b"))
    snapshots.publish(now)
    name = snapshots.keep(past)
    assert snapshots.current() == now
    assert snapshots.get(name) == past


def test_the_id_covers_every_input_and_no_order(snapshots: Snapshots) -> None:
    one, two = LoadUsed("beds", 1, "aa"), LoadUsed("beds", 2, "bb")
    parts = {"_2024_12": snapshots.write_part(THEN, "b"), "_2024_11": snapshots.write_part(BEFORE, "a")}
    reordered = dict(reversed(parts.items()))
    assert manifest(one, two, **parts).id == manifest(two, one, **reordered).id
    ids = {
        manifest(one, two, **parts).id,
        manifest(one, **parts).id,
        manifest(one, two, _2024_12=parts["_2024_12"]).id,
        Manifest(Inputs("D", "e", (one, two), "0.1.0"), {}).id,
        Manifest(Inputs("d", "E", (one, two), "0.1.0"), {}).id,
        Manifest(Inputs("d", "e", (one, two), "0.1.1"), {}).id,
    }
    assert len(ids) == 6


def test_chunks_dictionaries_and_metadata_leave_no_trace_in_the_bytes() -> None:
    table = pa.concat_tables([BEFORE, THEN])
    other = pa.concat_tables([BEFORE, THEN]).combine_chunks()
    other = other.set_column(1, "unit", other["unit"].dictionary_encode()).replace_schema_metadata(
        {"at": "noon"}
    )
    assert table["value"].num_chunks == 2
    assert parquet.to_bytes(table) == parquet.to_bytes(other)


def test_parquet_keeps_nulls_nested_lists_and_columns_that_may_not_be_null() -> None:
    schema = pa.schema(
        [
            pa.field("unit", pa.string(), nullable=False),
            ("value", pa.float64()),
            ("standards", pa.list_(pa.struct([("name", pa.string()), ("streak", pa.int16())]))),
            ("at", pa.timestamp("us", tz="Europe/London")),
        ]
    )
    rows = [
        {"unit": "RH5", "value": None, "standards": [{"name": "national", "streak": 3}], "at": 0},
        {"unit": "RDY", "value": -0.0, "standards": [], "at": None},
        {"unit": "", "value": 1e300, "standards": None, "at": 10**15},
    ]
    table = pa.Table.from_pylist(rows, schema)
    assert parquet.from_bytes(parquet.to_bytes(table)).equals(table, check_metadata=True)


MAKE = """
from pathlib import Path
from tests.stored import delivery, keep
from tests.faults.crash import load_again, load_first, publish
workspace = Path("workspace")
workspace.mkdir()
(workspace / "second.csv").write_text("x")
load_first(workspace)
load_again(workspace)
publish(workspace)
"""


def test_the_same_inputs_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    made = []
    for seed, zone, folder in (("1", "Pacific/Auckland", "here"), ("2", "America/St_Johns", "there")):
        (tmp_path / folder).mkdir()
        subprocess.run(
            [sys.executable, "-c", MAKE],
            cwd=tmp_path / folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
        )
        root = tmp_path / folder / "workspace"
        made.append({path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()})
    assert made[0] == made[1]
    assert {path.parts[0] for path in made[0]} == {"archive", "snapshots", "second.csv", ".writer.lock"}


def test_loads_are_named_by_what_was_delivered(tmp_path: Path) -> None:
    load = keep(Archive(tmp_path), delivery("M1 RH5 2024-12 6")).load
    assert LoadUsed.of(load) == LoadUsed("beds", 1, load.sha256)
