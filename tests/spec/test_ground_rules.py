"""What no test may do is refused: the network beyond this machine, and global randomness."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("address", ["192.0.2.1", "example.invalid"])
def test_a_connection_to_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(RuntimeError, match="tests use this machine alone"):
        socket.create_connection((address, 80), timeout=1)


def test_this_machine_answers() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as here,
    ):
        assert here.getpeername() == server.getsockname()


def test_a_draw_from_the_shared_generators_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root), prepend=os.pathsep)  # the conftest imports from tests
    pytester.makeconftest((root / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(
        """
        import random
        import numpy

        def test_python(): random.random()
        def test_numpy(): numpy.random.random()
        def test_a_generator_of_its_own(): numpy.random.default_rng(1).random()
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["*drew from global randomness*"])
