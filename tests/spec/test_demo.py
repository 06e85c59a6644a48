"""The sample: fictional, seeded, and the same wherever it is made."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from trigpoint.demo.sample import FIRST, HOME, LAST, RATIOS, TRUSTS, deliveries

LONG = "monthly-return.csv"


def rows(seed: int = 2026) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(deliveries(seed)[LONG].decode())))


def test_the_same_seed_gives_the_same_bytes_on_every_machine() -> None:
    assert deliveries() == deliveries()
    assert deliveries(1) != deliveries(2)
    hashes = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in deliveries().items()}
    assert hashes == {LONG: "86d77c3c6ffc", "people-and-money.csv": "c93a6eab2d4b"}


def test_the_trusts_are_nobodys() -> None:
    """No NHS trust has a code that starts with X or Q and has three letters: theirs start with R, T or G."""
    assert {row["trust"] for row in rows()} == set(TRUSTS)
    assert all(code[0] in "QX" and code.isalpha() for code in TRUSTS)


@pytest.mark.parametrize("seed", range(5))
def test_no_numerator_is_above_its_denominator(seed: int) -> None:
    given = {(row["month"], row["trust"], row["figure"]): row["count"] for row in rows(seed)}
    for month in FIRST.through(LAST):
        for trust in TRUSTS:
            for story in RATIOS:
                above, below = (
                    given.get((str(month), trust, part), "") for part in (story.above, story.below)
                )
                if above.isdigit() and below.isdigit():
                    assert 0 <= int(above) <= int(below)


def test_it_holds_what_real_returns_hold() -> None:
    """A trust that sent nothing one month, complaints that did not come, a month still provisional."""
    assert not [row for row in rows() if row["trust"] == "XBV" and row["month"] == "2025-12"]
    blank = {(row["month"], row["trust"], row["figure"]) for row in rows() if row["count"] == ""}
    assert blank == {(str(LAST), HOME, "complaints_in_time"), (str(LAST), HOME, "complaints_due")}
    assert {row["month"] for row in rows() if row["status"] == "provisional"} == {str(LAST)}
