"""Returns of services and divisions, and the divisions' money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.organisation import Tree, division_code, service_code
from trigpoint.demo.returned import OF_DIVISIONS
from trigpoint.demo.returns import ABSENT, Row, pair_counts
from trigpoint.demo.timeline import MONTHS, Floats, Ints, chance, place
from trigpoint.terms.period import Month

GOOD, WORSE_FOR_CHILDREN = 0.925, 0.06
"""The share of good Friends and Family answers, and how much lower it is for children's services."""
ANSWERS_LATE = Month(2026, 10)
"""One service's answers of this month had not come when it was delivered."""
MONEY = (
    "Month",
    "Division",
    "Pay bill",
    "Agency",
    "Bank",
    "Savings to date",
    "Savings planned to date",
    "Spent to date",
    "Budget to date",
)


@cache
def _services(seed: int, tree: Tree) -> dict[str, Floats]:
    """Friends and Family answers, and posts in whole-time equivalents, [services, months]."""
    stream = chance(seed, "service returns")
    children = tree.division_of(5)
    level = GOOD + stream.normal(0, 0.008, tree.services)
    level -= [WORSE_FOR_CHILDREN if tree.division_of(i) == children else 0 for i in range(tree.services)]
    usual = [
        KINDS[template.kind].answers * teams
        for template, teams in zip(tree.templates, tree.teams_of_services, strict=True)
    ]
    answers = stream.poisson(np.outer(usual, np.ones(len(MONTHS))))
    good = stream.binomial(answers, np.clip(level[:, None], 0, 0.99))
    budget = np.array([[0.4 + 0.95 * _staff(tree, service)] for service in range(tree.services)])
    vacant = np.clip(
        0.075 + stream.normal(0, 0.02, (tree.services, 1)) + _walk(stream, tree.services), 0.0, 0.3
    )
    return {
        "fft_good": good.astype(np.float64),
        "fft_answers": answers.astype(np.float64),
        "budget": budget + 0 * vacant,
        "vacant": budget * vacant,
    }


def _staff(tree: Tree, service: int) -> int:
    return sum(
        count
        for team, count in zip(tree.units, tree.staff_of_teams, strict=True)
        if team.service == service_code(service)
    )


def _walk(stream: np.random.Generator, rows: int) -> Floats:
    """A slow wander, as vacancies have."""
    return np.cumsum(stream.normal(0, 0.006, (rows, len(MONTHS))), axis=1)


def service_rows(seed: int, tree: Tree, months: Sequence[Month]) -> Iterator[Row]:
    """The rows of the services' return."""
    figures = _services(seed, tree)
    for month in months:
        for service in range(tree.services):
            late = month == ANSWERS_LATE and service == tree.services - 1
            for item, counts in figures.items():
                count = counts[service, place(month)]
                if item.startswith("fft"):
                    yield str(month), service_code(service), item, "" if late else str(int(count))
                else:
                    yield str(month), service_code(service), item, f"{count:.1f}"


@cache
def _divisions(seed: int, tree: Tree) -> dict[str, Ints]:
    """Complaints, invoices, the quarterly pulse survey and placements out of area, [divisions, months]."""
    stream = chance(seed, "division returns")
    found: dict[str, Ints] = {}
    for pair in OF_DIVISIONS:
        found |= pair_counts(stream, pair, [""] * tree.divisions, np.ones((tree.divisions, 1)))
    quarter = np.array([month.number % 3 == 0 for month in MONTHS])
    answers = stream.poisson(62, (tree.divisions, len(MONTHS)))
    lean = 6.95 + stream.normal(0, 0.12, (tree.divisions, 1))
    score = np.rint(answers * stream.normal(lean, 0.12, answers.shape)).astype(np.int64)
    away = np.linspace(15.0, 5.0, len(MONTHS))
    adults = np.array([[division == tree.division_of(0)] for division in range(tree.divisions)])
    return found | {
        "pulse_score": np.where(quarter, score, ABSENT),
        "pulse_answers": np.where(quarter, answers, ABSENT),
        "placements": np.where(adults, np.rint(away + stream.normal(0, 1.3, len(MONTHS))), 0).astype(
            np.int64
        ),
    }


def division_rows(seed: int, tree: Tree, months: Sequence[Month]) -> Iterator[Row]:
    """The rows of the divisions' return. Counts are not hidden: it does not leave the trust."""
    figures = _divisions(seed, tree)
    for month in months:
        for division in range(tree.divisions):
            for item, counts in figures.items():
                if (count := int(counts[division, place(month)])) != ABSENT:
                    yield str(month), division_code(division), item, str(count)


@cache
def _money(seed: int, tree: Tree) -> Ints:
    """Pounds, [divisions, months, columns], in the order of ``MONEY``."""
    stream = chance(seed, "money")
    shape = (tree.divisions, len(MONTHS))
    pay = 4_150 * tree.staff * stream.dirichlet(np.full(tree.divisions, 30.0))[:, None]
    pay = pay * (1 + 0.0025 * np.arange(len(MONTHS))) * stream.normal(1, 0.006, shape)
    agency = pay * (np.linspace(0.052, 0.024, len(MONTHS)) * np.exp(stream.normal(0, 0.1, shape)))
    bank = pay * (0.066 * np.exp(stream.normal(0, 0.06, shape)))
    budget = pay * 1.32
    spent = budget * stream.normal(1.003, 0.006, shape)
    planned = budget * 0.04
    saved = planned * np.clip(stream.normal(0.9, 0.08, shape), 0, None)
    to_date = [_to_date(part) for part in (saved, planned, spent, budget)]
    return np.rint(np.stack([pay, agency, bank, *to_date], axis=2)).astype(np.int64)


def _to_date(monthly: Floats) -> Floats:
    """Added up from each April on."""
    found = monthly.copy()
    for at, month in enumerate(MONTHS):
        if at and month.number != 4:
            found[:, at] += found[:, at - 1]
    return found


def money_rows(seed: int, tree: Tree, months: Sequence[Month]) -> Iterator[tuple[str, ...]]:
    """The rows of the money, a column a figure."""
    pounds = _money(seed, tree)
    for month in months:
        for division in range(tree.divisions):
            figures = (str(int(figure)) for figure in pounds[division, place(month)])
            yield f"{month.number:02d}/{month.year}", division_code(division), *figures
