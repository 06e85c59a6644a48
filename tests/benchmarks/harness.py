"""Runs each benchmark in a process of its own and prints it beside a reference workload of the same run.

A benchmark lives in ``tests/benchmarks/bench_*.py``::

    @benchmark(aim="12 us a series on one core, under 500 MB")
    def limits_of_many_series(clock: Clock) -> Figures:
        values = made_up(100_000)  # not timed
        for _ in range(3):
            with clock:            # timed; the fastest of the three counts
                limits(values)
        return {"us a series": clock.seconds / 100_000 * 1e6}

Seconds mean little on a machine nobody else has; times the reference workload mean more.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]

Figures = Mapping[str, float] | None
"""What a benchmark says beside seconds and memory: a number for each label."""


class Skipped(Exception):
    """Raised by a benchmark that cannot run here; its text says why."""


class Clock:
    """Times the ``with`` blocks it is used for. ``seconds`` is the fastest of them."""

    def __init__(self) -> None:
        self.laps: list[float] = []

    def __enter__(self) -> Clock:
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.laps.append(time.perf_counter() - self._began)

    @property
    def seconds(self) -> float:
        return min(self.laps)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A registered benchmark. ``aim`` is what its issue asks for, in words."""

    name: str
    aim: str
    run: Callable[[Clock], Figures]


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark took: seconds, and the process's peak memory in megabytes (10^6 bytes)."""

    name: str
    seconds: float = 0.0
    peak_mb: float = 0.0
    figures: Mapping[str, float] = field(default_factory=dict)
    skipped: str = ""


REGISTERED: dict[str, Benchmark] = {}


def benchmark(aim: str) -> Callable[[Callable[[Clock], Figures]], Callable[[Clock], Figures]]:
    """Register a function as the benchmark of its name. Raises ValueError where the name is taken."""

    def register(run: Callable[[Clock], Figures]) -> Callable[[Clock], Figures]:
        name = run.__name__
        if name in REGISTERED:
            raise ValueError(f"two benchmarks are called {name}")
        REGISTERED[name] = Benchmark(name, aim, run)
        return run

    return register


def measure(chosen: Benchmark) -> Result:
    """Run one benchmark in this process."""
    clock = Clock()
    try:
        figures = chosen.run(clock)
    except Skipped as reason:
        return Result(chosen.name, skipped=str(reason))
    return Result(chosen.name, clock.seconds, _peak_mb(), dict(figures or {}))


def measure_apart(name: str) -> Result:
    """Run one benchmark in a fresh process, so that its peak memory is its own."""
    command = [sys.executable, "-m", "tests.benchmarks", "--here", name]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if ran.returncode:
        raise RuntimeError(f"benchmark {name} failed:\n{ran.stdout}{ran.stderr}")
    return Result(**json.loads(ran.stdout.splitlines()[-1]))


def _peak_mb() -> float:
    """The most memory that this process, or any one child that it waited for, has held (Linux).

    This process's own ``ru_maxrss`` would mislead: it is carried over from the process that started it.
    """
    own = Path("/proc/self/status")
    high = next(line for line in own.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(high.split()[1]), children) * 1024 / 1e6


def line(result: Result, reference: float, aim: str) -> str:
    """One line of the report: seconds, times the reference, peak memory, figures, aim."""
    if result.skipped:
        return f"{result.name:<44} skipped: {result.skipped}"
    figures = "".join(f", {value:,.3g} {label}" for label, value in result.figures.items())
    measured = f"{result.seconds:9.3f} s {result.seconds / reference:8.2f} x ref {result.peak_mb:8,.0f} MB"
    return f"{result.name:<44}{measured}{figures}" + (f"   (aim: {aim})" if aim else "")
