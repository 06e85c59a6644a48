"""The command line as a process for each command, without the second and a half that Python takes to start.

One process imports the command line, does nothing else, and divides (``os.fork``) for each command. The
half that runs the command has its own folder, environment, arguments and files to print to, no more
threads than it starts, and ends as any process does, with its exit code. What depends on how Python
starts (hash seed, time zone, locale, a signal at any moment) is tested with ``python -m trigpoint``.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SECONDS = 120
"""How long a command may take on a busy machine, before it is taken to hang."""
REQUEST = 1 << 20
"""Bytes of the longest request: the arguments, the folder and the environment."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code (of one that a signal ended, the signal, negative)."""

    code: int
    out: str
    err: str


class _Prepared:
    """The process that has imported the command line, and the line on which it is asked."""

    def __init__(self) -> None:
        self.line, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.line.settimeout(SECONDS)
        command = [sys.executable, "-c", f"from tests.commands import divide; divide({its.fileno()})"]
        root = str(Path(__file__).parents[1])
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": paths}, pass_fds=[its.fileno()]
        )
        its.close()

    def run(self, arguments: list[str], where: Path, environment: Mapping[str, str]) -> Done:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            request = json.dumps([arguments, str(where.absolute()), dict(environment)]).encode()
            socket.send_fds(self.line, [request], [out.fileno(), err.fileno()])
            child = int(self.line.recv(32))
            try:
                code = int(self.line.recv(32))
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                self.line.recv(32)
                raise
            return Done(code, _all_of(out), _all_of(err))

    def stop(self) -> None:
        self.line.close()
        self.process.wait(SECONDS)


def _all_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8").replace("\r\n", "\n")


_prepared: list[_Prepared] = []


def ask(*arguments: object, where: Path | None = None, environment: Mapping[str, str] | None = None) -> Done:
    """Run ``trigpoint`` with these arguments, in this folder and environment, or in the test's own."""
    if not _prepared:
        _prepared.append(_Prepared())
    return _prepared[0].run([*map(str, arguments)], where or Path.cwd(), environment or os.environ)


def run(
    *arguments: object,
    expect: int = 0,
    where: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """What a command prints. ``expect`` is its exit code."""
    done = ask(*arguments, where=where, environment=environment)
    assert done.code == expect, done.out + done.err
    assert "Traceback" not in done.err
    return done.out + done.err


def stop() -> None:
    """End the prepared process, if there is one: with the tests, so that what it covered is counted."""
    while _prepared:
        _prepared.pop().stop()


# --------------------------------------------------------------------------- within the prepared process


def divide(descriptor: int) -> None:
    """Serve commands until nobody is left to ask; in each child, be that command and end as it does."""
    from trigpoint.cli.main import main  # noqa: PLC0415 - whoever asks need not wait for it

    try:
        command = _commands(socket.socket(fileno=descriptor))
    except KeyboardInterrupt:  # Ctrl-C reaches every process; the tests' own answers it
        return
    if command:
        main()


def _commands(line: socket.socket) -> bool:
    """False once nobody asks further; True in a child that stands ready as the command asked for."""
    while True:
        request, files, _, _ = socket.recv_fds(line, REQUEST, 2)
        if not request:
            return False
        child = os.fork()
        if child == 0:
            line.close()
            arguments, where, environment = json.loads(request)
            _become(arguments, where, environment, files)
            return True
        for file in files:
            os.close(file)
        line.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(arguments: list[str], where: str, environment: dict[str, str], files: list[int]) -> None:
    os.chdir(where)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["trigpoint", *arguments]
    for descriptor, file in zip((1, 2), files, strict=True):
        os.dup2(file, descriptor)
        os.close(file)
