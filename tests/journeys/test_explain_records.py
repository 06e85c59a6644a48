"""A figure of records explained, in a small trust's workspace: its steps, whether it agrees, its keys."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands import run
from trigpoint.explain.story import explain
from trigpoint.month.known import known
from trigpoint.month.snapshots import snapshot_of
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.period import Month

FILES = {
    "trigpoint.yaml": "name: Clinic Trust\nhome: CT\n",
    "definitions/units.csv": """\
code,name,level,parent,kind
CT,Clinic Trust,trust,,
ADULT,Adults,division,CT,
EAST,East,team,ADULT,community
WEST,West,team,ADULT,crisis
DR,A doctor,person,EAST,
""",
    "definitions/all.yaml": """\
perspectives: {access: {title: Access}}
objectives: {soon: {title: People are seen soon, perspective: access}}
sources:
  referrals:
    title: Referrals
    holds: records
    format: csv
    delivery: upsert
    key: [referral]
    dated: received
    subject: patient
    staff: doctor
    expects: {from: 2026-09}
    checks: {unknown_unit: note}
    columns:
      referral: {type: code}
      patient: {type: code}
      team: {type: unit}
      doctor: {type: code}
      received: {type: date, required: true}
      seen: {type: date}
      urgent: {type: boolean}
      cost: {type: money}
      state: {type: code, take: [live]}
indicators:
  SOON:
    {title: Seen soon, objective: soon, direction: up, measured_in: per cent, owner: O, kinds: [community],
    levels: [trust, division, team, person], versions: [{from: 2026-09, measure:
    {from: referrals, month_of: received, where: urgent and cost > 10, except: seen < received,
    count: records, with: "days(received, seen) <= 7"}}]}
  COST:
    {title: Typical cost, objective: soon, direction: down, measured_in: pounds, owner: O,
    levels: [trust, team], versions: [{from: 2026-09, measure:
    {from: referrals, month_of: received, median: cost}}]}
  PEOPLE:
    {title: People, objective: soon, direction: neutral, measured_in: people, owner: O,
    levels: [trust, team], versions: [{from: 2026-09, measure:
    {from: referrals, month_of: received, people: any}}]}
  EACH:
    {title: Cost of each, objective: soon, direction: down, measured_in: pounds, owner: O,
    levels: [trust, team], versions: [{from: 2026-09, measure:
    {parts: {cost: {from: referrals, month_of: received, sum: cost}}, formula: "cost / [PEOPLE]"}}]}
""",
}
RECORDS = """\
referral,patient,team,doctor,received,seen,urgent,cost,state
R1,p1,EAST,DR,2026-10-01,2026-10-05,true,20,live
R2,p1,EAST,DR,2026-10-02,2026-10-20,true,30,live
R3,p2,EAST,,2026-10-03,,true,40,live
R4,p3,EAST,,2026-10-04,2026-10-05,,50,live
R5,p4,EAST,,2026-10-05,2026-10-06,true,,live
R6,p5,WEST,,2026-10-06,2026-10-07,true,60,live
R7,,GONE,,2026-10-07,2026-10-08,true,70,live
R8,p6,EAST,,2026-10-08,2026-10-01,true,80,live
R9,p6,EAST,,2026-10-08,2026-10-01,true,80,void
S1,p7,EAST,,2026-09-08,2026-09-10,true,80,live
"""
OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "clinic"
    create(folder, {name: text.encode() for name, text in FILES.items()})
    deliver(folder, "referrals.csv", RECORDS)
    run("snapshot", "-w", folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, to be altered."""
    return Path(shutil.copytree(made, tmp_path / "clinic"))


def deliver(folder: Path, name: str, text: str) -> None:
    (folder.parent / name).write_text(text, encoding="utf-8")
    run("load", "referrals", folder.parent / name, "-w", folder)


def told(folder: Path, code: str, *more: object) -> dict[str, Any]:
    said = run("explain", code, "-w", folder, "-m", OCTOBER, "--json", *more)
    found: dict[str, Any] = json.JSONDecoder().raw_decode(said[said.index("{") :])[0]
    return found


def test_a_share_is_told_step_by_step_and_agrees(folder: Path) -> None:
    said = told(folder, "SOON")
    assert [line.strip() for line in said["records"]][1:] == [
        "9 records of referrals held",
        "8 records dated from 1 October 2026 to 31 October 2026",
        "8 of 8 (100.0%) at CT, with all that is below it; 1 of a unit that is not known",
        "7 of 8 (87.5%) of a unit of the kinds community, or of a unit that is not known",
        "where urgent: 6 left; 1 excluded (14.3%): not so of 0, undecided for blanks of 1",
        "where cost > 10: 5 left; 1 excluded (16.7%): not so of 0, undecided for blanks of 1",
        "except seen < received: 4 left; 1 removed (20.0%), of which it is so; "
        "1 undecided for blanks, and therefore kept",
        "with days(received, seen) <= 7: so of 2 of 4 (50.0%); not so of 1; "
        "1 undecided for blanks, and counted as not so",
        "the number: 4, of which 2 with it",
        "these records make 2 / 4, which is 50: this agrees with the figure",
    ]
    assert "100 x 2 / 4 = 50" in said["figure"]
    assert [line.strip() for line in said["checks"]] == [
        "referrals: 1 delivery, of which rows were set aside or noted",
        "1 noted: unknown unit",
        "1 set aside: state is 'void'",
    ]
    assert any("JOIN days m" in line for line in said["sql"])


def test_the_keys_of_the_records_behind_it_are_listed_up_to_so_many(folder: Path) -> None:
    assert [line.strip() for line in told(folder, "SOON")["keys"]] == [
        "itself: 4 of referrals, by referral",
        "R1; unit EAST; month 2026-10; with: yes",
        "R2; unit EAST; month 2026-10; with: no",
        "R3; unit EAST; month 2026-10; with: undecided",
        "R7; unit GONE; month 2026-10; with: yes",
    ]
    assert told(folder, "COST", "--keys", 1)["keys"][1:] == [
        "   R1; unit EAST; month 2026-10; value 20",
        "   and 7 more",
    ]
    assert len(told(folder, "COST", "--keys", "all")["keys"]) == 9
    assert "keys" not in told(folder, "COST", "--keys", 0)


def test_the_keys_go_to_a_file_that_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "behind.csv"
    assert "keys" not in told(folder, "COST", "--keys", file)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["key referral"] for row in rows] == [f"R{n}" for n in range(1, 9)]
    assert (rows[0]["value"], rows[4]["value"], rows[6]["unit"]) == ("20", "blank", "GONE")
    said = run("explain", "COST", "-w", folder, "--keys", file, expect=2)
    assert "is there already, and is not written over" in said
    assert "not a number, `all`, or a file" in run("explain", "COST", "-w", folder, "--keys", "x", expect=2)


def test_no_key_is_in_a_published_page(folder: Path) -> None:
    run("scorecard", "-w", folder)
    pages = [path for path in (folder / "site").rglob("*") if path.suffix in (".html", ".csv", ".json")]
    assert pages
    assert not [path for path in pages if any(key in path.read_text("utf-8") for key in ("R7;", "GONE"))]


def test_a_median_and_people_say_what_is_blank(folder: Path) -> None:
    assert told(folder, "COST")["records"][-2:] == [
        "   the median of cost: 50; of 7 known values, blank in 1",
        "these records make 50: this agrees with the figure",
    ]
    assert told(folder, "PEOPLE")["records"][-2:] == [
        "   the people: 6; 1 with a blank patient are nobody's",
        "these records make 6: this agrees with the figure",
    ]


def test_a_formula_tells_its_parts_and_the_figures_that_it_uses(folder: Path) -> None:
    records = told(folder, "EACH")["records"]
    assert records[0] == "cost: of referrals, by month of received: the sum of cost"
    assert records[-3:] == [
        "   the sum of cost: 350; of 7 known values, blank in 1",
        "[PEOPLE] in October 2026: 6",
        "these records make 350 / 6, which is 58.3333333333: this agrees with the figure",
    ]


@pytest.mark.parametrize(
    ("unit", "step", "left"),
    [
        ("DR", "2 of 8 (25.0%) at DR, who did it", "the number: 2, of which 1 with it"),
        (
            "unattributed",
            "1 of 8 (12.5%) at unattributed; 1 of a unit that is not known",
            "the number: 1, of which 1 with it",
        ),
    ],
)
def test_a_person_and_nobody_have_their_steps_too(folder: Path, unit: str, step: str, left: str) -> None:
    lines = [line.strip() for line in told(folder, "SOON", "-u", unit)["records"]]
    assert step in lines
    assert left in lines
    assert lines[-1].endswith("this agrees with the figure")


def test_a_figure_that_no_longer_agrees_says_so_loudly(folder: Path) -> None:
    workspace, at = Workspace.at(folder), dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
    catalogue = known(workspace, None)
    manifest = snapshot_of(workspace, catalogue, at=at)
    deliver(
        folder, "late.csv", RECORDS.splitlines()[0] + "\nR10,p9,EAST,,2026-10-09,2026-10-10,true,90,live\n"
    )
    said = explain(workspace, catalogue, manifest, "SOON", "CT", OCTOBER).words()
    assert "these records make 3 / 5, which is 60" in said
    assert "THIS DOES NOT AGREE WITH THE FIGURE, which is 2 / 4, which is 50" in said
    assert "this agrees with the figure" in run("explain", "SOON", "-w", folder, "-m", OCTOBER)
