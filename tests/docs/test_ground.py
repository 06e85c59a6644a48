"""The ground is reproducible: each dependency has its reason, and each locked file its hash."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(lock: str) -> dict[str, str]:
    """Each requirement of a lock file with what follows it, up to the next."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {
        found[1]: found[2] for found in re.finditer(r"^(\S+==.+?) \\\n((?:    .*\n?)+)", text, re.MULTILINE)
    }


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def names(lock: str) -> set[str]:
    return {plain(pin.split("==")[0]) for pin in pins(lock)}


def wanted() -> dict[str, list[str]]:
    """The names that pyproject.toml asks for: to run, and each group."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {"run": asked["project"]["dependencies"], **asked["dependency-groups"]}
    return {
        group: [plain(re.split(r"[\[><=~! ]", line)[0]) for line in lines] for group, lines in groups.items()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_host_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(pins(lock)) == len(re.findall(r"^\S", text, re.MULTILINE))
    assert all("--hash=sha256:" in hashes for hashes in pins(lock).values())
    assert "://" not in text
    assert "index" not in text


def test_the_locks_hold_what_is_asked_for_and_agree() -> None:
    groups = wanted()
    assert {*groups["run"], *groups["build"]} <= names("requirements.lock")
    assert {*groups["run"], *groups["build"], *groups["dev"]} <= names("requirements-dev.lock")
    assert set(pins("requirements.lock").items()) <= set(pins("requirements-dev.lock").items())


def test_each_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    blocks = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) == len(wanted()["run"]) + len(wanted()["dev"])
    assert not [line for line in lines if not re.search(r'",\s+# \w', line)]


def test_npm_installs_only_what_is_pinned_by_hash() -> None:
    lock = (ROOT / "tests/web/package-lock.json").read_text(encoding="utf-8")
    assert lock.count('"node_modules/') == lock.count('"integrity": "sha512-')
    assert "://" not in lock


def test_the_wheel_ships_what_the_package_reads(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    package = ROOT / "src/trigpoint"
    data = [path for path in package.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    assert package / "py.typed" in data
    assert {f"trigpoint/{path.relative_to(package).as_posix()}" for path in data} <= shipped
