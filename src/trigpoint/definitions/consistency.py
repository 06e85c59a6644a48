"""Whether the definitions agree with one another."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.capitals import alike
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.chart_choice import chart_problems
from trigpoint.definitions.check_consistency import check_problems
from trigpoint.definitions.decision_consistency import decision_problems
from trigpoint.definitions.formula_consistency import formula_problems
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, Measure, RecordMeasure
from trigpoint.definitions.problem import Problem, unknown
from trigpoint.definitions.record_consistency import cut_problems, record_problems
from trigpoint.definitions.source import Source
from trigpoint.definitions.standard import Standard
from trigpoint.terms.errors import nearest
from trigpoint.terms.unit import Level


def problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Everything in which definitions contradict one another."""
    yield from _settings_problems(catalogue)
    for code, objective in catalogue.objectives.items():
        yield from unknown(
            ("objectives", code, "perspective"), objective.perspective, "perspective", catalogue.perspectives
        )
    for code, group in catalogue.peer_groups.items():
        for i, member in enumerate(group.members):
            yield from unknown(
                ("peer_groups", code, "members", i, "unit"), member.unit, "unit", catalogue.organisation.units
            )
    yield from _sources_alike(catalogue)
    for code, source in catalogue.sources.items():
        for i, unit in enumerate(source.expects.units):
            yield from unknown(
                ("sources", code, "expects", "units", i), unit, "unit", catalogue.organisation.units
            )
        yield from check_problems(code, source)
    for code, pack in catalogue.packs.items():
        for i, indicator in enumerate(pack.indicators or ()):
            yield from unknown(("packs", code, "indicators", i), indicator, "indicator", catalogue.indicators)
    for code, it in catalogue.indicators.items():
        yield from _indicator_problems(catalogue, code, it)
    yield from decision_problems(catalogue)


def _sources_alike(catalogue: Catalogue) -> Iterator[Problem]:
    pair = alike(code for code, it in catalogue.sources.items() if it.holds == "records")
    if pair is not None:
        expected = "codes of sources that differ in more than capitals"
        yield Problem(("sources", pair[1]), f"{pair[1]!r} besides {pair[0]!r}", expected, "Rename one.")


def _settings_problems(catalogue: Catalogue) -> Iterator[Problem]:
    settings = catalogue.settings
    yield from unknown(("settings", "home"), settings.home, "unit", catalogue.organisation.units)
    yield from unknown(("settings", "profile"), settings.profile, "rule profile", catalogue.profiles)
    if settings.peers is not None:
        yield from unknown(("settings", "peers"), settings.peers, "peer group", catalogue.peer_groups)


def _indicator_problems(catalogue: Catalogue, code: str, it: Indicator) -> Iterator[Problem]:
    here = ("indicators", code)
    yield from unknown((*here, "objective"), it.objective, "objective", catalogue.objectives)
    if it.peers is not None:
        yield from unknown((*here, "peers"), it.peers, "peer group", catalogue.peer_groups)
    if it.spc.profile is not None:
        yield from unknown((*here, "spc", "profile"), it.spc.profile, "rule profile", catalogue.profiles)
    profile = catalogue.profiles.get(catalogue.profile_of(code))
    yield from chart_problems((*here, "spc", "chart"), it, profile)
    for kind in set(it.kinds) - catalogue.organisation.kinds:
        yield from unknown((*here, "kinds"), kind, "kind of unit", catalogue.organisation.kinds)
    for i, version in enumerate(it.versions):
        place = (*here, "versions", i)
        yield from _any_measure_problems(catalogue, (*place, "measure"), it, version.measure)
        if version.elsewhere is not None:
            yield from _measure_problems(catalogue, (*place, "elsewhere"), it, version.elsewhere)
        if version.to is not None and version.to < version.from_:
            yield Problem((*here, "versions", i, "to"), str(version.to), f"a month from {version.from_} on")
    for i, standard in enumerate(it.standards):
        if standard.unit is not None:
            yield from unknown(
                (*here, "standards", i, "unit"), standard.unit, "unit", catalogue.organisation.units
            )
    yield from _primary_problems((*here, "standards"), it.standards)
    yield from _sense_problems((*here, "standards"), it)
    yield from _step_problems((*here, "standards"), it.standards)


def _any_measure_problems(
    catalogue: Catalogue, path: tuple[str | int, ...], it: Indicator, measure: AnyMeasure
) -> Iterator[Problem]:
    if isinstance(measure, RecordMeasure):
        yield from record_problems(catalogue, path, it, measure)
        return
    yield from cut_problems(catalogue, path[:2], it, None)
    if isinstance(measure, FormulaMeasure):
        yield from formula_problems(catalogue, path, it, measure)
    else:
        yield from _measure_problems(catalogue, path, it, measure)


def _measure_problems(
    catalogue: Catalogue, path: tuple[str | int, ...], it: Indicator, measure: Measure
) -> Iterator[Problem]:
    source = catalogue.sources.get(measure.source)
    if source is None:
        yield from unknown((*path, "source"), measure.source, "source", catalogue.sources)
        return
    if source.holds != "figures":
        remedy = "A measure over records says `from` in place of `source`."
        found = f"{measure.source!r}, which holds records"
        yield Problem((*path, "source"), found, "a source that holds figures", remedy)
        return
    if measure.window not in source.windows:
        windows = ", ".join(f"{months} months" for months in source.windows)
        yield Problem(
            (*path, "window"), f"{measure.window} months", f"a window of {measure.source}: {windows}"
        )
    yield from _level_problems((*path, "rolls_up_from"), it, measure)
    items = _items(source)
    for field in ("numerator", "denominator", "count", "value"):
        named = getattr(measure, field) or ()
        for item in (named,) if isinstance(named, str) else named:
            if items is not None and item not in items:
                yield Problem(
                    (*path, field), repr(item), f"a figure of {measure.source}", nearest(item, items)
                )


def _level_problems(path: tuple[str | int, ...], it: Indicator, measure: Measure) -> Iterator[Problem]:
    """Levels below the one from which figures are added up have none of their own."""
    below = measure.rolls_up_from
    if below is Level.PERSON:
        yield Problem(path, "the level person", "levels to team", "Figures of persons are still to come.")
    elif below is not None and (deeper := [level for level in it.levels if level.depth > below.depth]):
        found = f"figures from {below}s, offered at the level {deeper[0]}"
        yield Problem(path, found, f"levels no narrower than {below}")


def _items(source: Source) -> set[str] | None:
    """The figures that a source is known to bring; None where its file alone tells."""
    if source.layout == "wide":
        return {column.item for column in source.columns.values() if column.item}
    found = source.column("item")
    column = found[1] if found else None
    texts = (column.take or tuple(column.values or ())) if column else ()
    return {column.read(text) for text in texts} or None if column else None


def _primary_problems(path: tuple[str | int, ...], standards: tuple[Standard, ...]) -> Iterator[Problem]:
    """Two primary standards of different names at the same place at the same time."""
    primary = [(i, standard) for i, standard in enumerate(standards) if standard.primary]
    for a, (_, first) in enumerate(primary):
        for i, second in primary[a + 1 :]:
            if first.unit == second.unit and first.name != second.name and _overlap(first, second):
                found = f"{second.name!r} primary beside {first.name!r}"
                yield Problem(
                    (*path, i), found, "one primary standard at a time", "Give one of them an end (`to`)."
                )


def _step_problems(path: tuple[str | int, ...], standards: tuple[Standard, ...]) -> Iterator[Problem]:
    """Entries of one name that are not steps of one standard: of another sense, or from the same month."""
    for i, later in enumerate(standards):
        for earlier in standards[:i]:
            if later.name != earlier.name:
                continue
            if later.sense != earlier.sense:
                yield Problem(
                    (*path, i),
                    f"{later.name!r}, {later.sense}",
                    f"{earlier.sense}, as before, or a name of its own",
                )
            elif later.unit == earlier.unit and later.first == earlier.first:
                yield Problem(
                    (*path, i),
                    f"{later.name!r} from {later.first} again",
                    "each step once, or a name of its own",
                )


def _sense_problems(path: tuple[str | int, ...], it: Indicator) -> Iterator[Problem]:
    """A primary standard that asks for less of what is good."""
    fitting = {"up": "at_least", "down": "at_most"}.get(it.direction)
    for i, standard in enumerate(it.standards):
        if fitting and standard.primary and standard.sense != fitting:
            found = f"a primary standard of {standard.sense} where the direction is {it.direction}"
            yield Problem((*path, i), found, f"{fitting}, or another direction")


def _overlap(a: Standard, b: Standard) -> bool:
    return (a.last is None or b.first <= a.last) and (b.last is None or a.first <= b.last)
