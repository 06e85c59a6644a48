"""The matrix's page: change by assurance, and what each square asks of an indicator's owner."""

from __future__ import annotations

from trigpoint.analysis.finding import Assurance, Variation
from trigpoint.publish.charts.icons import assurance_icon, variation_icon
from trigpoint.publish.compose.row import value
from trigpoint.publish.document import MatrixItem, MatrixPage, MatrixRow, MatrixSquare
from trigpoint.publish.mark import Mark
from trigpoint.publish.words import ASSURANCE, STATE, UNJUDGED, VARIATION
from trigpoint.scorecards.build import Row, Scorecard
from trigpoint.scorecards.headline import NEUTRAL
from trigpoint.scorecards.matrix import EXPECTED, Change, Square, matrix
from trigpoint.scorecards.runs import in_words
from trigpoint.terms.panel import State

ASKS = {
    (Change.IMPROVING, Assurance.PASS): "Celebrate; consider a stretch",
    (Change.IMPROVING, Assurance.HIT_OR_MISS): "Say what worked",
    (Change.IMPROVING, Assurance.FAIL): "Is it enough? A short update",
    (Change.NONE, Assurance.PASS): "No words needed",
    (Change.NONE, Assurance.HIT_OR_MISS): "Routine: chance decides",
    (Change.NONE, Assurance.FAIL): "Exception report: redesign, or a trajectory",
    (Change.CONCERN, Assurance.PASS): "Watch: a short note",
    (Change.CONCERN, Assurance.HIT_OR_MISS): "Exception report",
    (Change.CONCERN, Assurance.FAIL): "Exception report, and a full plan",
}
_COLUMNS = {
    Assurance.PASS: "if nothing changes",
    Assurance.HIT_OR_MISS: "chance decides",
    Assurance.FAIL: "if nothing changes",
}
_ROWS = {
    Change.IMPROVING: ((Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW), "Improving"),
    Change.NONE: ((Variation.COMMON,), "No change"),
    Change.CONCERN: ((Variation.CONCERN_HIGH, Variation.CONCERN_LOW), "Concern"),
}


def matrix_page(scorecard: Scorecard, unit: str) -> MatrixPage:
    """The page of a unit's month. ``unit`` is its name."""
    found = matrix(scorecard)
    return MatrixPage(
        title=f"{unit}: change and assurance together, {scorecard.month.words}",
        lede=_lede(sum(len(s.rows) for squares in found.squares for s in squares if s.exception)),
        columns=tuple((Mark(assurance_icon(it), ASSURANCE[it]), _COLUMNS[it]) for it in EXPECTED),
        rows=tuple(
            MatrixRow(tuple(map(variation_icon, icons)), words, tuple(map(_square, squares)))
            for (icons, words), squares in zip(_ROWS.values(), found.squares, strict=True)
        ),
        off=tuple(MatrixItem(row.code, row.indicator.title, _why_off(row)) for row in found.off),
    )


def _lede(exceptions: int) -> str:
    where = "Where an indicator lies decides what is asked of its owner."
    if not exceptions:
        return f"{where} No exception report is needed this month."
    need = "indicator needs" if exceptions == 1 else "indicators need"
    return f"{where} {in_words(exceptions).capitalize()} {need} an exception report: see the heavy edges."


def _square(square: Square) -> MatrixSquare:
    items = (
        MatrixItem(row.code, row.indicator.title, value(row.indicator, row.finding)) for row in square.rows
    )
    return MatrixSquare(ASKS[square.change, square.assurance], square.exception, tuple(items))


def _why_off(row: Row) -> str:
    """Why an indicator has no square: its figure first, where it has one."""
    finding = row.finding
    if finding.state is not State.VALUE:
        return STATE[finding.state].lower()
    past, shown = finding.past, value(row.indicator, finding)
    if past.variation in NEUTRAL:
        return f"{shown}; {VARIATION[past.variation].lower()}; neither is better"
    if past.variation is Variation.NOT_ASSESSED:
        return f"{shown}; {UNJUDGED.get(past.status, VARIATION[past.variation]).lower()}"
    return f"{shown}; {ASSURANCE[past.assurance].lower()}"
