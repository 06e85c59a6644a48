"""The house holds: each floor imports only lower ones, and whoever breaks a rule is refused by its name."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}
PURE = ("terms", "definitions", "analysis", "scorecards", "review")

# contract broken | the module that breaks it | the line planted
PLANTS = """
floors     terms/unit.py             from trigpoint.definitions import model
floors     definitions/model.py      import trigpoint.analysis.finding
floors     terms/unit.py             import trigpoint.cli
floors     analysis/finding.py       import trigpoint.measures
floors     kitchen.py                "A room that nobody gave a floor."
circles    terms/period.py           from trigpoint.terms import panel
circles    definitions/model.py      def late(): from trigpoint.definitions import indicator
django     cli/main.py               import django
django     terms/unit.py             import trigpoint_web.models
pure       analysis/finding.py       import duckdb
pure       definitions/model.py      import sqlite3
pure       scorecards/__init__.py    import jinja2
pure       terms/period.py           import urllib.request
databases  store/__init__.py         import duckdb
databases  measures/__init__.py      import sqlite3
databases  loads/__init__.py         import pyodbc
readers    store/__init__.py         import zipfile
readers    publish/__init__.py       import fastexcel
text       analysis/finding.py       import csv
formats    publish/__init__.py       import jinja2
workbooks  publish/__init__.py       import xlsxwriter
png        publish/__init__.py       import resvg_py
png        publish/charts/svg.py     import resvg_py
yaml       publish/__init__.py       import yaml
click      publish/__init__.py       import click
"""
ROWS = [tuple(row.split(maxsplit=2)) for row in PLANTS.strip().splitlines()]


def lint(folder: Path) -> str:
    """What import-linter says of a copy of the source, unwrapped."""
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "src", "COLUMNS": "400"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return ran.stdout + ran.stderr


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the source, to be spoilt."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_as_it_stands_is_kept() -> None:
    said = lint(ROOT)
    assert "0 broken" in said, said
    assert all(f"{name} KEPT" in said for name in NAMES.values()), said


@pytest.mark.parametrize(("broken", "module", "planted"), ROWS, ids=[f"{c}-{m}-{p}" for c, m, p in ROWS])
def test_a_forbidden_import_is_refused_by_name(house: Path, broken: str, module: str, planted: str) -> None:
    file = house / "src/trigpoint" / module
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n{planted}\n")
    said = lint(house)
    assert f"{NAMES[broken]} BROKEN" in said, said
    culprit = module.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
    assert culprit in said.split("Broken contracts")[1], said


def test_every_contract_is_put_to_the_test() -> None:
    assert {row[0] for row in ROWS} == set(NAMES)


def test_no_pure_room_is_left_out() -> None:
    built = {f"trigpoint.{room}" for room in PURE if (ROOT / "src/trigpoint" / room / "__init__.py").exists()}
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure")
    assert built <= set(pure["source_modules"])


def test_pure_rooms_use_arrow_in_memory_only() -> None:
    """import-linter sees a library as one module, so the parts of pyarrow that read files are sought here."""
    reading = {"csv", "dataset", "feather", "flight", "fs", "json", "orc", "parquet"}
    found = [
        f"{file.relative_to(ROOT)} imports {name}"
        for room in PURE
        for file in (ROOT / "src/trigpoint" / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_bytes()))
        for name in imported(node)
        if name.startswith("pyarrow.") and name.split(".")[1] in reading
    ]
    assert not found


def imported(node: ast.AST) -> list[str]:
    """The dotted names that one import statement reaches."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
