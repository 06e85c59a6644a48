"""An explanation says how a figure was set against the whole, or why it was not."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands import run
from tests.wholes import files
from trigpoint.store.workspace import create

RETURNS = """start,end,unit,done,due
2024-06-01,2024-06-30,T,300,400
2024-06-01,2024-06-30,D1,60,100
2024-06-01,2024-06-30,D2,240,300
"""
SAID = {
    "D1": [
        "T: 75",
        "difference -15, 95% interval -22.9771 to -7.2775",
        "the interval of its difference from the rest, by Newcombe's hybrid score method,",
        "times 1 - 0.25, its share of the whole's denominator",
        "verdict: worse",
    ],
    "D3": ["T: no figure"],
    "T": ["not part of the trust"],
}


def test_the_whole_explained(tmp_path: Path) -> None:
    folder, returns = tmp_path / "trust", tmp_path / "returns.csv"
    create(folder, {name: text.encode() for name, text in files(levels="[trust, division]").items()})
    returns.write_text(RETURNS, encoding="utf-8")
    run("load", "returns", returns, "-w", folder)
    for unit, said in SAID.items():
        told = run("explain", "X", "-w", folder, "-u", unit, "-m", "2024-06", "--json")
        assert json.JSONDecoder().raw_decode(told)[0]["whole"] == said
