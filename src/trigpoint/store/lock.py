"""One writer at a time: an operating-system lock on the workspace, with a note of who holds it."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from trigpoint.store.durable import storing
from trigpoint.terms.errors import Fault, NotFound, WorkspaceBusy

LOCK = ".writer.lock"
HOLDER = ".writer.json"


@contextmanager
def writing(workspace: Path, command: str) -> Iterator[None]:
    """Hold the writer's lock. Inside, the same thread may take it again; readers are never held up.

    The operating system frees it when its holder ends in any way, so a killed one blocks nobody.
    Raises WorkspaceBusy at once, without waiting, where another process or thread holds it.
    """
    if not workspace.is_dir():
        raise NotFound(f"{workspace} is not a workspace: there is no such folder.")
    lock = FileLock(
        workspace / LOCK,
        blocking=False,
        is_singleton=True,
        fallback_to_soft=False,  # a soft lock would outlive a killed holder
        preserve_lock_file=True,
    )
    with storing(f"the writer's lock of {workspace}"):
        try:
            lock.acquire()
        except Timeout:  # an OSError too, but nothing that the disk refused
            raise _busy(workspace) from None
    try:
        if lock.lock_counter == 1:
            _leave_note(workspace, command)
        yield
    finally:
        if lock.lock_counter == 1:
            (workspace / HOLDER).unlink(missing_ok=True)
        lock.release()


def _leave_note(workspace: Path, command: str) -> None:
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    note = {"pid": os.getpid(), "host": platform.node(), "command": command, "since": since}
    with storing(f"the writer's note in {workspace}"):
        (workspace / HOLDER).write_text(json.dumps(note), encoding="utf-8", newline="\n")


def _busy(workspace: Path) -> WorkspaceBusy:
    fault = Fault(
        file=str(workspace),
        found=f"{_holder(workspace)} writing to it",
        expected="one writer at a time",
        remedy="Wait until it has finished, or end it: nothing half done is kept. Reading needs no lock.",
        check="lock",
    )
    return WorkspaceBusy("Another process is writing to the workspace.", [fault])


def _holder(workspace: Path) -> str:
    try:
        note = json.loads((workspace / HOLDER).read_text(encoding="utf-8"))
        return f"{note['command']} (process {note['pid']} on {note['host']}, since {note['since']})"
    except (FileNotFoundError, json.JSONDecodeError):  # it has the lock, and is just about to leave its note
        return "a process that has not yet said its name"
