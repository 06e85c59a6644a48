"""The two ways to Spark: a driver in a Java of its own here, or Spark Connect to a driver elsewhere."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from trigpoint.engines.spark_errors import no_session
from trigpoint.engines.spark_start import MEANING, Settings, check, configuration, on_this_machine
from trigpoint.terms.errors import TrigpointError


@dataclass(frozen=True, slots=True)
class Work:
    """What a query had the cluster do: bytes written to be sent between workers, and who worked."""

    shuffled: int
    executors: frozenset[str]


class Client(Protocol):
    """A way to Spark. ``begin`` and ``end`` stand around a query, in its thread; ``cancel`` is another's."""

    spark: Any

    def begin(self, tag: str) -> None: ...
    def end(self, views: Sequence[str]) -> None: ...
    def cancel(self, tag: str) -> None: ...
    def work(self, tag: str) -> Work | None: ...
    def close(self) -> None: ...


@contextmanager
def client(settings: Settings, worker: ThreadPoolExecutor) -> Iterator[Client]:
    """A client that has done a first piece of work. ``worker`` starts it, so that Ctrl-C is heard here."""
    check(settings)
    opening: Driver | Remote = Driver(settings) if settings.connect is None else Remote(settings)
    launching = worker.submit(opening.launch)
    try:
        launching.result()
        _hush()
        worker.submit(opening.open).result()
        _prove(opening, settings, worker)
        yield opening
    finally:
        launching.exception()  # what is being started cannot be stopped before it is there
        opening.close()


def _prove(opened: Client, settings: Settings, worker: ThreadPoolExecutor) -> None:
    """A cluster without a worker to spare would be waited for without end and without a word."""

    def first() -> None:
        opened.begin("trigpoint-first")
        opened.spark.range(1).count()

    try:
        worker.submit(first).result(settings.patience)
    except TimeoutError:
        opened.cancel("trigpoint-first")
        found = f"no worker that took work within {settings.patience:g} s"
        remedy = (
            "Start workers, wait until others have finished, or ask for less: spark.executor.memory and "
            "spark.executor.cores in `config`."
        )
        raise no_session(settings.where, found, "a worker with cores and memory to spare", remedy) from None


@dataclass(slots=True, eq=False)
class Driver:
    """A driver here. Its Java is ours alone, and ends with the session or with this process."""

    settings: Settings
    spark: Any = None
    _gateway: Any = None
    _folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="trigpoint-spark-")
    )

    def launch(self) -> None:
        from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - half a second, and an extra
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415
        from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

        where = self.settings.where
        if SparkContext._gateway is not None:
            found = "a Spark session that is open already in this process"
            raise no_session(where, found, "one at a time", "Close it, or use Spark Connect.")
        launch: Any = launch_gateway
        chosen = SparkConf(loadDefaults=False).setAll(self._chosen())
        with _bound_here(on_this_machine(where)), self._log.open("wb") as log:
            try:
                self._gateway = launch(chosen, {"stdout": log, "stderr": log})
            except PySparkRuntimeError:
                raise self._not_started(self._last_words()) from None

    def open(self) -> None:
        from py4j.protocol import Py4JError  # noqa: PLC0415
        from pyspark import SparkConf, SparkContext  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415

        chosen = SparkConf(loadDefaults=False).setAll(self._chosen())
        try:
            context = SparkContext(conf=chosen, gateway=self._gateway)
        except Py4JError as error:
            causes = [line[2:] for line in str(error).splitlines() if line.startswith(": ")]
            raise self._not_started(causes[0] if causes else self._last_words()) from error
        context.setLogLevel("ERROR")
        self.spark = SparkSession(context)
        require_version(self.settings.where, context.version)

    def begin(self, tag: str) -> None:
        self.spark.sparkContext.setJobGroup(tag, "trigpoint")

    def end(self, views: Sequence[str]) -> None:
        _drop(self.spark, views)

    def cancel(self, tag: str) -> None:
        self._java.cancelJobGroupAndFutureJobs(tag)

    def work(self, tag: str) -> Work:
        """Summed over the jobs of a query, from the driver's own books."""
        self._java.listenerBus().waitUntilEmpty()
        books, shuffled, executors = self._java.statusStore(), 0, set[str]()
        for stage in _stages(books, tag):
            last = books.lastStageAttempt(stage)
            shuffled += last.shuffleWriteBytes()
            executors |= set(books.executorSummary(stage, last.attemptId()).keys().mkString(",").split(","))
        return Work(shuffled, frozenset(executors - {""}))

    @property
    def _java(self) -> Any:
        return self.spark.sparkContext._jsc.sc()

    def close(self) -> None:
        from pyspark import SparkContext  # noqa: PLC0415

        if self._gateway is not None:
            with suppress(Exception):  # a Java that has died is closed
                if self.spark is not None:
                    self.spark.stop()
            self._gateway.shutdown()
            _reap(self._gateway.proc)
            SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        self._folder.cleanup()

    def _not_started(self, found: str) -> TrigpointError:
        expected = f"a cluster of Spark {_our_version()} that takes an application"
        remedy = "See the cluster's log; its workers must be able to reach this machine."
        return no_session(self.settings.where, f"a driver that did not start ({found})", expected, remedy)

    def _chosen(self) -> list[tuple[str, str]]:
        kept = {"spark.sql.warehouse.dir": f"{self._folder.name}/warehouse"}  # else in the folder one is in
        return list((kept | configuration(self.settings)).items())

    @property
    def _log(self) -> Path:
        return Path(self._folder.name) / "log"

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return next((line for line in lines if "rror" in line or "xception" in line), "no word why")


@dataclass(slots=True, eq=False)
class Remote:
    """A driver elsewhere, over Spark Connect: needs no Java here."""

    settings: Settings
    spark: Any = None

    def launch(self) -> None:
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - as above

        self.spark = SparkSession(connection=self.settings.where)

    def open(self) -> None:
        from pyspark.errors import PySparkException  # noqa: PLC0415

        try:
            require_version(self.settings.where, self.spark.version)
            for name, value in {**MEANING, **self.settings.config}.items():
                self.spark.conf.set(name, value)
        except PySparkException as error:
            found = f"a server that refuses ({str(error).strip().splitlines()[0]})"
            expected = "a Spark Connect server, and in `config` what a session may set"
            raise no_session(self.settings.where, found, expected) from error

    def begin(self, tag: str) -> None:
        self.spark.clearTags()
        self.spark.addTag(tag)

    def end(self, views: Sequence[str]) -> None:
        _drop(self.spark, views)

    def cancel(self, tag: str) -> None:
        self.spark.interruptTag(tag)

    def work(self, _: str) -> None:
        """The server does not say."""

    def close(self) -> None:
        if self.spark is not None:
            with suppress(Exception):  # a server that has gone has closed it
                self.spark.client.close()


def require_version(where: str, version: str) -> None:
    """The dialect is proven on Spark 4 alone."""
    if int(version.split(".", 1)[0]) < 4:
        raise no_session(where, f"Spark {version}", "Spark 4 or later", "Ask whoever runs the cluster.")


def _stages(books: Any, tag: str) -> Iterator[int]:
    jobs = books.jobsList(None)
    for job in map(jobs.apply, range(jobs.size())):
        if job.jobGroup().isDefined() and job.jobGroup().get() == tag:
            stages = job.stageIds()
            yield from map(stages.apply, range(stages.size()))


def _drop(spark: Any, views: Sequence[str]) -> None:
    with suppress(Exception):  # what keeps a view from being dropped is raised by the query itself
        for view in views:
            spark.sql(f"DROP VIEW IF EXISTS {view}")


def _hush() -> None:
    """An error is raised, and need not be logged on the screen with its Java as well."""
    from pyspark.logger import PySparkLogger  # noqa: PLC0415

    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True


def _our_version() -> str:
    return version("pyspark")


def _reap(java: subprocess.Popen[bytes]) -> None:
    """Java ends when nobody holds its input any more."""
    if java.stdin is not None:
        java.stdin.close()
    try:
        java.wait(10)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()


@contextmanager
def _bound_here(local: bool) -> Iterator[None]:
    """Within, Java starts with no address but this machine's own, where nobody else need reach it."""
    before = os.environ.get("SPARK_LOCAL_IP")
    if not local or before is not None:
        yield
        return
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    try:
        yield
    finally:
        del os.environ["SPARK_LOCAL_IP"]
