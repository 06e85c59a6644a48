"""A Spark cluster of the tests: a master and two workers on this machine, and gone afterwards."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from trigpoint.engines.spark import Settings

PATIENCE = 120
LEAN = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss512k"
"""Java that starts fast and takes little, which is what six of them on two cores need."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running master with two workers; a driver on it that has ``lean`` settings serves ``connect``."""

    master: str
    connect: str

    @property
    def settings(self) -> Settings:
        """Those of a driver that also serves Spark Connect, so that one Java does for both ways."""
        port = self.connect.rpartition(":")[2]
        served = {
            "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": port,
        }
        return Settings(master=self.master, config=lean() | served, patience=PATIENCE)


def lean() -> dict[str, str]:
    """Settings for small data on two cores; an answer may be 8 MB and no more."""
    return {
        "spark.driver.memory": "512m",
        "spark.driver.maxResultSize": "8m",
        "spark.driver.extraJavaOptions": LEAN,
        "spark.executor.memory": "512m",
        "spark.executor.extraJavaOptions": LEAN,
        "spark.sql.shuffle.partitions": "2",
    }


def missing() -> str:
    """Why there can be no cluster here; empty where there can."""
    if find_spec("pyspark") is None:
        return "no PySpark is installed; scripts/setup --dev brings it"
    return "" if shutil.which("java") else "no Java is installed; scripts/setup --dev brings it"


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster that keeps nothing."""
    with tempfile.TemporaryDirectory(prefix="trigpoint-spark-") as folder, ExitStack() as stack:
        master = stack.enter_context(_java(folder, "master.Master", "--port", "0"))
        url = _told(master, r"Starting Spark master at (spark://\S+)")
        workers = [
            stack.enter_context(_java(folder, "worker.Worker", "--cores", "1", "--memory", "512m", url))
            for _ in range(2)
        ]
        for worker in workers:
            _told(worker, r"Successfully registered with master (\S+)")
        yield Cluster(url, f"sc://127.0.0.1:{_free_port()}")


@contextmanager
def _java(folder: str, what: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """One of Spark's programs, which Ctrl-C ends by way of us, with whatever it has started."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    here = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": folder}
    small = {"SPARK_DAEMON_MEMORY": "128m", "SPARK_DAEMON_JAVA_OPTS": LEAN}
    started = subprocess.Popen(
        [home / "bin" / "spark-class", f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1",
         "--webui-port", "0", *arguments],
        env={**os.environ, **here, **small},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    try:
        yield started
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def _told(program: subprocess.Popen[str], pattern: str) -> str:
    """What a program says of itself once it is ready; a thread reads on, or it would block one day."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    Thread(target=_read, args=(program, said), daemon=True).start()
    heard = []
    while line := said.get(timeout=PATIENCE):
        heard.append(line)
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError("".join(heard) or "Spark's program said nothing")


def _read(program: subprocess.Popen[str], said: queue.SimpleQueue[str]) -> None:
    assert program.stderr is not None
    with program.stderr as lines:
        for line in lines:
            said.put(line)
    said.put("")


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])
