"""A byte that is not as it was stored is never read as a figure."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from tests.faults.crash import everything, keep_definitions, load_again, load_first, publish
from tests.stored import noon, standing
from trigpoint.store.archive import Archive
from trigpoint.store.ledger import Ledger
from trigpoint.store.lock import LOCK
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.errors import WorkspaceDamaged


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two loads, two snapshots and a ledger."""
    workspace = tmp_path_factory.mktemp("whole")
    (workspace / "second.csv").write_text("as delivered", encoding="utf-8")
    for step in (load_first, publish, load_again, publish, keep_definitions):
        step(workspace)
    (workspace / "second.csv").unlink()
    return workspace


@pytest.fixture
def workspace(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "workspace"))


def files(workspace: Path) -> list[Path]:
    return sorted(path for path in workspace.rglob("*") if path.is_file() and path.name != LOCK)


def look_everywhere(workspace: Path) -> None:
    everything(workspace)
    snapshots = Snapshots(workspace)
    for path in (workspace / "snapshots" / "manifests").iterdir():
        snapshots.read(snapshots.get(path.stem), "observations")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])  # the last byte of a text only ends its line


def empty(path: Path) -> None:
    path.write_bytes(b"")


def nothing_names(workspace: Path) -> list[Path]:
    """The files whose loss looks like a time before they were written."""
    current = (workspace / "snapshots" / "current").read_text(encoding="ascii").strip()
    manifests = (workspace / "snapshots" / "manifests").iterdir()
    return [
        workspace / "snapshots" / "current",
        *(path for path in manifests if path.stem != current),
        workspace / "ledger" / "definitions" / "entries" / "00001.json",
    ]


def check_each_file(
    workspace: Path, harm: Callable[[Path], None], passed_over: Collection[Path] = ()
) -> None:
    look_everywhere(workspace)
    for path in files(workspace):
        if path in passed_over:
            continue
        stored = path.read_bytes()
        harm(path)
        with pytest.raises(WorkspaceDamaged) as damage:
            look_everywhere(workspace)
        named = damage.value.faults[0].file
        assert str(path).startswith(named), f"{path} was harmed; the message names {named}"
        path.write_bytes(stored)
    look_everywhere(workspace)


@pytest.mark.parametrize("harm", [flip, cut, empty])
def test_every_file_that_is_altered_is_noticed(workspace: Path, harm: Callable[[Path], None]) -> None:
    check_each_file(workspace, harm)


def test_every_file_that_is_lost_is_noticed_where_anything_names_it(workspace: Path) -> None:
    check_each_file(workspace, Path.unlink, nothing_names(workspace))


def test_the_fixture_holds_every_kind_of_file(whole: Path) -> None:
    kinds = {path.relative_to(whole).parts[:2][-1] if path.suffix else path.name for path in files(whole)}
    assert kinds >= {"beds", "parts", "manifests", "current"}
    names = {path.name for path in files(whole)}
    assert {"load.json", "receipt.json", "difference.csv", "original.csv", "2024-12.parquet"} <= names


def test_a_load_that_was_taken_away_is_missed(workspace: Path) -> None:
    first, _ = sorted((workspace / "archive" / "beds").iterdir())
    shutil.rmtree(first)
    with pytest.raises(WorkspaceDamaged, match="every load since the first"):
        Archive(workspace).loads("beds")


def test_verifying_lists_every_file_that_differs(workspace: Path) -> None:
    harmed = sorted((workspace / "archive").rglob("*.parquet"))
    for path in harmed:
        flip(path)
    with pytest.raises(WorkspaceDamaged) as damage:
        Archive(workspace).verify()
    assert sorted(fault.file for fault in damage.value.faults) == [str(path) for path in harmed]
    assert damage.value.exit_code == 6


def test_a_damaged_month_stops_nobody_who_does_not_read_it(workspace: Path) -> None:
    before = standing(Archive(workspace))
    (old,) = (workspace / "archive" / "beds").glob("00001-*/2024-12.parquet")
    flip(old)
    assert standing(Archive(workspace)) == before, "the second load replaced that month"
    with pytest.raises(WorkspaceDamaged):
        standing(Archive(workspace), as_at=noon(1))


@pytest.mark.parametrize("harm", [flip, Path.unlink])
def test_running_the_month_again_mends_a_damaged_snapshot(
    workspace: Path, harm: Callable[[Path], None]
) -> None:
    before = everything(workspace)
    for path in (workspace / "snapshots").rglob("*"):
        if path.is_file():
            harm(path)
    publish(workspace)
    assert everything(workspace) == before


def test_a_text_of_the_ledger_that_was_altered_is_not_given_out(workspace: Path) -> None:
    flip(next((workspace / "ledger" / "definitions" / "texts").iterdir()))
    with pytest.raises(WorkspaceDamaged, match="backup"):
        Ledger(workspace, "definitions").known()
