"""A month of records again: what changed is worked out and told, and figures of persons stay apart."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from trigpoint.loads.delivered import Delivered
from trigpoint.measures import partials
from trigpoint.measures.passes import Pass
from trigpoint.month.changes import changes, changes_in_words
from trigpoint.month.deliveries import Said, take_in
from trigpoint.month.known import known
from trigpoint.month.site import publish
from trigpoint.month.snapshots import take_snapshot
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, PERSONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

SOURCE = Path(__file__).parents[2] / "src" / "trigpoint"
START = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
UNITS = """\
code,name,level,parent
QPT,Quantock,trust,
A,Team A,team,QPT
B,Team B,team,QPT
CLINICIAN-7,A clinician,person,A
"""
DEFINITIONS = """\
perspectives: {all: {title: All}}
objectives: {all: {title: All, perspective: all}}
packs: {board: {title: Board, level: trust, audience: board}}
sources:
  contacts:
    title: Contacts
    holds: records
    format: csv
    delivery: upsert
    key: [contact]
    dated: day
    unit: team
    staff: clinician
    expects: {from: 2026-05}
    columns:
      contact: {type: code}
      team: {type: unit}
      clinician: {type: code}
      day: {type: date, required: true}
indicators:
  SEEN: {title: Contacts, objective: all, direction: up, measured_in: contacts, owner: Someone,
    basis: flow, levels: [trust, team, person],
    versions: [{from: 2026-05, measure: {from: contacts, month_of: day, count: records}}]}
  YEAR: {title: Of three months, objective: all, direction: up, measured_in: contacts, owner: Someone,
    basis: rolling, levels: [trust, team],
    versions: [{from: 2026-05, measure: {from: contacts, month_of: day, count: records, window: 3 months}}]}
"""
HEADER = "contact,team,clinician,day\n"
MONTHS = {
    "2026-05": "1,A,CLINICIAN-7,2026-05-03\n2,A,CLINICIAN-7,2026-05-20\n",
    "2026-06": "3,B,,2026-06-11\n4,A,CLINICIAN-7,2026-06-30\n",
    "2026-07": "5,B,,2026-07-01\n",
    "2026-08": "6,A,,2026-08-31\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    texts = {"trigpoint.yaml": "name: Quantock\nhome: QPT\n", "definitions/all.yaml": DEFINITIONS}
    files = {name: text.encode() for name, text in {**texts, "definitions/units.csv": UNITS}.items()}
    create(tmp_path / "w", files)
    found = Workspace.at(tmp_path / "w")
    for day, (month, rows) in enumerate(MONTHS.items()):
        load(found, month, rows, day)
    return found


def load(workspace: Workspace, name: str, rows: str, day: int) -> None:
    file = workspace.root / f"contacts-{name}.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    take_in(workspace, known(workspace), "contacts", Delivered.at(file), Said("A test", at(day)))


def at(day: int) -> dt.datetime:
    return START + dt.timedelta(days=day)


def snapshot(workspace: Workspace, day: int) -> Manifest:
    return take_snapshot(workspace, known(workspace), at=at(day))


def figures(
    workspace: Workspace, manifest: Manifest, kind: str = OBSERVATIONS
) -> Mapping[tuple[str, ...], float]:
    rows = Snapshots(workspace.root).read(manifest, kind).to_pylist()
    return {(row["indicator"], row["unit"], str(Month.of(row["end"]))): row["value"] for row in rows}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[Month]]:
    """The months whose records are read for sums of units, one list a query."""
    found: list[list[Month]] = []
    real = partials._asked

    def noting(it: Pass, months: list[Month], *rest: Any) -> object:
        if it.frame.person is None:
            found.append(list(months))
        return real(it, months, *rest)

    monkeypatch.setattr(partials, "_asked", noting)
    return found


def test_records_of_months_before_every_figure_are_told_with_what_holds_from_when(tmp_path: Path) -> None:
    texts = {"trigpoint.yaml": "name: Quantock\nhome: QPT\n", "definitions/all.yaml": DEFINITIONS}
    files = {name: text.encode() for name, text in {**texts, "definitions/units.csv": UNITS}.items()}
    create(tmp_path / "w", files)
    found = Workspace.at(tmp_path / "w")
    load(found, "old", "1,A,,2019-11-03\n2,A,,2020-02-20\n", 0)
    with pytest.raises(NotFound) as error:
        snapshot(found, 1)
    assert str(error.value) == (
        "No month has a figure: months of what is loaded are contacts 2019-11 to 2020-02; "
        "but contacts counts from 2026-05 (`expects: from`), and no indicator holds before 2026-05 "
        "(`from` of its first version). "
        "Declare the earlier month from which they hold, if they do, or load deliveries of later months."
    )


def test_a_late_record_changes_its_month_and_those_whose_window_holds_it(workspace: Workspace) -> None:
    before = snapshot(workspace, 10)
    load(workspace, "late", "7,A,CLINICIAN-7,2026-06-02\n", 11)
    after = snapshot(workspace, 12)
    found = changes(workspace, before, after).to_pylist()
    assert {(row["indicator"], row["unit"], str(row["end"])[:7]) for row in found} == {
        *(("SEEN", unit, "2026-06") for unit in ("QPT", "A")),
        *(("YEAR", unit, month) for unit in ("QPT", "A") for month in ("2026-07", "2026-08")),
    }
    assert [(row["value_before"], row["value"]) for row in found if row["indicator"] == "SEEN"] == [
        (1, 2),
        (2, 3),
    ]


def test_the_changes_are_told_and_nothing_is_told_of_a_new_month(workspace: Workspace) -> None:
    before = snapshot(workspace, 10)
    load(workspace, "2026-09", "8,A,,2026-09-04\n", 11)
    new = snapshot(workspace, 12)
    assert list(changes_in_words(changes(workspace, before, new), known(workspace))) == []
    load(workspace, "late", "9,B,,2026-08-02\n", 13)
    told = list(changes_in_words(changes(workspace, new, snapshot(workspace, 14)), known(workspace)))
    assert (
        told[0] == "Changed since the last snapshot: 6 figures of SEEN, YEAR; August 2026 to September 2026."
    )
    assert "  SEEN, QPT, August 2026: 1 before, now 2" in told


def test_a_new_month_reads_that_month_s_records_alone(workspace: Workspace, asked: list[list[Month]]) -> None:
    snapshot(workspace, 10)
    asked.clear()
    load(workspace, "2026-09", "8,A,,2026-09-04\n", 11)
    manifest = snapshot(workspace, 12)
    assert asked == [[Month(2026, 9)]]
    assert figures(workspace, manifest)["YEAR", "QPT", "2026-09"] == 3


def test_what_is_kept_gives_the_figures_that_all_of_the_records_give(workspace: Workspace) -> None:
    for day, rows in enumerate(("8,A,,2026-09-04\n", "3,A,,2026-06-12\n", "1,B,,2026-08-03\n"), start=10):
        snapshot(workspace, day)
        load(workspace, f"more-{day}", rows, day)
    step_by_step = figures(workspace, snapshot(workspace, 20))
    for path in (workspace.root / "snapshots").rglob("*"):
        if path.is_file():
            path.unlink()
    assert figures(workspace, snapshot(workspace, 21)) == step_by_step


def test_a_snapshot_that_was_stopped_goes_on_from_what_it_had_kept(
    workspace: Workspace, asked: list[list[Month]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("trigpoint.measures.records.rolled_up", stopped)
        with pytest.raises(KeyboardInterrupt):
            snapshot(workspace, 10)
    assert asked
    asked.clear()
    snapshot(workspace, 11)
    assert not asked


def test_a_person_s_own_figures_lie_apart_and_reach_no_page(workspace: Workspace) -> None:
    manifest = snapshot(workspace, 10)
    theirs = figures(workspace, manifest, PERSONS)
    assert theirs["SEEN", "CLINICIAN-7", "2026-05"] == 2
    assert not [key for key in figures(workspace, manifest) if key[1] == "CLINICIAN-7"]
    publish(workspace, known(workspace), manifest, month=Month(2026, 8))
    site = [path for path in (workspace.root / "site").rglob("*") if path.is_file()]
    assert site
    assert not [path for path in site if b"CLINICIAN-7" in path.read_bytes()]
    kept = manifest.partitions
    shown = {part.sha256 for kind in (OBSERVATIONS, FINDINGS) for part in kept[kind].values()}
    for part in kept[PERSONS].values():
        path = workspace.root / "snapshots" / "parts" / f"{part.sha256}.parquet"
        assert part.sha256 not in shown
        assert set(pq.read_table(path)["unit"].to_pylist()) <= {"CLINICIAN-7"}


def test_only_what_makes_and_keeps_partitions_names_those_of_persons() -> None:
    """What is published can't read them by mistake; `explain` tells of one person, in the workspace alone."""
    named = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name | ast.alias)
        and getattr(node, "id", getattr(node, "name", "")) == "PERSONS"
    }
    assert named == {"month/observations.py", "store/manifest.py", "explain/story.py"}
