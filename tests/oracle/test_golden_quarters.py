"""Quarters against the quantiles of PHEindicatormethods 2.1.0, counted from the other end."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from trigpoint.analysis.peers.standing import standing
from trigpoint.definitions.indicator import Direction


@pytest.mark.parametrize(("direction", "column"), [("up", "q4_inv"), ("down", "q4_noinv")])
def test_a_quarter_is_five_less_the_quantile(shared: Path, direction: Direction, column: str) -> None:
    with (shared / "golden/phe_quantile.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    values = np.array([[float(row["value"] or "nan") for row in rows]])
    expected = [5 - int(row[column]) if row[column] else 0 for row in rows]
    assert standing(values, direction).quarter[0].tolist() == expected
    assert set(expected) == {0, 1, 2, 3, 4}
