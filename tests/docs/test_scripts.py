"""The scripts are documented, run, and stop at the first failure."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.suffix == "")
BASH = [script for script in SCRIPTS if script.read_bytes().startswith(b"#!/usr/bin/env bash")]


def bash(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_script_is_documented_and_runs(script: Path) -> None:
    told = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    assert any(f"scripts/{script.name}" in text for text in told)
    assert script.read_bytes().startswith(b"#!")
    assert script.stat().st_mode & 0o100


@pytest.mark.parametrize("script", BASH, ids=lambda script: script.name)
def test_every_bash_script_reads_and_takes_steps(script: Path) -> None:
    assert not bash("-n", script).stderr
    assert 'source "$(dirname "$0")/steps.sh"' in script.read_text(encoding="utf-8")


def test_a_step_stops_at_the_first_failure_within_it() -> None:
    ran = bash(
        "-c", 'source scripts/steps.sh; broken() { false; echo on; }; step "A broken step" broken; echo after'
    )
    assert ran.returncode == 1
    assert "== A broken step" in ran.stdout
    assert not {"on", "after"} & set(ran.stdout.splitlines())
    assert 'Stopped: "A broken step" failed (exit 1).' in ran.stderr


def test_setup_refuses_what_it_does_not_know() -> None:
    ran = bash("scripts/setup", "--fast")
    assert ran.returncode == 1
    assert "knows one option, --dev, and was given: --fast" in ran.stderr


def test_ci_runs_what_people_run() -> None:
    assert "scripts/test" in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]
