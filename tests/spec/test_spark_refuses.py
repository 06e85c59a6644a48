"""Where Spark cannot be asked, it is said at once what was found, what is needed and what to do."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sparks import Cluster, missing
from trigpoint.engines import spark_start
from trigpoint.engines.spark import Session, Settings, session
from trigpoint.engines.spark_clients import require_version
from trigpoint.engines.spark_errors import failed
from trigpoint.engines.spark_start import addresses, on_this_machine
from trigpoint.terms.errors import TrigpointError

needs_spark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address on this machine where nobody listens, and nobody will."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


def refused(settings: Settings) -> str:
    with pytest.raises(TrigpointError) as error, session(settings):
        pass
    return str(error.value)


@needs_spark
@pytest.mark.parametrize("way", ["spark", "sc"])
def test_a_cluster_where_nobody_listens(nobody: str, way: str) -> None:
    url = f"{way}://{nobody}"
    said = refused(Settings(master=url) if way == "spark" else Settings(connect=url))
    assert f"{url}  found nobody who answers at {nobody} (Connection refused)" in said
    assert "expected a running cluster. Check the address" in said


def test_no_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_start, "find_spec", lambda _: None)
    said = refused(Settings(master="local[1]"))
    assert "found no PySpark here; expected the extra `spark`. pip install 'trigpoint[spark]'." in said


@needs_spark
def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    said = refused(Settings(master="local[1]"))
    assert f"found no Java here ({tmp_path}/bin/java); expected Java 17 or later" in said
    assert "apt-get install default-jre-headless" in said


@needs_spark
@pytest.mark.parametrize(
    "says", ['openjdk version "11.0.2" 2019-01-15', 'java version "1.8.0_392"', ""], ids=["11", "8", "silent"]
)
def test_an_old_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    said = refused(Settings(master="local[1]"))
    assert f"found {java}, which says {says or 'no version'}; expected Java 17 or later" in said


def test_a_setting_that_answers_depend_on() -> None:
    said = refused(Settings(master="local[1]", config={"spark.sql.ansi.enabled": "false"}))
    assert "found `config` with spark.sql.ansi.enabled" in said


@pytest.mark.parametrize("given", [{}, {"master": "local[1]", "connect": "sc://here"}], ids=["none", "two"])
def test_there_is_one_way_to_a_cluster(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="either a master or a Connect URL"):
        Settings(**given)  # type: ignore[arg-type]


def test_an_address_without_a_port() -> None:
    with pytest.raises(TrigpointError, match="which has no port"):
        addresses("spark://one:7077,two:")


@pytest.mark.parametrize(
    ("where", "found", "here"),
    [
        ("local[2]", [], True),
        ("spark://127.0.0.1:7077", [("127.0.0.1", 7077)], True),
        ("spark://one:7077,two:7078", [("one", 7077), ("two", 7078)], False),
        ("sc://one", [("one", 15002)], False),
        ("sc://localhost:1/;token=x", [("localhost", 1)], True),
    ],
)
def test_where_a_cluster_is(where: str, found: list[tuple[str, int]], here: bool) -> None:
    assert addresses(where) == found
    assert on_this_machine(where) is here


def test_an_older_spark() -> None:
    require_version("sc://one", "4.0.5")
    with pytest.raises(TrigpointError, match=r"found Spark 3\.5\.1; expected Spark 4"):
        require_version("sc://one", "3.5.1")


def test_a_cluster_that_is_lost_is_no_fault_of_the_query() -> None:
    error = failed(RuntimeError("SparkContext was shut down\nat java"), "SELECT 1", "spark://one:7077")
    assert isinstance(error, TrigpointError)
    assert "found a cluster that stopped answering (SparkContext was shut down)" in str(error)


def test_a_second_driver_in_one_process(spark: Session, cluster: Cluster) -> None:
    assert spark.query("SELECT 1 AS one").num_rows == 1
    assert "a Spark session that is open already in this process" in refused(Settings(master=cluster.master))
    assert spark.query("SELECT 1 AS one").num_rows == 1


SECOND = """
import sys
from tests.sparks import lean
from trigpoint.engines.spark import Settings, session
from trigpoint.terms.errors import TrigpointError
try:
    with session(Settings(master=sys.argv[1], config=lean(), patience=0.5)):
        print("opened")
except TrigpointError as error:
    print(error)
"""


def test_a_cluster_whose_workers_are_taken(spark: Session, cluster: Cluster, root: Path) -> None:
    """Another process asks while this one's session has every core."""
    del spark
    ran = subprocess.run(
        [sys.executable, "-c", SECOND, cluster.master],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "found no worker that took work within 0.5 s" in ran.stdout, ran.stdout + ran.stderr
    assert not ran.stderr


STARTING = """
from tests.sparks import lean
from trigpoint.engines.spark import Settings, session
print("starting", flush=True)
with session(Settings(master="local[1]", config=lean())) as opened:
    print("opened", flush=True)
"""


@needs_spark
def test_ctrl_c_while_spark_starts_leaves_nothing_running(root: Path) -> None:
    starting = subprocess.Popen(
        [sys.executable, "-c", STARTING],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    with starting:
        assert starting.stdout is not None
        assert starting.stdout.readline() == "starting\n"
        starting.send_signal(signal.SIGINT)
        assert not starting.stdout.read()
    assert starting.returncode == -signal.SIGINT
    assert not list(running(starting.pid))


def running(group: int) -> Iterator[str]:
    """What runs in a process group, and has not merely not been collected yet."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = path.read_text(encoding="utf-8").rpartition(")")
            state, _, of, *_ = rest.split()
            if int(of) == group and state != "Z":
                yield name
