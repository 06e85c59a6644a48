"""A writer may end at any moment: what it leaves reads as before or as after, and the next run completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LATER = ["a load", "a snapshot", "definitions"]
FIRST = ["the first load", "the first snapshot"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks its writers and looks at /proc")


def crash(scenario: str, ending: str, folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("COVERAGE_PROCESS_CONFIG", None)  # whoever is killed cannot say what it ran
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crash", scenario, ending, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(done.stdout)
    assert results["before"] != results["after"]
    assert results["before"].startswith("{"), "what was there before can be read"
    return results


def left_by(results: dict[str, Any]) -> list[str]:
    """What each trial left: ``before`` or ``after``, and nothing else; and the next run always completes."""
    names = {results["before"]: "before", results["after"]: "after"}
    for number, trial in enumerate(results["trials"], start=1):
        place = f"ended at operation {number}, {trial['operation']}"
        assert trial["left"] in names, f"{place}, it left {trial['left']}"
        assert trial["then"] == results["after"], f"{place}; after the next run: {trial['then']}"
        assert trial["litter"] == [], place
    return [names[trial["left"]] for trial in results["trials"]]


@pytest.mark.parametrize("scenario", [*FIRST, *LATER])
def test_a_writer_killed_at_any_operation(scenario: str, tmp_path: Path) -> None:
    results = crash(scenario, "kill", tmp_path)
    left = left_by(results)
    *ended, last = [trial["ended"] for trial in results["trials"]]
    assert (set(ended), last) == ({"killed"}, "done")
    assert {"open", "fsync", "os.mkdir", "os.rename"} <= {trial["operation"] for trial in results["trials"]}
    assert left == sorted(left, reverse=True), "once it shows, it stays"
    assert left.count("before") > 10
    assert left.count("after") > 1


@pytest.mark.parametrize("scenario", LATER)
def test_a_writer_interrupted_by_control_c_at_any_operation(scenario: str, tmp_path: Path) -> None:
    results = crash(scenario, "interrupt", tmp_path)
    left = left_by(results)
    *ended, last = [trial["ended"] for trial in results["trials"]]
    assert (set(ended), last) == ({"interrupted"}, "done")
    assert left == sorted(left, reverse=True), "once it shows, it stays"


@pytest.mark.parametrize("scenario", LATER)
def test_a_disk_that_is_full_at_any_operation(scenario: str, tmp_path: Path) -> None:
    results = crash(scenario, "disk full", tmp_path)
    left_by(results)
    refused = [trial["said"] for trial in results["trials"] if trial["ended"] == "refused"]
    assert len(refused) > 10
    assert {trial["ended"] for trial in results["trials"]} == {"refused", "done"}
    for said in refused:
        assert "No space left on device" in said
        assert "Free some space" in said


@pytest.mark.parametrize("scenario", LATER)
def test_a_reader_beside_a_writer_sees_what_was_there_until_it_sees_what_is(
    scenario: str, tmp_path: Path
) -> None:
    results = crash(scenario, "none", tmp_path)
    names = {results["before"]: "before", results["after"]: "after"}
    seen = [names[sight] for _, _, sight in results["watched"]]
    assert len(seen) > 10
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {"before", "after"}
    check_synced((operation, paths) for operation, paths, _ in results["watched"])


@pytest.mark.parametrize("ending", ["kill", "interrupt", "disk full"])
def test_a_purge_ended_at_any_operation_is_none_or_is_finished_by_the_next_writer(
    ending: str, tmp_path: Path
) -> None:
    """Between its tombstone and the last byte, readers see none of what goes, and ``verify`` says so."""
    results = crash("a purge", ending, tmp_path)
    names = {results["before"]: "1 before", results["after"]: "3 after"}
    left = []
    for trial in results["trials"]:
        seen = trial["left"]
        if seen not in names:
            assert "bytes that were purged" in seen, seen
            assert "not as they were stored" in seen
        left.append(names.get(seen, "2 to be finished"))
        assert trial["then"] == results["after"], trial
        assert trial["litter"] == []
    if ending != "disk full":
        assert left == sorted(left), "once it shows, it stays"
        assert {"1 before", "2 to be finished", "3 after"} == set(left)


def check_synced(operations: Iterable[tuple[str, list[str]]]) -> None:
    """What is shown is on the disk first, and that it is shown is on the disk soon after."""
    unsynced: set[str] = set()
    staging: set[str] = set()
    shown = 0
    for operation, paths in operations:
        if operation == "os.mkdir" and paths[0].endswith("/.incoming"):
            staging.add(paths[0])
        elif operation == "open" and "/.incoming/" in paths[0]:
            unsynced |= {paths[0], str(Path(paths[0]).parent)} - staging
        elif operation == "fsync":
            unsynced.discard(paths[0])
        elif operation == "os.rename":
            built, place = paths
            assert not [path for path in unsynced if path.startswith(built)], f"{place} is shown too soon"
            unsynced.add(str(Path(place).parent))
            shown += 1
    assert shown
    assert not unsynced
