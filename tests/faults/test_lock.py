"""One writer at a time, and nobody else is held up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stored import delivery, keep, standing
from trigpoint.store.archive import Archive
from trigpoint.store.lock import HOLDER, writing
from trigpoint.terms.errors import NotFound, WorkspaceBusy

HOLD = """
import sys
from pathlib import Path
from trigpoint.store.lock import writing
with writing(Path(sys.argv[1]), "trigpoint month"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_writer(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the workspace's lock until its input ends."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(workspace)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_who_is_writing_and_what_to_do(tmp_path: Path) -> None:
    with another_writer(tmp_path) as holder, pytest.raises(WorkspaceBusy) as busy, writing(tmp_path, "load"):
        pass
    said = str(busy.value)
    assert f"trigpoint month (process {holder.pid} on " in said
    assert "since 20" in said
    assert "Wait until it has finished" in said
    assert busy.value.exit_code == 5


def test_a_load_is_refused_while_another_process_writes_and_readers_go_on(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    keep(archive, delivery("M1 RH5 2024-12 6"))
    with another_writer(tmp_path):
        with pytest.raises(WorkspaceBusy):
            keep(archive, delivery("M1 RH5 2024-12 7"), day=2)
        assert standing(archive) == {("M1", "RH5", "2024-12"): 6}


def test_the_lock_is_free_as_soon_as_its_holder_is_killed(tmp_path: Path) -> None:
    with another_writer(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert (tmp_path / HOLDER).exists(), "it had no time to take its note away"
        with writing(tmp_path, "load"):
            pass


def test_a_holder_that_has_not_left_its_note_yet_is_still_a_holder(tmp_path: Path) -> None:
    with another_writer(tmp_path):
        (tmp_path / HOLDER).write_text("{", encoding="utf-8")
        with pytest.raises(WorkspaceBusy, match="not yet said its name"), writing(tmp_path, "load"):
            pass


def test_the_holder_may_take_the_lock_again_and_holds_it_until_it_lets_go_of_the_first(
    tmp_path: Path,
) -> None:
    with writing(tmp_path, "month"):
        with writing(tmp_path / ".." / tmp_path.name, "load"):
            pass
        assert "month" in (tmp_path / HOLDER).read_text(encoding="utf-8")
        with pytest.raises(WorkspaceBusy):
            _in_another_thread(tmp_path)
    assert not (tmp_path / HOLDER).exists()
    _in_another_thread(tmp_path)


def _in_another_thread(workspace: Path) -> None:
    def write() -> None:
        with writing(workspace, "load"):
            pass

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(write).result()


def test_two_spellings_of_one_folder_are_one_workspace(tmp_path: Path) -> None:
    with another_writer(tmp_path), pytest.raises(WorkspaceBusy):
        keep(Archive(tmp_path / ".." / tmp_path.name), delivery("M1 RH5 2024-12 6"))


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such folder"), writing(tmp_path / "nowhere", "load"):
        pass
    assert not (tmp_path / "nowhere").exists()


WRITE = """
import os, sys
from pathlib import Path
from tests.stored import delivery, keep, standing
from trigpoint.store.archive import Archive
from trigpoint.terms.errors import TrigpointError
if os.geteuid() == 0:  # the superuser may write anywhere
    os.setgid(65534)
    os.setuid(65534)
archive = Archive(Path(sys.argv[1]))
try:
    keep(archive, delivery("M1 RH5 2024-12 7"), day=2)
except TrigpointError as error:
    print(error)
print(standing(archive))
"""


@pytest.mark.skipif(os.name != "posix", reason="takes away permissions as POSIX has them")
@pytest.mark.parametrize("locked_before", [True, False])
def test_a_folder_that_cannot_be_written_to_can_be_read_and_says_so(locked_before: bool) -> None:
    workspace = Path(tempfile.mkdtemp())  # pytest's own temporary folder is closed to other users
    try:
        keep(Archive(workspace), delivery("M1 RH5 2024-12 6"))
        if not locked_before:
            (workspace / ".writer.lock").unlink()
        for path in [workspace, *workspace.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", WRITE, str(workspace)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "could not be stored" in done.stdout
        assert "Permission denied" in done.stdout
        assert "('M1', 'RH5', '2024-12'): 6.0" in done.stdout
    finally:
        for path in [workspace, *workspace.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(workspace)
