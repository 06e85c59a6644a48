"""Parts make their wholes, and the check says where they do not and why."""

from __future__ import annotations

from dataclasses import replace

from tests.trusts import JANUARY, MARCH, SIMPLE, indicator, returned, stays, trust
from trigpoint.measures.compute import observe
from trigpoint.measures.reconcile import Reconciliation, reconcile
from trigpoint.terms.panel import Panel

ALL = ("A seen 5", "A all 10", "B seen 30", "B all 40", "NEW seen 0", "NEW all 0", "W seen 9", "W all 50")


def checked(*lines: str) -> Reconciliation:
    catalogue, rows = trust(indicator(measure=SIMPLE)), {"returns": returned(*lines)}
    panel = observe(catalogue, [JANUARY], rows, {"returns": JANUARY})
    return reconcile(panel, catalogue, rows, [JANUARY])


def test_parts_make_their_wholes() -> None:
    """The trust of its divisions, each division of its service, each service of its teams; both sides."""
    found = checked(*ALL)
    assert (found.compared, found.gaps, found.closed, found.moved, found.unattributed) == (10, (), {}, (), ())
    assert list(found.words()) == ["Totals: 10 of 10 wholes are the sum of their parts."]


def test_figures_of_unknown_units_are_a_part_of_the_trust() -> None:
    found = checked(*ALL, "Q9 seen 1", "Q9 all 2")
    assert not found.gaps
    assert found.unattributed == (("X", JANUARY),)
    assert "as unattributed: X" in "\n".join(found.words())


def test_a_closed_unit_that_still_sends_is_named() -> None:
    found = checked(*ALL, "OLD seen 1", "OLD all 2")
    assert {(gap.unit, gap.side, gap.whole - gap.parts) for gap in found.gaps} == {
        ("N1", "numerator", 1),
        ("N1", "denominator", 2),
    }
    assert found.closed == {"returns": ("OLD",)}
    assert "closed units still send: OLD" in "\n".join(found.words())


def test_a_whole_that_is_not_its_parts_is_not_passed_over() -> None:
    """What no input can bring about, a fault in the sums could: it is said loudly."""
    catalogue, rows = trust(indicator(measure=SIMPLE)), {"returns": returned(*ALL)}
    panel = observe(catalogue, [JANUARY], rows, {"returns": JANUARY})
    at = [o.unit for o in panel].index("NORTH")
    column = panel.table["numerator"].to_pylist()
    column[at] += 1
    place = panel.table.schema.get_field_index("numerator")
    wrong = Panel(panel.table.set_column(place, panel.table.schema.field(place), [column]))
    found = reconcile(wrong, catalogue, rows, [JANUARY])
    assert [gap.unit for gap in found.gaps] == ["NORTH", "QPT"]
    assert "NOT EXPLAINED" in "\n".join(replace(found, closed={}).words())


def test_a_ward_that_moved_in_mid_month_is_named() -> None:
    """Its nights are in both services, and its own figure stands below the new one. The trust adds up."""
    catalogue = trust(
        indicator(measure="from: stays, during: month, sum: nights_in(month)", measured_in="nights")
    )
    rows = {"stays": stays("W 2026-03-01 2026-03-20", "A 2026-03-05 2026-03-09", "Q9 2026-03-05 2026-03-09")}
    found = reconcile(observe(catalogue, [MARCH], rows, {"stays": MARCH}), catalogue, rows, [MARCH])
    assert {(gap.unit, gap.whole - gap.parts) for gap in found.gaps} == {("N1", 10), ("S1", -10)}
    assert found.moved == ("W",)
    assert "moved within the month: W" in "\n".join(found.words())
