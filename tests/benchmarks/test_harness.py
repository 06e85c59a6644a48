"""The harness measures what it says: the fastest lap, a process of its own, a skip with its reason."""

from __future__ import annotations

import pytest

from tests.benchmarks.harness import (
    REGISTERED,
    Benchmark,
    Clock,
    Result,
    Skipped,
    benchmark,
    line,
    measure,
    measure_apart,
)


def test_the_fastest_lap_counts() -> None:
    clock = Clock()
    clock.laps.extend([0.3, 0.1, 0.2])
    assert clock.seconds == 0.1


def test_a_benchmark_runs_in_a_process_of_its_own_and_its_memory_is_its_own() -> None:
    held = bytearray(400_000_000)
    result = measure_apart("nothing")
    assert (result.name, result.skipped, len(held)) == ("nothing", "", 400_000_000)
    assert 0 <= result.seconds < 1
    assert 10 < result.peak_mb < 400


def test_a_benchmark_that_cannot_run_says_why() -> None:
    def absent(clock: Clock) -> None:
        raise Skipped("no figures here")

    result = measure(Benchmark("absent", "", absent))
    assert line(result, 1.0, "").split() == ["absent", "skipped:", "no", "figures", "here"]


def test_a_line_shows_seconds_ratio_memory_figures_and_aim() -> None:
    shown = line(Result("limits", 2.0, 150.0, {"us a series": 12.34}), 0.5, "12 us")
    assert " ".join(shown.split()) == "limits 2.000 s 4.00 x ref 150 MB, 12.3 us a series (aim: 12 us)"


def test_a_benchmark_that_fails_is_told_with_its_output() -> None:
    with pytest.raises(RuntimeError, match="no_such_benchmark"):
        measure_apart("no_such_benchmark")


def test_a_name_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTERED, "taken", Benchmark("taken", "", lambda clock: None))

    def taken(clock: Clock) -> None: ...

    with pytest.raises(ValueError, match="two benchmarks are called taken"):
        benchmark(aim="")(taken)
