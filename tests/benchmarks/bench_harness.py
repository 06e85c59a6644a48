"""What a benchmark costs when it does nothing: the floor under every figure."""

from __future__ import annotations

from tests.benchmarks.harness import Clock, Figures, benchmark


@benchmark(aim="0 s: what the harness itself adds")
def nothing(clock: Clock) -> Figures:
    with clock:
        pass
    return None
