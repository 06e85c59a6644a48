"""What is needed before Spark can be asked: PySpark, Java, a master that listens, and settings."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from trigpoint.engines.spark_errors import no_session

JAVA = 17
"""The oldest Java that Spark 4 runs on."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECT_PORT = "15002"

# What the answers depend on: the same on every cluster, whatever its administrator chose.
MEANING: Mapping[str, str] = MappingProxyType(
    {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.ansi.doubleQuotedIdentifiers": "true",
        "spark.sql.decimalOperations.allowPrecisionLoss": "false",
        "spark.sql.caseSensitive": "false",
        "spark.sql.variable.substitute": "false",  # otherwise a text with ${x} in it would be rewritten
        "spark.sql.files.ignoreCorruptFiles": "false",
        "spark.sql.files.ignoreMissingFiles": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
)
_QUIET: Mapping[str, str] = MappingProxyType(
    {
        "spark.app.name": "trigpoint",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "in-memory",  # no metastore, and no folder for one
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Spark is: a ``master`` such as spark://host:7077, or a ``connect`` such as sc://host:15002.

    ``config`` holds further settings of Spark, but none that answers depend on. ``patience`` is how
    many seconds the cluster may take to do a first piece of work.
    """

    master: str | None = None
    connect: str | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    patience: float = 60

    def __post_init__(self) -> None:
        if (self.master is None) == (self.connect is None):
            raise ValueError("Spark has either a master or a Connect URL")

    @property
    def where(self) -> str:
        return self.connect or str(self.master)


def check(settings: Settings) -> None:
    """Raises TrigpointError where a session cannot be had, before anything slow is tried."""
    if fixed := sorted(set(settings.config) & set(MEANING)):
        found = f"`config` with {', '.join(fixed)}"
        expected = "no setting that answers depend on: those are the same on every cluster"
        raise no_session(settings.where, found, expected, "Remove it.")
    if find_spec("pyspark") is None:
        remedy = "pip install 'trigpoint[spark]'."
        raise no_session(settings.where, "no PySpark here", "the extra `spark`", remedy)
    if settings.connect is None:
        _check_java(settings.where)
    _check_listening(settings)


def _check_java(where: str) -> None:
    remedy = (
        "On Debian: apt-get install default-jre-headless. JAVA_HOME, where it is set, names the one used."
    )
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    if (found := shutil.which(java)) is None:
        raise no_session(where, f"no Java here ({java})", f"Java {JAVA} or later", remedy)
    told = subprocess.run(  # noqa: S603 - the program that Spark itself will run
        [found, "-version"], capture_output=True, encoding="utf-8", errors="replace", check=False
    ).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < JAVA:
        said = told.strip().splitlines()[0] if told.strip() else "no version"
        raise no_session(where, f"{found}, which says {said}", f"Java {JAVA} or later", remedy)


def _check_listening(settings: Settings) -> None:
    """A cluster whose every address refuses would otherwise be waited for, for minutes."""
    refused = []
    for host, port in addresses(settings.where):
        try:
            socket.create_connection((host, port), timeout=10).close()
        except OSError as error:
            refused.append(f"{host}:{port} ({error.strerror or error})")
        else:
            return
    if refused:
        remedy = "Check the address, that the cluster runs, and that it can be reached from here."
        found = f"nobody who answers at {', '.join(refused)}"
        raise no_session(settings.where, found, "a running cluster", remedy)


def addresses(where: str) -> list[tuple[str, int]]:
    """The hosts and ports of a master or Connect URL; none where Spark starts its own."""
    if not (match := re.match(r"(spark|sc)://([^/;]+)", where)):
        return []
    pairs = []
    for listed in match[2].split(","):
        host, _, port = listed.rpartition(":") if ":" in listed else (listed, "", _CONNECT_PORT)
        if not port.isdigit():
            expected = "an address such as spark://host:7077 or sc://host:15002"
            raise no_session(where, f"{listed!r}, which has no port", expected)
        pairs.append((host.strip("[]"), int(port)))
    return pairs


def on_this_machine(where: str) -> bool:
    """Whether every part of the cluster runs here, and nobody else need reach it."""
    return where.startswith("local") or all(host in _HERE for host, _ in addresses(where))


def configuration(settings: Settings) -> dict[str, str]:
    """The settings of a driver that runs here."""
    chosen = {**_QUIET, **MEANING, "spark.master": str(settings.master)}
    if on_this_machine(settings.where):
        chosen |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return chosen | dict(settings.config)
