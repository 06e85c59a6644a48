"""An explanation says whether a re-base is to be considered, and the command that it gives does it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.commands import run
from tests.spec.test_cautions import NOISE
from tests.wholes import files
from trigpoint.store.workspace import create
from trigpoint.terms.period import Month

FIRST = Month(2021, 8)


def returns(months: int) -> str:
    """Out of 1,000: about 700 done for 20 months, and about 760 since."""
    rows = ["start,end,unit,done,due"]
    for at, it in enumerate(NOISE[:months]):
        month = FIRST + at
        rows.append(f"{month.start},{month.end},T,{round(700 + 10 * it + 60 * (at >= 20))},1000")
    return "\n".join(rows) + "\n"


def told(folder: Path, month: Month) -> list[str]:
    said = run("explain", "X", "-w", folder, "-u", "T", "-m", month, "--json")
    lines: list[str] = json.JSONDecoder().raw_decode(said)[0]["re-base"]
    return lines


def test_a_re_base_explained_and_made(tmp_path: Path) -> None:
    folder, delivery = tmp_path / "a trust", tmp_path / "returns.csv"
    create(folder, {name: text.encode() for name, text in files(levels="[trust]").items()})
    delivery.write_text(returns(34), encoding="utf-8")
    run("load", "returns", delivery, "-w", folder)

    early = told(folder, FIRST + 28)
    began = "A run above the mean began in March 2023."
    assert early == [f"None is proposed. {began} It takes 3 more figures to set limits from there."]
    now = FIRST + 33
    lines = told(folder, now)
    assert lines[0] == "Consider re-basing the limits from April 2023."
    assert lines[-3].startswith("the two levels lie ")
    command = shlex.split(" ".join(line.strip().removesuffix("\\") for line in lines[-2:]))
    assert command[:2] == ["trigpoint", "decide"]

    run(*command[1:])
    after = told(folder, now)
    assert after == ["None is proposed. It takes 12 more figures before a re-base can be weighed."]
