"""A PostgreSQL server of the tests: in a folder of its own, on a socket there, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ADMINISTRATOR = "postgres"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server: the folder of its socket, and its administrator, who needs no password there."""

    folder: Path
    user: str = ADMINISTRATOR
    database: str = "postgres"

    @property
    def odbc(self) -> str:
        """An ODBC connection string. Answers come in batches, as from a table larger than memory."""
        return (
            f"Driver=PostgreSQL Unicode;Servername={self.folder};Database={self.database};"
            f"Username={self.user};UseDeclareFetch=1;Fetch=1000;BoolsAsChar=0"
        )


def programs() -> Path | None:
    """The folder of the newest server that is installed; Debian keeps it off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: float(it.parts[-3]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


@contextmanager
def running(programs: Path) -> Iterator[Postgres]:
    """A server that keeps nothing. It refuses to run as root, and then runs as Debian's user for it."""
    folder = Path(tempfile.mkdtemp(prefix="trigpoint-postgres-"))
    run_as: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        run_as = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    fast = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"
    try:
        _run(run_as, programs / "initdb", "-D", data, "-U", ADMINISTRATOR, "-A", "trust", "--no-sync",
             "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        _run(run_as, programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", fast, "start")
        try:
            yield Postgres(folder)
        finally:
            _run(run_as, programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(run_as: list[str], *command: str | Path) -> None:
    done = subprocess.run(
        [*run_as, *map(str, command)],
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
