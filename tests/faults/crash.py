"""Ends a writer at its N-th file-system operation, for every N, and looks at what it left.

    python tests/faults/crash.py SCENARIO ENDING FOLDER

runs one of SCENARIOS on copies of one workspace in FOLDER, once for each operation that it makes,
and prints as JSON what was read before, after, and after each ending. The writer is a process of
its own. The last trial is the one that comes to its end undisturbed. With the ending ``none``,
the writer is never disturbed, and a reader looks at the workspace before each operation.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.stored import delivery, keep, noon, standing
from trigpoint.store.archive import Archive
from trigpoint.store.durable import sha256
from trigpoint.store.ledger import Ledger
from trigpoint.store.load import FIGURES
from trigpoint.store.lock import writing
from trigpoint.store.manifest import Inputs, LoadUsed, Manifest
from trigpoint.store.parquet import to_bytes
from trigpoint.store.purge import Which, finish, purge
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.errors import NotFound, TrigpointError

FIRST = "M1 RH5 2024-11 5\nM1 RDY 2024-11 7\nM1 RH5 2024-12 6\nM1 RDY 2024-12 *"
SECOND = "M1 RH5 2024-12 9\nM1 RH5 2025-01 4"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ASKS_FOR_SPACE = {"open", "os.mkdir", "os.rename", "fsync"}


# ------------------------------------------------------------------------------------- what is written


def load_again(workspace: Path) -> None:
    keep(Archive(workspace), delivery(SECOND, original=(workspace / "second.csv").read_bytes()), day=2)


def load_first(workspace: Path) -> None:
    keep(Archive(workspace), delivery(FIRST), day=1)


def publish(workspace: Path) -> None:
    archive, snapshots = Archive(workspace), Snapshots(workspace)
    months = {}
    for month, parts in archive.effective("beds").items():
        table = archive.month("beds", parts)
        key = sha256(to_bytes(table))
        months[month] = snapshots.reuse("observations", month, key) or snapshots.write_part(table, key)
    loads = tuple(map(LoadUsed.of, archive.loads("beds")))
    snapshots.publish(Manifest(Inputs("d", "e", loads, "0"), {"observations": months}))


def keep_definitions(workspace: Path) -> None:
    Ledger(workspace, "definitions").keep({"a.yaml": b"three", "c.yaml": b"four"}, noon(9))


def change_definitions(workspace: Path) -> None:
    Ledger(workspace, "definitions").keep({"a.yaml": b"THREE", "c.yaml": b"four"}, noon(10))


def purge_load(workspace: Path) -> None:
    with suppress(NotFound):  # where it was purged, and only its bytes were still to go
        purge(Archive(workspace), Which("beds", load=1), at=noon(11), by=("A", "B"), reason="Too old")
    with writing(workspace, "finish"):
        finish(Archive(workspace))


@dataclass(frozen=True)
class Scenario:
    prepare: tuple[Callable[[Path], None], ...]
    write: Callable[[Path], None]


SCENARIOS = {
    "the first load": Scenario((), load_first),
    "a load": Scenario((load_first,), load_again),
    "the first snapshot": Scenario((load_first,), publish),
    "a snapshot": Scenario((load_first, publish, load_again), publish),
    "a purge": Scenario((load_first, publish, load_again), purge_load),
    "definitions": Scenario((keep_definitions,), change_definitions),
}


# --------------------------------------------------------------------------------------- what is read


def everything(workspace: Path) -> str:
    """All that a reader can see, every byte checked."""
    archive, snapshots = Archive(workspace), Snapshots(workspace)
    archive.verify()
    seen: dict[str, Any] = {
        "sources": archive.sources(),
        "loads": [load.as_json() for load in archive.loads("beds")],
        "purges": [stone.as_json() for stone in archive.tombstones("beds")],
        "figures": [[*cell, value] for cell, value in standing(archive).items()],
    }
    if current := snapshots.current():
        rows = snapshots.read(current, "observations").to_pylist()
        seen["snapshot"] = [current.id, [[row[name] for name in (*FIGURES.key, "value")] for row in rows]]
    try:
        texts = Ledger(workspace, "definitions").known().texts
        seen["definitions"] = {name: text.decode() for name, text in texts.items()}
    except NotFound:
        seen["definitions"] = None
    return json.dumps(seen, default=str, sort_keys=True)


def litter(workspace: Path) -> list[str]:
    return [str(path) for path in workspace.rglob(".incoming/**/*") if path.is_file()]


# ------------------------------------------------------------------------------------ how it is ended


class Operation(NamedTuple):
    """One operation that changes the disk. A rename has two paths; an fsync has the file's descriptor."""

    number: int
    name: str
    paths: tuple[str, ...]
    descriptor: int | None = None


class Counter:
    """Counts the operations that change the disk, and has something done before each."""

    def __init__(self, workspace: Path, at: Callable[[Operation], None]) -> None:
        self.workspace, self.at, self.count, self.active = str(workspace), at, 0, True
        sync = os.fsync

        def counted(descriptor: int) -> None:
            self.step("fsync", (str(Path(f"/proc/self/fd/{descriptor}").readlink()),), descriptor)
            sync(descriptor)

        vars(os)["fsync"] = counted
        sys.addaudithook(self.heard)

    def heard(self, event: str, details: tuple[Any, ...]) -> None:
        changes = event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir"} or (
            event == "open" and str(details[0]).startswith(self.workspace) and details[2] & WRITES
        )
        if changes and self.active:
            self.step(event, tuple(map(str, details[: 2 if event == "os.rename" else 1])))

    def step(self, name: str, paths: tuple[str, ...], descriptor: int | None = None) -> None:
        self.count += 1
        self.active = False  # what is done about an operation is not one of the writer's
        try:
            self.at(Operation(self.count, name, paths, descriptor))
        finally:
            self.active = True


def kill(descriptor: int | None) -> None:
    """As when the machine stops: half of what was not yet synced is lost."""
    if descriptor is not None and stat.S_ISREG(os.fstat(descriptor).st_mode):
        size = os.fstat(descriptor).st_size
        with Path(f"/proc/self/fd/{descriptor}").open("r+b", buffering=0) as file:
            file.truncate(size // 2)
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt(_: int | None) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def disk_full(_: int | None) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


ENDINGS = {"kill": kill, "interrupt": interrupt, "disk full": disk_full}


# --------------------------------------------------------------------------------------------- trials


def in_process(work: Callable[[], str]) -> dict[str, str]:
    """Does work in a process of its own: what it returned, or how it ended."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ended = {"ended": "done", "said": work()}
        except KeyboardInterrupt:
            ended = {"ended": "interrupted", "said": ""}
        except TrigpointError as error:
            ended = {"ended": "refused", "said": str(error)}
        except BaseException as error:  # noqa: BLE001 - reported to the test, which fails for it
            ended = {"ended": "fault", "said": repr(error)}
        os.write(write, json.dumps(ended).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"ended": "killed", "said": ""}


def look(workspace: Path) -> str:
    seen = in_process(lambda: everything(workspace))
    return seen["said"] if seen["ended"] == "done" else f"{seen['ended']}: {seen['said']}"


def written(write: Callable[[Path], None], workspace: Path) -> str:
    write(workspace)
    return everything(workspace)


def trial(scenario: Scenario, ending: str, number: int, workspace: Path) -> dict[str, Any]:
    """One run, ended at its N-th operation; what it left; and what the next run makes of that."""
    operations = workspace.with_suffix(".operations")

    def at(operation: Operation) -> None:
        with operations.open("a") as file:
            file.write(f"{operation.name}\n")
        if operation.number == number and (ending != "disk full" or operation.name in ASKS_FOR_SPACE):
            ENDINGS[ending](operation.descriptor)

    def run() -> str:
        counter = Counter(workspace, at)
        scenario.write(workspace)
        return str(counter.count)

    return {
        **in_process(run),
        "operation": operations.read_text().split()[:number][-1],
        "left": look(workspace),
        "then": in_process(partial(written, scenario.write, workspace))["said"],
        "litter": litter(workspace),
    }


def trials(scenario: Scenario, ending: str, pristine: Path) -> Iterator[dict[str, Any]]:
    """A trial for each operation, and a last one that has none left to be ended at."""
    for number in itertools.count(1):
        workspace = pristine.with_name(f"trial-{number}")
        shutil.copytree(pristine, workspace)
        result = trial(scenario, ending, number, workspace)
        yield result
        if result["ended"] == "done" and int(result["said"]) < number:
            return


def watch(scenario: Scenario, workspace: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Each operation of a writer that is not disturbed, and what a reader beside it sees just before."""
    questions, ask = os.pipe()
    answers, answer = os.pipe()
    if os.fork() == 0:
        while os.read(questions, 1) == b"?":
            seen = look(workspace).encode()
            os.write(answer, len(seen).to_bytes(8, "big") + seen)
        os._exit(0)
    sights: list[tuple[str, tuple[str, ...], str]] = []
    with os.fdopen(answers, "rb") as heard:

        def at(operation: Operation) -> None:
            os.write(ask, b"?")
            seen = heard.read(int.from_bytes(heard.read(8), "big")).decode()
            sights.append((operation.name, operation.paths, seen))

        def run() -> str:
            Counter(workspace, at)
            scenario.write(workspace)
            return json.dumps(sights)

        seen = json.loads(in_process(run)["said"])
    os.write(ask, b".")
    os.wait()
    return list(seen)


def main(name: str, ending: str, folder: Path) -> None:
    scenario = SCENARIOS[name]
    pristine, finished = folder / "pristine", folder / "finished"
    pristine.mkdir()
    (pristine / "second.csv").write_text(SECOND, encoding="utf-8", newline="\n")
    for step in scenario.prepare:
        in_process(partial(written, step, pristine))
    shutil.copytree(pristine, finished)
    in_process(partial(written, scenario.write, finished))
    results: dict[str, Any] = {"before": look(pristine), "after": look(finished)}
    if ending == "none":
        results["watched"] = watch(scenario, pristine)
    else:
        results["trials"] = list(trials(scenario, ending, pristine))
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
