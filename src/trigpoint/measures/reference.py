"""The slow second opinion: the same observations, one figure at a time in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.panel import ALL, Observation, State, Status
from trigpoint.terms.period import Month

Row = Mapping[str, Any]


def observations(
    catalogue: Catalogue,
    months: Iterable[Month],
    figures: Mapping[str, Iterable[Row]],
    through: Mapping[str, Month],
) -> set[Observation]:
    """What ``compute.observe`` gives, from lists of rows instead of tables. Shares no code with it."""
    found = set()
    for month in months:
        for code, indicator in catalogue.indicators.items():
            version = indicator.version(month)
            if version is None or not indicator.expected(month):
                continue
            rows = list(figures.get(version.measure.source, ()))
            reached = through.get(version.measure.source)
            for unit in catalogue.organisation.units:
                level, spell = catalogue.organisation.level(unit), catalogue.organisation.spell(unit, month)
                if spell is None or level not in indicator.levels:
                    continue
                found.add(_observation(code, indicator, version.measure, unit, month, rows, reached))
    return found


def _observation(
    code: str, indicator: Any, measure: Any, unit: str, month: Month, rows: list[Row], reached: Month | None
) -> Observation:
    start = (month - (measure.window - 1)).start

    def look_up(item: str) -> tuple[float, str, str]:
        for row in rows:
            if (row["item"], row["unit"], row["cut"], row["start"], row["end"]) == (
                item,
                unit,
                ALL,
                start,
                month.end,
            ):
                return row["value"] or 0.0, row["state"], row["status"]
        late = reached is None or month > reached
        return 0.0, "not_due" if late else "not_submitted", "final"

    above = [look_up(item) for item in measure.count or measure.numerator or (measure.value,)]
    below = [look_up(item) for item in measure.denominator or ()]
    states = {state for _, state, _ in above + below}
    provisional = any(status == "provisional" for _, _, status in above + below)
    state = State.VALUE
    for worst in ("no_denominator", "not_applicable", "not_due", "not_submitted", "suppressed"):
        if worst in states:
            state = State(worst)
    numerator = denominator = value = None
    if state is State.VALUE:
        value = total = sum(number for number, _, _ in above)
        numerator = None if measure.value else total
        if below:
            denominator = sum(number for number, _, _ in below)
            scale = measure.per or (100 if indicator.measured_in == "per cent" else 1)
            value = scale * total / denominator if denominator else None
            state = State.VALUE if denominator else State.NO_DENOMINATOR
    status = Status.PROVISIONAL if provisional else Status.FINAL
    return Observation(code, unit, start, month.end, ALL, numerator, denominator, value, status, state)
