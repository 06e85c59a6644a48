"""The second opinion over measures of every form: it answers, and its parts make their wholes."""

from __future__ import annotations

from hypothesis import event, given

from tests.generative.drawn_measures import Drawn, drawn
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.measures.reference import observations
from trigpoint.terms.panel import Observation, State

DIVISIONS = ("NORTH", "SOUTH", "unattributed")


@given(drawn())
def test_every_measure_that_is_taken_has_figures_that_fit_together(given_: Drawn) -> None:
    of = given_.catalogue
    for code, kept in given_.tables.items():
        assert kept.to_pylist() == [
            {name: row[name] for name in kept.column_names} for row in given_.rows[code]
        ]
    found = observations(of, given_.months, given_.rows, given_.through, given_.current)
    keys = [(o.indicator, o.unit, o.end, o.cut) for o in found]
    assert len(keys) == len(set(keys))
    for one in found:
        event(str(one.state))
        _is_legal(one)
        measure = of.indicators[one.indicator].versions[0].measure
        event(measure.aggregate if isinstance(measure, RecordMeasure) else "formula")
        if one.unit == "QPT" and one.cut == "all" and isinstance(measure, RecordMeasure):
            parts = [o for o in found if o.unit in DIVISIONS and _beside(o, one)]
            if of.indicators[one.indicator].levels[1] == "division" and one.state == State.VALUE:
                _is_made_of(measure, one, parts)


def _beside(one: Observation, other: Observation) -> bool:
    return (one.indicator, one.end, one.cut) == (other.indicator, other.end, other.cut)


def _is_legal(one: Observation) -> None:
    assert (one.value is not None) is (one.state == State.VALUE)
    if one.denominator is not None:
        assert one.numerator is not None
        assert one.state is (State.VALUE if one.denominator else State.NO_DENOMINATOR)
    if one.parts is not None and one.present is not None:
        assert 0 <= one.present <= one.parts


def _is_made_of(measure: RecordMeasure, whole: Observation, parts: list[Observation]) -> None:
    """Counts and sums add up; extremes are those of a part; people are no more than their sum."""
    known = [part for part in parts if part.value is not None]
    if measure.aggregate in ("max", "min"):
        pick = max if measure.aggregate == "max" else min
        assert whole.value == pick(part.value for part in known if part.value is not None)
        return
    if measure.aggregate not in ("count", "sum", "people") or len(known) < len(parts):
        return
    total = sum(part.numerator or 0 for part in parts)
    assert whole.numerator is not None
    if measure.aggregate == "people":
        assert measure.people != 1 or whole.numerator <= total
    elif measure.coverage is None:
        assert abs(whole.numerator - total) <= 1e-9 * max(1, abs(total))
