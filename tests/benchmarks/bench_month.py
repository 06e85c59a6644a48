"""What a month costs: from published file to page, again with nothing new, and with one file corrected."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.harness import ROOT, Clock, Figures, Skipped, benchmark
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.demo import trust
from trigpoint.loads.delivered import Delivered
from trigpoint.month.deliveries import Said, take_in, take_in_all
from trigpoint.month.known import known
from trigpoint.month.site import publish
from trigpoint.month.snapshots import take_snapshot
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.period import Month

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


def _published(pattern: str) -> Path:
    folder = Path(os.environ.get("TRIGPOINT_SHARED", ROOT.parent / "shared")) / "data"
    found = next(folder.glob(pattern), None)
    if found is None:
        raise Skipped(f"no {pattern} below {folder}")
    return found


@contextmanager
def _somerset() -> Iterator[tuple[Workspace, Catalogue]]:
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder) / "w", Workspace.at(ROOT / "examples" / "somerset").texts())
        workspace = Workspace.at(Path(folder) / "w")
        yield workspace, known(workspace)


def _load_and_snapshot(clock: Clock, source: str, path: Path) -> Figures:
    with _somerset() as (workspace, catalogue), clock:
        taken = take_in(workspace, catalogue, source, Delivered.at(path), Said("benchmark", NOW))
        take_snapshot(workspace, catalogue, at=NOW)
    return {"rows": taken.receipt.rows_read, "rows a second": taken.receipt.rows_read / clock.seconds}


@benchmark(aim="about 10 s on 2 cores, under 500 MB")
def mhsds_time_series_loaded_checked_and_snapshot(clock: Clock) -> Figures:
    path = _published("mhsds_time_series/MHSDS_Time_Series*.csv.gz")
    return _load_and_snapshot(clock, "mhsds", path)


@benchmark(aim="about 60 s on 2 cores, under 1.5 GB")
def talking_therapies_loaded_checked_and_snapshot(clock: Clock) -> Figures:
    path = _published("talking_therapies_monthly/tt_activity_performance_monthly*.parquet")
    return _load_and_snapshot(clock, "talking_therapies", path)


def _whole(workspace: Workspace, catalogue: Catalogue, data: Path, at: dt.datetime) -> None:
    for _ in take_in_all(workspace, catalogue, data, Said("benchmark", at)):
        pass
    manifest = take_snapshot(workspace, catalogue, at=at)
    publish(workspace, catalogue, manifest, month=Month(2024, 12))


@benchmark(aim="about 2 s")
def somerset_again_with_nothing_changed(clock: Clock) -> Figures:
    data = _published("mhsds_time_series").parent
    with _somerset() as (workspace, catalogue):
        _whole(workspace, catalogue, data, NOW)
        with clock:
            _whole(workspace, known(workspace), data, LATER)
    return None


@benchmark(
    aim="only what it touches: one month of 60 has new figures, and it and the later ones new findings"
)
def one_corrected_month_of_mhsds(clock: Clock) -> Figures:
    data = _published("mhsds_time_series").parent
    with _somerset() as (workspace, catalogue):
        _whole(workspace, catalogue, data, NOW)
        before = Snapshots(workspace.root).current()
        corrected = workspace.root / "corrected.csv.gz"
        _november_2020(next(data.glob("mhsds_time_series/*.csv.gz")), corrected)
        with clock:
            take_in(workspace, catalogue, "mhsds", Delivered.at(corrected), Said("benchmark", LATER))
            after = take_snapshot(workspace, catalogue, at=LATER)
    assert before is not None
    return {
        f"new {kind}": sum(part != before.partitions[kind][month] for month, part in months.items())
        for kind, months in after.partitions.items()
    }


def _november_2020(whole: Path, into: Path) -> None:
    """The rows of one month, with one of RH5's figures corrected."""
    with gzip.open(whole, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    month = [row for row in rows if row[1] == "30/11/2020"]
    for row in month:
        if row[4] == "RH5" and row[8] == "MHS32":
            row[10] = str(int(row[10]) + 5)
    with gzip.open(into, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *month])


@contextmanager
def _demo() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        create(Path(folder) / "w", trust.workspace())
        yield Workspace.at(Path(folder) / "w")


def _month(workspace: Workspace, where: Path, at: dt.datetime, *, only: bool) -> None:
    catalogue = known(workspace)
    for _ in take_in_all(workspace, catalogue, where, Said("benchmark", at)):
        pass
    publish(workspace, catalogue, take_snapshot(workspace, catalogue, at=at), only=only)


@benchmark(aim="under 60 s on 2 cores: README's first command, without installing, in one process")
def the_demo_trusts_month_from_nothing(clock: Clock) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "w"
        with clock:
            create(root, trust.workspace())
            _month(Workspace.at(root), root, NOW, only=False)
    return None


@benchmark(aim="under 10 s: until the trust's scorecard can be read; those below it follow")
def the_demo_trusts_next_month_to_its_scorecard(clock: Clock) -> Figures:
    with _demo() as workspace:
        _month(workspace, workspace.root, NOW, only=True)
        with clock:
            _month(workspace, workspace.root / "next-month", LATER, only=True)
    return None
