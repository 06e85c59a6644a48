"""The command line from end to end, as an analyst uses it."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import ask, run

TRIGPOINT = [sys.executable, "-m", "trigpoint"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with its month, made as at a prompt: Python is started for each command."""
    folder = tmp_path_factory.mktemp("journey") / "trust"
    for arguments in (["new", folder], ["month", "-w", folder, "--by", "A. Nalyst"]):
        subprocess.run([*TRIGPOINT, *map(str, arguments)], check=True, capture_output=True)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, made: Path) -> Path:
    """A workspace of its own, with the sample's month in it."""
    folder = tmp_path / "trust"
    subprocess.run(["cp", "-r", made, folder], check=True)
    return folder


def current(workspace: Path) -> str:
    return (workspace / "snapshots" / "current").read_text(encoding="ascii").strip()


def edit(path: Path, pattern: str, into: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(pattern, text, re.MULTILINE)
    path.write_text(re.sub(pattern, into, text, count=1, flags=re.MULTILINE), encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["explain", "--help"],
        ["explain", "MH-FU72", "--json"],
        ["explain", "MH-FU27"],
        ["load", "--nothing"],
    ],
    ids=lambda it: " ".join(it) or "nothing",
)
def test_a_process_that_was_ready_says_and_ends_as_a_fresh_one(made: Path, arguments: list[str]) -> None:
    """What ``tests.commands`` stands on."""
    trigpoint = Path(sys.executable).with_name("trigpoint")
    fresh = subprocess.run(
        [trigpoint, *arguments], cwd=made, capture_output=True, encoding="utf-8", check=False
    )
    ready = ask(*arguments, where=made)
    assert (ready.code, ready.out, ready.err) == (fresh.returncode, fresh.stdout, fresh.stderr)


def test_from_nothing_to_a_scorecard(made: Path) -> None:
    page = (made / "site" / "index.html").read_text(encoding="utf-8")
    assert "scorecard for October 2026" in page
    assert "Every trust, person and figure here is made up." in page
    assert "No fault found" in run("check", "-w", made)
    assert "Every stored byte is as it was" in run("verify", "-w", made)


def test_a_trust_without_divisions_has_nothing_to_compare_and_no_list_of_units(made: Path) -> None:
    pages = {path.name for path in (made / "site").glob("*.html")}
    assert pages == {"index.html", "matrix.html", "how-to-read.html"}


def test_a_level_without_a_pack_has_a_scorecard_of_all_that_is_offered_at_it(
    made: Path, tmp_path: Path
) -> None:
    said = run("scorecard", "-u", "SWF", "--only", "--out", tmp_path / "region", "-w", made)
    assert "Writing scorecards" in said
    assert (tmp_path / "region" / "index.html").is_file()


def test_a_second_month_run_finds_nothing_to_do(workspace: Path) -> None:
    before = current(workspace)
    said = run("month", "-w", workspace)
    assert "Working out" not in said
    assert "accepted" not in said
    assert current(workspace) == before


def test_a_fault_in_a_definition_stops_the_month_with_its_place(workspace: Path) -> None:
    edit(
        workspace / "definitions" / "indicators.yaml",
        r"owner: Director of People",
        "ownr: Director of People",
    )
    said = run("month", "-w", workspace, expect=3)
    assert re.search(r"definitions/indicators\.yaml:\d+:5  found 'ownr'; .*Nearest: owner", said)


def test_faults_as_json(workspace: Path) -> None:
    edit(workspace / "definitions" / "indicators.yaml", r"direction: neutral", "direction: nuetral")
    done = ask("check", "--json", "-w", workspace)
    (fault,) = json.loads(done.out)
    assert (done.code, fault["file"], fault["column"]) == (3, "definitions/indicators.yaml", 5)
    assert fault["remedy"] == "Nearest: neutral."


def test_a_refused_delivery_changes_nothing(workspace: Path) -> None:
    before = current(workspace)
    bad = workspace / "deliveries" / "monthly-return-late.csv"
    bad.write_text("month,trust,figure,count,status\n2026-11,QPT,discharges,1O8,final\n", encoding="utf-8")
    said = run("month", "-w", workspace, expect=4)
    assert "monthly-return-late.csv:2 [count]" in said
    assert "'1O8'" in said
    assert current(workspace) == before
    assert "monthly_return 2" not in run("receipt", "-w", workspace)


def test_the_same_file_twice_is_recognised(workspace: Path) -> None:
    said = run("load", "monthly_return", workspace / "deliveries" / "monthly-return.csv", "-w", workspace)
    assert "already taken in as load 1" in said


def test_a_corrected_file_restates_its_months_and_says_what_changed(workspace: Path) -> None:
    before = json.loads((workspace / "snapshots" / "manifests" / f"{current(workspace)}.json").read_text())
    was = run("explain", "MH-FU72", "-w", workspace, "-m", "2026-09")
    corrected = workspace / "deliveries" / "monthly-return-september.csv"
    with (workspace / "deliveries" / "monthly-return.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    september = [row for row in rows if row[0] == "2026-09"]
    follow_up = next(row for row in september if row[1:3] == ["QPT", "followed_up_72_hours"])
    old, follow_up[3] = follow_up[3], "90"
    with corrected.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *september])
    said = run("month", "-w", workspace)
    assert "0 added, 1 changed, 0 withdrawn" in said
    listed = next((workspace / "archive" / "monthly_return").glob("00002-*/difference.csv")).read_text()
    assert f"{float(old):g}" in listed
    assert "followed_up_72_hours" in listed
    now = run("explain", "MH-FU72", "-w", workspace, "-m", "2026-09")
    assert "followed_up_72_hours: 90, final (monthly-return-september.csv, row" in now
    assert f"followed_up_72_hours: {old}, final, no longer stands (monthly-return.csv, row" in now
    assert was != now
    after = json.loads((workspace / "snapshots" / "manifests" / f"{current(workspace)}.json").read_text())
    changed = {
        kind: sorted(month for month, part in months.items() if part != before["partitions"][kind][month])
        for kind, months in after["partitions"].items()
    }
    assert changed == {"observations": ["2026-09"], "findings": ["2026-09", "2026-10"]}


def test_a_decision_is_written_to_the_journal_and_moves_the_limits(workspace: Path) -> None:
    journal = (workspace / "decisions.yaml").read_bytes()
    said = run(
        "decide", "rebase", "MH-CRFD", "-w", workspace, "-u", "QPT", "-m", "2025-06",
        "--reason", 'New "ready to go" meeting', "--by", "M. Penrose, Head of Performance",
    )  # fmt: skip
    assert 'New "ready to go" meeting' in said
    assert (workspace / "decisions.yaml").read_bytes().startswith(journal)
    run("month", "-w", workspace)
    assert "figures since June 2025" in run("explain", "MH-CRFD", "-w", workspace)
    page = (workspace / "site" / "indicators" / "MH-CRFD.html").read_text(encoding="utf-8")
    assert "New &#34;ready to go&#34; meeting" in page
    run(
        "decide",
        "withdraw",
        "MH-CRFD",
        "-w",
        workspace,
        "-u",
        "QPT",
        "-m",
        "2025-06",
        "--reason",
        "no",
        "--by",
        "M. P.",
    )
    run("month", "-w", workspace)
    assert "figures since April 2024" in run("explain", "MH-CRFD", "-w", workspace)


def test_a_baseline_and_a_mark_are_decided_like_any_other(workspace: Path) -> None:
    where = ["-w", workspace, "-u", "QPT", "--reason", "Before the new ward", "--by", "M. Penrose, Head"]
    said = run("decide", "baseline", "MH-CRFD", "-m", "2024-04", "--until", "2025-03", *where)
    assert "baseline of MH-CRFD at QPT from April 2024 to March 2025, by M. Penrose, Head" in said
    marks = ["--signed-off", "good", "--timely", "fair", "--audited", "poor", "--robust", "good"]
    run("decide", "quality", "MH-CRFD", "-m", "2026-01", "--until", "2026-12", *marks, *where)
    run("month", "-w", workspace)
    page = (workspace / "site" / "indicators" / "MH-CRFD.html").read_text(encoding="utf-8")
    assert "Limits are set from this month to March 2025: Before the new ward" in page
    assert "nobody has marked how far this figure may be trusted" not in page


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("baseline", [], "kind baseline needs --until"),
        ("quality", ["--until", "2026-12", "--timely", "good"], "needs --signed-off, --audited, --robust"),
        ("rebase", ["--until", "2026-12"], "kind rebase does not take --until"),
        ("baseline", ["--until", "2026-12", "--robust", "good"], "does not take --robust"),
        ("quality", ["--robust", "excellent"], "'good', 'fair', 'poor'"),
        ("baseline", ["--until", "soon"], "is not a month such as 2026-10"),
    ],
)
def test_a_decision_says_what_its_kind_needs_and_no_more(
    workspace: Path, kind: str, options: list[str], words: str
) -> None:
    journal = (workspace / "decisions.yaml").read_bytes()
    where = ["MH-CRFD", "-w", workspace, "-u", "QPT", "-m", "2025-06", "--reason", "x", "--by", "y"]
    assert words in run("decide", kind, *where, *options, expect=2)
    assert (workspace / "decisions.yaml").read_bytes() == journal


def test_a_baseline_that_is_too_short_is_refused_and_not_written(workspace: Path) -> None:
    journal = (workspace / "decisions.yaml").read_bytes()
    where = ["MH-CRFD", "-w", workspace, "-u", "QPT", "-m", "2024-04", "--reason", "x", "--by", "y"]
    said = run("decide", "baseline", *where, "--until", "2024-09", expect=3)
    assert "found 6 figures due from April 2024 to September 2024; expected a baseline of 12 or more" in said
    assert (workspace / "decisions.yaml").read_bytes() == journal


def test_a_decision_about_nothing_is_refused_and_not_written(workspace: Path) -> None:
    journal = (workspace / "decisions.yaml").read_bytes()
    said = run(
        "decide", "exclude", "MH-CFRD", "-w", workspace, "-u", "QPT", "-m", "2025-06",
        "--reason", "x", "--by", "y", expect=3,
    )  # fmt: skip
    assert "Nearest: MH-CRFD" in said
    assert (workspace / "decisions.yaml").read_bytes() == journal


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explain", "MH-FU27"], 2, "Nearest: MH-FU72"),
        (["explain", "MH-FU72", "-u", "QPP"], 2, "Nearest: QPT"),
        (["explain", "MH-FU72", "-m", "2031-01"], 2, "no figure of MH-FU72 at QPT in January 2031"),
        (["explain", "MH-FU72", "-m", "October"], 2, "is not a month such as 2026-10"),
        (["scorecard", "-m", "2019-01"], 2, "they run from April 2024 to October 2026"),
        (["scorecard", "-u", "SWF", "--pack", "board"], 2, "board is for a trust, not for a region"),
        (["scorecard", "--pack", "bord"], 2, "Nearest: board"),
        (["load", "monthly", "decisions.yaml"], 2, ""),
        (["explain", "MH-FU72", "--as-at", "2020-01-01"], 2, "2020-01-01"),
    ],
)
def test_a_name_that_nothing_answers_to(made: Path, arguments: list[str], code: int, words: str) -> None:
    assert words in run(*arguments, "-w", made, expect=code)


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    assert "is not a workspace" in run("check", "-w", tmp_path, expect=2)


def test_a_workspace_is_not_written_over(made: Path) -> None:
    assert "something already there" in run("new", made, expect=1)


def test_what_was_known_on_an_earlier_day(workspace: Path) -> None:
    """A snapshot of today's end is today's; one of before the first load finds nothing."""
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400))
    assert f"Snapshot {current(workspace)}" in run("snapshot", "-w", workspace, "--as-at", today)


def test_the_same_inputs_give_the_same_bytes_elsewhere(made: Path, tmp_path: Path) -> None:
    """Another folder, time zone, locale, hash seed and day: the same snapshot and the same pages."""
    elsewhere = tmp_path / "another place"
    environment = os.environ | {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONUTF8": "1",
    }
    for arguments in (["new", elsewhere], ["month", "-w", elsewhere, "--by", "A. Nalyst"]):
        subprocess.run([*TRIGPOINT, *map(str, arguments)], env=environment, check=True, capture_output=True)
    assert current(elsewhere) == current(made)
    parts = sorted(path.name for path in (made / "snapshots" / "parts").iterdir())
    assert sorted(path.name for path in (elsewhere / "snapshots" / "parts").iterdir()) == parts
    assert (elsewhere / "site" / "data").exists()
    for file in sorted((made / "site" / "data").iterdir()):
        assert (elsewhere / "site" / "data" / file.name).read_bytes() == file.read_bytes()


def test_schemas_for_editors(tmp_path: Path) -> None:
    run("schema", "--out", tmp_path / "schema")
    names = sorted(path.name for path in (tmp_path / "schema").iterdir())
    assert names == [
        "decisions.schema.json",
        "definitions.schema.json",
        "rule-profiles.schema.json",
        "settings.schema.json",
    ]


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.05, 0.3, 0.5, 0.7, 0.9, 1.2])
def test_a_month_that_is_stopped_can_be_run_again(
    tmp_path: Path, made: Path, sent: signal.Signals, after: float
) -> None:
    """Stopped at any moment, the workspace is whole, and the next run ends where an undisturbed one does."""
    folder = tmp_path / "trust"
    run("new", folder)
    process = subprocess.Popen(
        [*TRIGPOINT, "month", "-w", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(sent)
    process.wait(60)
    run("verify", "-w", folder)
    run("month", "-w", folder)
    assert current(folder) == current(made)


def test_a_delivery_that_covers_more_months_withdraws_what_it_leaves_out(
    workspace: Path, tmp_path: Path
) -> None:
    """October sent again, for September and October: September's figures are withdrawn and listed."""
    with (workspace / "deliveries" / "monthly-return.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    october = tmp_path / "october.csv"
    with october.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[0] == "2026-10")])
    september = sum(row[0] == "2026-09" for row in rows)
    said = run("load", "monthly_return", october, "-w", workspace, "--covers", "2026-09", "2026-10")
    assert f"0 added, 0 changed, {september} withdrawn" in said
    assert "more, in archive/monthly_return/00002-" in said
    run("snapshot", "-w", workspace)
    told = run("explain", "MH-FU72", "-w", workspace, "-m", "2026-09")
    assert "state: not_submitted" in told
    assert "no longer stands (monthly-return.csv" in told


def test_a_delivery_for_another_month_is_refused(workspace: Path) -> None:
    delivery = workspace / "deliveries" / "people-and-money.csv"
    said = run("load", "people_and_money", delivery, "-w", workspace, "-m", "2026-10", expect=4)
    assert "people-and-money.csv:2 [Month]  found April 2024; expected October 2026, the month stated" in said


def test_what_was_known_before_a_correction_can_be_shown_after_it(tmp_path: Path) -> None:
    """A load is known from the instant at which it was accepted."""
    folder = tmp_path / "trust"
    run("new", folder)
    two_days_ago = (
        "import datetime as dt; from trigpoint.cli import figures, main;"
        "figures.now = lambda: dt.datetime.now(dt.UTC) - dt.timedelta(days=2); main.main()"
    )
    subprocess.run(
        [sys.executable, "-c", two_days_ago, "month", "-w", str(folder)], check=True, capture_output=True
    )
    before = run("explain", "MH-FU72", "-w", folder, "-m", "2026-10")
    delivery, row = folder / "deliveries" / "monthly-return.csv", "2026-10,QPT,followed_up_72_hours,"
    edit(delivery, rf"{row}\d+", f"{row}99")
    run("month", "-w", folder)
    after = run("explain", "MH-FU72", "-w", folder, "-m", "2026-10")
    yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
    then = run("explain", "MH-FU72", "-w", folder, "-m", "2026-10", "--as-at", yesterday)
    figures = [re.findall(r"100 x \d+ / \d+ = .*", told) for told in (before, then, after)]
    assert figures[0] == figures[1] != figures[2]


def test_the_scorecard_follows_a_decision_without_being_asked_twice(workspace: Path) -> None:
    """What is read is never older than what it rests on: definitions, decisions, loads."""
    before = current(workspace)
    run(
        "decide",
        "rebase",
        "CRI-24",
        "-w",
        workspace,
        "-u",
        "QPT",
        "-m",
        "2026-03",
        "--reason",
        "x",
        "--by",
        "y",
    )
    run("scorecard", "-w", workspace)
    assert current(workspace) != before
    with (workspace / "site" / "data" / "scorecard.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == "CRI-24"]
    assert rows[-1]["variation"] == "not_assessed"


def test_a_correction_stays_one_whatever_its_name_and_whatever_changes_later(tmp_path: Path) -> None:
    """return-revised.csv follows return.csv, also when its source's definition changes later."""
    folder = tmp_path / "trust"
    run("new", folder)
    deliveries = folder / "deliveries"
    text = (deliveries / "monthly-return.csv").read_text(encoding="utf-8")
    revised = re.sub(r"(2026-10,QPT,followed_up_72_hours),\d+", r"\1,99", text)
    (deliveries / "monthly-return-revised.csv").write_text(revised, encoding="utf-8")
    run("month", "-w", folder)
    assert "followed_up_72_hours: 99" in run("explain", "MH-FU72", "-w", folder)
    edit(
        folder / "definitions" / "sources.yaml",
        r"status: \{as: status, values",
        "status: {as: status, trim: yes, values",
    )
    assert run("month", "-w", folder).count("accepted\n") == 2
    assert "followed_up_72_hours: 99, provisional (monthly-return-revised.csv" in run(
        "explain", "MH-FU72", "-w", folder
    )


@pytest.mark.parametrize(
    "journal",
    [
        "decisions: []\n",
        "",
        "decisions:\n",
        "# nothing yet\n",
        "decisions:\n- on: 2026-01-05\n  by: A. Person\n  kind: exclude\n  indicator: MH-FU72\n"
        "  unit: QPT\n  month: 2025-01\n  reason: Flood\n",
    ],
)
def test_a_journal_of_any_form_takes_another_decision(workspace: Path, journal: str) -> None:
    (workspace / "decisions.yaml").write_text(journal, encoding="utf-8")
    where = ["MH-CRFD", "-w", workspace, "-u", "QPT", "-m", "2025-06", "--reason", "Why", "--by", "Who"]
    run("decide", "rebase", *where)
    run("decide", "withdraw", *where)
    counted = 2 + journal.count("- on:")
    assert f"{counted} decisions" in run("check", "-w", workspace)


def test_a_decision_counts_from_its_day_on(workspace: Path) -> None:
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86_400))
    edit(workspace / "decisions.yaml", r"on: 2025-11-10", f"on: {tomorrow}")
    assert "figures since April 2024" in run("explain", "WF-MAND", "-w", workspace)


def test_the_past_has_a_place_and_a_mark_of_its_own(workspace: Path) -> None:
    page = (workspace / "site" / "index.html").read_bytes()
    tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400))
    run("scorecard", "-w", workspace, "--as-at", tomorrow)
    assert (workspace / "site" / "index.html").read_bytes() == page
    past = (workspace / f"site-as-at-{tomorrow}" / "index.html").read_text(encoding="utf-8")
    assert "As known on " in past


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["load", "monthly_return", "README", "--covers", "2026-10", "2026-01"],
            "the last month is before the first",
        ),
        (["receipt", "monthly"], "Nearest: monthly_return"),
        (["receipt", "../.."], "no load of"),
        (["scorecard", "-m", "0001-01"], "they run from April 2024"),
    ],
)
def test_what_cannot_be_meant_is_answered(workspace: Path, arguments: list[str], words: str) -> None:
    (workspace / "README").write_text("x", encoding="utf-8")
    arguments = [str(workspace / one) if one == "README" else one for one in arguments]
    assert words in run(*arguments, "-w", workspace, expect=2)


def test_a_numerator_above_its_denominator_is_refused_as_the_sample_declares_it(workspace: Path) -> None:
    delivery = workspace / "deliveries" / "monthly-return.csv"
    edit(delivery, r"(2026-10,QPT,tt_within_6_weeks),\d+", r"\1,99999")
    said = run("load", "monthly_return", delivery, "-w", workspace, expect=4)
    assert "99,999" in said or "99999" in said
