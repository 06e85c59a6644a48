"""Cases worked by hand: what is made of records, over which months, for whom, and by formulas."""

# ruff: noqa: E501 - a table a line

from __future__ import annotations

from tests.measure_tables import AND_PERSONS, Case
from trigpoint.terms.period import Month

SCORED = "team received score\n"
SEEN = "patient team started\n"
ROLLING = "basis: rolling"


def scores(*lines: str) -> dict[str, str]:
    """Referrals of January 2026, each written ``team score``."""
    return {
        "referrals": "team received score\n"
        + "\n".join(f"{it.split()[0]} 2026-01-05 {it.split()[1]}" for it in lines)
    }


def of_scores(aggregate: str) -> str:
    """An aggregate of the referrals' scores."""
    return f"from: referrals\nmonth_of: received\n{aggregate}"


AGGREGATES = [
    Case(
        "none is a count of 0 and a sum of 0; a share, a mean, a rank and an extreme of none have no denominator",
        {
            "X": of_scores("count: records"), "S": of_scores("sum: score"), "W": of_scores("count: records\nwith: urgent"),
            "E": of_scores("mean: score"), "M": of_scores("median: score"), "P": of_scores("percentile: {of: score, at: 90}"),
            "H": of_scores("max: score"), "L": of_scores("min: score"), "N": of_scores("people: any"),
        },
        {"referrals": "team received score\nB 2026-01-05 -"},
        "2026-01 A X=0\n2026-01 A S=0\n2026-01 A N=0\n2026-01 B X=1\n2026-01 B S=0\n2026-01 B N=0\n2026-01 A W=no_denominator\n"
        "2026-01 B E=no_denominator\n2026-01 B M=no_denominator\n2026-01 B P=no_denominator\n2026-01 B H=no_denominator\n"
        "2026-01 A L=no_denominator",
    ),
    Case(
        "a mean is of what is known, added up on both sides",
        of_scores("mean: score"),
        scores("A 1", "A 2", "A -", "B 10"),
        "2026-01 A 3/2\n2026-01 B 10\n2026-01 QPT 13/3",
    ),
    Case(
        "the median of an even number is the midpoint, found anew at each level",
        of_scores("median: score"),
        scores("A 2", "A 3", "B 10", "B 11", "B -"),
        "2026-01 NORTH 2.5\n2026-01 SOUTH 10.5\n2026-01 QPT 6.5",
    ),
    Case(
        "a percentile is a value that somebody had: the nearest rank",
        {"X": of_scores("percentile: {of: score, at: 92}"), "Y": of_scores("percentile: {of: score, at: 90}"),
         "Z": of_scores("percentile: {of: score, at: 0.1}")},
        scores(*(f"A {n}" for n in range(10, 0, -1))),
        "2026-01 A X=10\n2026-01 A Y=9\n2026-01 A Z=1",
    ),
    Case(
        "the largest of the parts is the whole's",
        {"X": of_scores("max: score"), "Y": of_scores("min: score")},
        scores("A 2", "A 3", "B -4"),
        "2026-01 NORTH X=3\n2026-01 SOUTH X=-4\n2026-01 QPT X=3\n2026-01 QPT Y=-4",
    ),
    Case(
        "one over another is of its own source and its own time, times what it is for each",
        "from: contacts\nmonth_of: started\ncount: records\nover: {from: stays, during: month, sum: nights_in(month)}\nper: 1000",
        {"contacts": SEEN + "p1 A 2026-01-01T10:00\np1 B 2026-01-01T10:00", "stays": "ward admitted discharged\nB 2026-01-01 2026-01-09"},
        "2026-01 A no_denominator\n2026-01 B 1/8\n2026-01 QPT 2/8",
    ),
    Case(
        "an unknown team's records are in the trust's total, and nobody else's",
        of_scores("median: score"),
        scores("A 1", "nowhere 5", "- 9", "XAM 100"),
        "2026-01 A 1\n2026-01 unattributed 7\n2026-01 QPT 5",
    ),
    Case(
        "of the kinds of unit that are asked for, and of those that nobody knows",
        "from: stays\nmonth_of: admitted\npeople: any",
        {"stays": "patient ward admitted\np1 A 2026-01-01\np2 W 2026-01-01\np3 nowhere 2026-01-01"},
        "2026-01 W 1\n2026-01 N1 1\n2026-01 QPT 2\n2026-01 unattributed 1",
        more="kinds: [ward]",
    ),
    Case(
        "groups cover everyone, the unknown included",
        'from: stays\nmonth_of: admitted\ncount: records\nwith: "method = \'emergency\'"',
        {"stays": "ward admitted sex method\nA 2026-01-01 F emergency\nA 2026-01-01 - emergency\nB 2026-01-01 x -\nXAM 2026-01-01 F emergency"},
        "2026-01 QPT:sex=Women 1/1\n2026-01 QPT:sex=Men 0/0\n2026-01 QPT:sex=Not known 1/2",
        more="cuts: [sex]",
    ),
]  # fmt: skip

PEOPLE = [
    Case(
        "one patient of two teams is one person in the trust, and in a division of both",
        "from: contacts\nmonth_of: started\npeople: any",
        {"contacts": SEEN + "p1 A 2026-01-01T10:00\np1 B 2026-01-02T10:00\np1 NEW 2026-01-02T10:00\np2 A 2026-01-02T10:00\n- A 2026-01-02T10:00"},
        "2026-01 A 2\n2026-01 B 1\n2026-01 SOUTH 1\n2026-01 QPT 2",
    ),
    Case(
        "two contacts are counted wherever they were, at the level where they meet",
        "from: contacts\nmonth_of: started\npeople: at least 2\nwindow: 2 months",
        {"contacts": SEEN + "p1 A 2026-01-01T10:00\np1 B 2026-02-02T10:00\np2 A 2026-02-01T10:00\np2 A 2026-02-01T10:00"},
        "2026-02 A 1\n2026-02 B 0\n2026-02 QPT 2\n2026-01 QPT 0",
        more=ROLLING,
    ),
    Case(
        "people with something have enough records with it",
        "from: contacts\nmonth_of: started\npeople: at least 2\nwith: status = 'attended'",
        {"contacts": "patient team started status\np1 A 2026-01-01T10:00 attended\np1 A 2026-01-02T10:00 dna\np2 A 2026-01-01T10:00 attended\n"
         "p2 B 2026-01-03T10:00 attended\np3 A 2026-01-01T10:00 attended"},
        "2026-01 A 0/1\n2026-01 QPT 1/2",
    ),
    Case(
        "a stay over three months and a move is one person, and one record of theirs",
        {"X": "from: stays\nduring: month\npeople: any\nwindow: 3 months", "Y": "from: stays\nduring: month\npeople: at least 2\nwindow: 3 months"},
        {"stays": "patient ward admitted discharged\np1 W 2026-02-01 2026-04-01"},
        "2026-04 NORTH X=1\n2026-04 SOUTH X=1\n2026-04 QPT X=1\n2026-04 QPT Y=0",
        more=ROLLING,
    ),
    Case(
        "people over people are found anew on both sides",
        "from: contacts\nmonth_of: started\npeople: any\nover: {from: referrals, at: month_end, people: any}",
        {"contacts": SEEN + "p1 A 2026-01-01T10:00\np1 B 2026-01-01T10:00", "referrals": "patient team received\np1 A 2025-01-01\np2 A 2025-01-01\np2 B 2025-01-01"},
        "2026-01 A 1/2\n2026-01 B 1/1\n2026-01 QPT 1/2",
    ),
]  # fmt: skip

WINDOWS = [
    Case(
        "a window adds up its months, and makes a rank of all their records",
        {"X": of_scores("sum: score\nwindow: 3 months"), "Y": of_scores("median: score\nwindow: 3 months"),
         "Z": of_scores("mean: score\nwindow: 3 months")},
        {"referrals": SCORED + "A 2026-01-31 1\nA 2026-02-01 2\nA 2026-03-31 9\nA 2026-04-01 20"},
        "2026-03 A X=12\n2026-03 A Y=2\n2026-03 A Z=12/3\n2026-04 A X=31\n2026-04 A Y=9",
        more=ROLLING,
    ),
    Case(
        "the year to date begins in April",
        of_scores("sum: score\nwindow: year to date"),
        {"referrals": SCORED + "A 2026-03-31 1\nA 2026-04-01 2\nA 2026-06-30 4"},
        "2026-03 A 1\n2026-04 A 2\n2026-06 A 6\n2027-03 A 6\n2027-04 A 0",
        more="basis: year_to_date",
    ),
    Case(
        "the average of a stock is that of its months' ends",
        "from: posts\nat: month_end\nsum: wte\nwindow: average of 3 months",
        {"posts": "team since until wte\nA 2026-01-01 2026-02-28 1.50\nA 2026-03-15 - 3.00"},
        "2026-01 A 0.5\n2026-02 A 1\n2026-03 A 2",
        more=ROLLING,
    ),
    Case(
        "the share of an averaged stock is averaged as the stock is",
        "from: referrals\nat: month_end\ncount: records\nwith: urgent\nwindow: average of 2 months",
        {"referrals": "team received urgent\nA 2026-01-05 yes\nA 2026-01-06 no\nA 2026-03-01 yes"},
        "2026-03 A 1.5/2.5",
        more=ROLLING,
    ),
    Case(
        "turnover is twelve months' leavers over the average in post",
        "from: posts\nmonth_of: until\nwhere: leaver\nsum: wte\nwindow: 12 months\n"
        "over: {from: posts, at: month_end, sum: wte, window: average of 12 months}",
        {"posts": "team since until wte leaver\nA 2025-01-01 2026-03-31 1.00 yes\nA 2025-01-01 - 3.00 no\nB 2026-03-01 2026-03-30 0.60 yes"},
        "2026-03 A 1/4\n2026-03 B no_denominator\n2026-03 QPT 1.6/4\n2026-12 A 1/3.25",
        more=ROLLING,
    ),
    Case(
        "a window that is not full yet is not due, nor is a year to date that began before the data",
        {"X": of_scores("count: records\nwindow: 3 months"), "Y": of_scores("count: records\nwindow: year to date"), "Z": of_scores("count: records")},
        {"referrals": SCORED + "A 2026-06-10 1"},
        "2026-07 A X=not_due\n2026-08 A X=1\n2026-08 A Y=not_due\n2027-03 A Y=not_due\n2027-04 A Y=0\n2026-05 A Z=not_due\n2026-06 A Z=1",
        more=ROLLING,
        sources={"referrals": "expects: {from: 2026-06}"},
    ),
    Case(
        "a gap is the days from the event before to the last of the month",
        'from: referrals\ngap: received\nwhere: "pathway is null or pathway <> \'no\'"',
        {"referrals": "team received pathway\nA 2026-01-05 -\nB 2026-01-15 -\nA 2026-01-16 no\nA 2026-03-01 -\nA 2026-03-01 -\nB 2026-04-01 -"},
        "2026-01 A no_denominator\n2026-01 QPT 10\n2026-02 QPT no_denominator\n2026-03 A 0\n2026-04 A no_denominator\n"
        "2026-04 B 76\n2026-04 QPT 31",
    ),
]  # fmt: skip

PERSONS = [
    Case(
        "a member of staff has the figures of what they did, which nobody adds up",
        "from: contacts\nmonth_of: started\ncount: records\nwith: status = 'attended'",
        {"contacts": "team clinician started status\nA P1 2026-01-01T10:00 attended\nB P1 2026-01-01T10:00 dna\nB P2 2026-01-01T10:00 attended\n"
         "B - 2026-01-01T10:00 attended\nB A 2026-01-01T10:00 dna\nB nobody 2026-01-01T10:00 dna"},
        "2026-01 P1 1/2\n2026-01 P2 1/1\n2026-01 A 1/1\n2026-01 B 2/5\n2026-01 QPT 3/6",
        levels=AND_PERSONS,
    ),
    Case(
        "people and medians are found anew for a member of staff",
        {"X": "from: contacts\nmonth_of: started\npeople: any", "Y": "from: contacts\nmonth_of: started\nmedian: age(born, started)"},
        {"contacts": "patient team clinician started born\np1 A P1 2026-01-01T10:00 2000-01-01\np1 B P1 2026-01-01T10:00 2000-01-01\np2 B P1 2026-01-01T10:00 1990-06-01"},
        "2026-01 P1 X=2\n2026-01 P2 X=0\n2026-01 P1 Y=26\n2026-01 P2 Y=no_denominator\n2026-01 B Y=30.5",
        levels=AND_PERSONS,
    ),
    Case(
        "what is recorded of a member of staff as its unit is their team's",
        "from: referrals\nmonth_of: received\ncount: records",
        {"referrals": "team received\nP1 2026-01-01"},
        "2026-01 A 1\n2026-01 NORTH 1\n2026-01 P1 0",
        levels=AND_PERSONS,
    ),
]  # fmt: skip

TWO = {
    "A": of_scores("sum: score"),
    "B": "from: contacts\nmonth_of: started\ncount: records\nwith: status = 'attended'",
}
TWO_TABLES = {
    "referrals": SCORED + "A 2026-01-01 6\nA 2025-01-01 4\nB 2026-01-01 5",
    "contacts": "team started status\nA 2026-01-01T10:00 attended\nA 2026-01-01T10:00 dna",
}
FORMULAS = [
    Case(
        "figures of other indicators are worked with as they stand",
        TWO | {"X": "formula: mean([A], 2 * [B], 10) - abs(0 - 1.5)", "Y": "formula: case when [B] >= 50 and not [A] < 6 then round([A] / 4, 0) else min([A], [B]) end",
               "Z": "formula: max([A], 7)"},
        TWO_TABLES,
        f"2026-01 A X={116 / 3 - 1.5!r}\n2026-01 A Y=2\n2026-01 B X=no_denominator\n2026-01 B Z=7\n2026-01 A A=6\n2026-01 A B=1/2",
        measured_in="per cent",
    ),
    Case(
        "a formula that ends in a division has two sides, and none where it divides by nothing",
        TWO | {"X": "formula: ([A] - before([A], 12)) / before([A], 12)", "Y": "formula: 1 + [A] / before([A], 12)"},
        TWO_TABLES,
        "2026-01 A X=2/4\n2026-01 B X=no_denominator\n2026-01 B Y=no_denominator\n2026-01 A Y=2.5",
    ),
    Case(
        "parts are quantities of the formula's own",
        "parts: {all: {from: posts, at: month_end, sum: wte}, out: {from: posts, month_of: until, sum: wte}}\nformula: out / (all + out)",
        {"posts": "team since until wte\nA 2025-01-01 2026-01-15 1.00\nA 2025-01-01 - 3.00"},
        "2026-01 A 1/4\n2026-01 B no_denominator\n2026-02 A 0/3",
    ),
    Case(
        "an input that is not due keeps the formula waiting; one that is not in force is not applicable",
        TWO | {"X": 'formula: "[A] + [B]"', "Y": 'formula: "[A] + before([A], 100)"'},
        TWO_TABLES,
        "2026-01 A X=not_due\n2026-01 A Y=not_applicable\n2026-01 A A=6",
        through={"contacts": Month(2025, 12)},
    ),
]  # fmt: skip
