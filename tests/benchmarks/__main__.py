"""The command behind ``scripts/bench``: every benchmark, or those whose name holds a given word."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.harness import REGISTERED, line, measure, measure_apart


def register_all() -> None:
    """Import the reference workload and every ``bench_*.py``, which registers what they hold."""
    importlib.import_module("tests.benchmarks.reference")
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        importlib.import_module(f"tests.benchmarks.{file.stem}")


def report(words: list[str]) -> None:
    """Print each chosen benchmark beside the reference, which runs first and again last."""
    chosen = [
        name
        for name in REGISTERED
        if name != "reference" and (not words or any(word in name for word in words))
    ]
    if not chosen:
        sys.exit(
            f"no benchmark's name holds {' or '.join(words)}; there are: {', '.join(sorted(REGISTERED))}"
        )
    before = measure_apart("reference")
    print(line(before, before.seconds, ""), flush=True)
    for name in chosen:
        print(line(measure_apart(name), before.seconds, REGISTERED[name].aim), flush=True)
    after = measure_apart("reference")
    print(line(after, before.seconds, ""))


if __name__ == "__main__":
    register_all()
    if sys.argv[1:2] == ["--here"]:
        print(json.dumps(asdict(measure(REGISTERED[sys.argv[2]]))))
    else:
        report(sys.argv[1:])
