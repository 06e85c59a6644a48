"""What every test has, and what none may do: no network beyond this machine, no global randomness."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, chdir
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tests import commands
from tests.postgres import Postgres, programs, running
from tests.sparks import PATIENCE, Cluster, missing
from tests.sparks import running as cluster_running
from trigpoint.engines.spark import Session, Settings, session

ROOT = Path(__file__).parents[1]

settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "release", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

BARE = str(ROOT / "tests" / "bare")
"""What the processes that tests start do not find (the notebook's kernel does)."""
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [BARE, os.environ.get("PYTHONPATH")]))

_HERE = {"127.0.0.1", "::1", "localhost"}


def _refuse_network(event: str, details: tuple[object, ...]) -> None:
    """An audit hook: the interpreter calls it, so no library can open a connection around it."""
    if event == "socket.getaddrinfo":
        host = details[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(details[1], tuple):
        host = details[1][0]
    else:
        return
    if host is not None and host not in _HERE:
        raise RuntimeError(f"a test asked the network for {host!r}; tests use this machine alone")


sys.addaudithook(_refuse_network)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is made once for a module, for the pages or for Spark is made by one process, and not by each."""
    for item in items:
        group = str(item.path.relative_to(ROOT))
        if {"spark", "cluster"} & set(getattr(item, "fixturenames", ())):
            group = "spark"
        elif group.startswith("tests/web/"):
            group = "web"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def _no_global_randomness() -> Iterator[None]:
    """Fails a test that drew from the shared generators: its numbers would depend on the order of tests."""
    before = _shared_generators()
    yield
    assert before == _shared_generators(), (
        "this test drew from global randomness; use numpy.random.default_rng(seed)"
    )


def _shared_generators() -> tuple[object, ...]:
    state = np.random.get_state(legacy=False)["state"]
    return random.getstate(), state["key"].tobytes(), state["pos"]


@pytest.fixture(scope="session", autouse=True)
def _no_command_line_is_left_behind() -> Iterator[None]:
    yield
    commands.stop()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own, one for all tests. Skips where none is installed."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed; scripts/setup --dev brings it")
    with running(found) as server:
        yield server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Spark master of our own and two workers, one for all tests. Skips without PySpark or Java."""
    if absent := missing():
        pytest.skip(absent)
    with cluster_running() as started:
        yield started


@pytest.fixture(scope="session")
def drivers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the driver of ``spark`` stands in."""
    return tmp_path_factory.mktemp("driver")


@pytest.fixture(scope="session")
def spark(cluster: Cluster, drivers_folder: Path) -> Iterator[Session]:
    """A session on the cluster, whose driver serves Spark Connect too."""
    with ExitStack() as stack:
        with chdir(drivers_folder):
            opened = stack.enter_context(session(cluster.settings))
        yield opened


@pytest.fixture(scope="session")
def remote(cluster: Cluster, spark: Session) -> Iterator[Session]:
    """Spark Connect to the driver of ``spark``."""
    del spark  # serves it
    with session(Settings(connect=cluster.connect, patience=PATIENCE)) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the checkout: ``../shared``, or where TRIGPOINT_SHARED says. Skips where absent."""
    folder = Path(os.environ.get("TRIGPOINT_SHARED", ROOT.parent / "shared")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no shared material at {folder}; set TRIGPOINT_SHARED to where it is")
    return folder
