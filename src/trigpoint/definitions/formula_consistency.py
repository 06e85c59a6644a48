"""Whether a formula fits the indicators that it draws on: that there are such, and no circle."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import FormulaMeasure
from trigpoint.definitions.problem import Problem
from trigpoint.definitions.record_consistency import formula_parts_problems
from trigpoint.terms.errors import nearest

Path = tuple[str | int, ...]
_OVERLAPPING = ("rolling", "year_to_date")


def formula_problems(
    catalogue: Catalogue, path: Path, it: Indicator, measure: FormulaMeasure
) -> Iterator[Problem]:
    """Everything in which a formula does not fit the indicators and sources that it draws on."""
    yield from formula_parts_problems(catalogue, path, it, measure)
    place = (*path, "formula")
    for figure in measure.references:
        if figure.code not in catalogue.indicators:
            hint = nearest(figure.code, catalogue.indicators)
            yield Problem(place, f"no indicator {figure.code!r}", "the code of one in [ ]", hint, figure.at)
            continue
        other = catalogue.indicators[figure.code]
        if other.basis in _OVERLAPPING and it.basis not in _OVERLAPPING:
            found = f"{figure.code}, whose basis is {other.basis}, where this one's is {it.basis}"
            yield Problem(
                place, found, "the basis rolling or year_to_date, since months overlap", "", figure.at
            )
        if circle := _circle(catalogue, str(path[1]), figure.code):
            found = f"a circle: {' -> '.join(circle)}"
            yield Problem(place, found, "indicators that do not draw on this one", "", figure.at)


def _circle(catalogue: Catalogue, start: str, code: str) -> tuple[str, ...]:
    """The way from an indicator through what it draws on back to itself; nothing where there is none."""
    waiting: list[tuple[str, ...]] = [(start, code)]
    seen = {code}
    while waiting:
        way = waiting.pop(0)
        if way[-1] == start:
            return way
        for following in _drawn_on(catalogue, way[-1]):
            if following == start:
                return (*way, start)
            if following not in seen:
                seen.add(following)
                waiting.append((*way, following))
    return ()


def _drawn_on(catalogue: Catalogue, code: str) -> Iterator[str]:
    it = catalogue.indicators.get(code)
    for version in it.versions if it is not None else ():
        if isinstance(version.measure, FormulaMeasure):
            yield from (figure.code for figure in version.measure.references)
