"""The national publication: trusts, regions and the nation, rounded, with cells hidden and cells missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from trigpoint.demo.organisation import HOME, Tree
from trigpoint.demo.places import NATION, REGIONS, SOUTH_WEST
from trigpoint.demo.returned import PUBLISHED, Published
from trigpoint.demo.timeline import MONTHS, Bools, Floats, Ints, chance, place
from trigpoint.terms.period import Month

SILENT = (1, Month(2025, 12))
"""The place of a trust that sent nothing, and the month."""
MISSING = 0.004
"""The share of a trust's pairs that did not come."""
SURVEY_MONTH = 9
Row = tuple[str, str, str, str, str]


@cache
def _counts(seed: int, tree: Tree) -> dict[str, Ints]:
    """Item -> counts of the trusts, the home trust first, [trusts, months]."""
    stream = chance(seed, "publication")
    trusts = 1 + len(tree.peers)
    size = np.exp(np.append(0.0, stream.normal(0.1, 0.35, trusts - 1)))
    found: dict[str, Ints] = {}
    for published in PUBLISHED:
        below = stream.poisson(np.outer(size * published.size, np.ones(len(MONTHS))))
        found[published.denominator] = below
        found[published.numerator] = _above(stream, published, below)
    return found


def _above(stream: np.random.Generator, published: Published, below: Ints) -> Ints:
    shape = (len(below), 1)
    apart = np.where(np.arange(len(below))[:, None] == 0, 0.0, stream.normal(0, published.apart, shape))
    level = published.level + apart + stream.normal(0, published.apart / 6, below.shape)
    return np.asarray(stream.binomial(below, np.clip(level, 0.001, 0.99)))


@cache
def _gaps(seed: int, tree: Tree) -> Bools:
    """Which pairs of which trusts did not come, [pairs, trusts, months]; the home trust's all did."""
    stream = chance(seed, "gaps of the publication")
    gaps = stream.random((len(PUBLISHED), 1 + len(tree.peers), len(MONTHS))) < MISSING
    gaps[:, 0] = False
    return gaps


@cache
def _survey(seed: int, tree: Tree) -> Floats:
    """The yearly survey of people who use services, out of 10, [trusts, years from 2024]."""
    stream = chance(seed, "survey")
    level = np.append(6.8, stream.normal(6.75, 0.22, len(tree.peers)))
    return np.round(level[:, None] + stream.normal(0, 0.08, (len(level), 3)), 1)


def publication_rows(seed: int, tree: Tree, months: Sequence[Month], provisional: Month) -> Iterator[Row]:
    """Month, organisation, figure, count and status."""
    counts, gaps, survey = _counts(seed, tree), _gaps(seed, tree), _survey(seed, tree)
    trusts = [(HOME, SOUTH_WEST), *((code, region) for code, _, region in tree.peers)]
    for month in months:
        status, at = "provisional" if month == provisional else "final", place(month)
        here = [i for i in range(len(trusts)) if (i, month) != (SILENT[0] + 1, SILENT[1])]
        for pair, published in enumerate(PUBLISHED):
            given = np.array([i for i in here if not gaps[pair, i, at]])
            for item in (published.denominator, published.numerator):
                for i in here:
                    count = int(counts[item][i, at])
                    count -= count // 60 if status == "provisional" else 0
                    cell = "" if gaps[pair, i, at] else rounded(count)
                    yield str(month), trusts[i][0], item, cell, status
                yield from _totals(
                    month, item, counts[item][given, at], [trusts[i][1] for i in given], status
                )
        if month.number == SURVEY_MONTH and month.year >= 2024:
            for i in here:
                score = survey[i, month.year - 2024]
                yield str(month), trusts[i][0], "survey_score", f"{score:.1f}", status


def _totals(month: Month, item: str, counts: Ints, regions: Sequence[str], status: str) -> Iterator[Row]:
    """The regions and the nation: sums of what came, before it was rounded."""
    of = np.array(regions)
    for region in REGIONS:
        yield str(month), region, item, str(int(counts[of == region].sum())), status
    yield str(month), NATION[0], item, str(int(counts.sum())), status


def rounded(count: int) -> str:
    """As the NHS publishes counts of people below the nation: ``*`` for 1 to 4, else to the nearest 5."""
    if 0 < count < 5:
        return "*"
    return str(5 * ((count + 2) // 5))
