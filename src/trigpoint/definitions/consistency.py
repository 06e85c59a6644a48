"""Whether the definitions agree with one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.source import Source
from trigpoint.definitions.standard import Standard
from trigpoint.terms.errors import nearest


@dataclass(frozen=True)
class Problem:
    """A definition that does not fit with the others: ``path`` is its section, its code and so on down."""

    path: tuple[str | int, ...]
    found: str
    expected: str
    remedy: str = ""


def problems(catalogue: Catalogue, profiles: Collection[str]) -> Iterator[Problem]:
    """Everything in which definitions contradict one another. ``profiles`` names the rule profiles."""
    yield from _settings_problems(catalogue, profiles)
    for code, objective in catalogue.objectives.items():
        yield from _unknown(
            ("objectives", code, "perspective"), objective.perspective, "perspective", catalogue.perspectives
        )
    for code, group in catalogue.peer_groups.items():
        for i, member in enumerate(group.members):
            yield from _unknown(
                ("peer_groups", code, "members", i, "unit"), member.unit, "unit", catalogue.organisation.units
            )
    for code, source in catalogue.sources.items():
        for i, unit in enumerate(source.expects.units):
            yield from _unknown(
                ("sources", code, "expects", "units", i), unit, "unit", catalogue.organisation.units
            )
    for code, pack in catalogue.packs.items():
        for i, indicator in enumerate(pack.indicators or ()):
            yield from _unknown(
                ("packs", code, "indicators", i), indicator, "indicator", catalogue.indicators
            )
    for code, it in catalogue.indicators.items():
        yield from _indicator_problems(catalogue, code, it, profiles)
    for i, decision in enumerate(catalogue.journal):
        yield from _unknown(
            ("decisions", i, "indicator"), decision.indicator, "indicator", catalogue.indicators
        )
        yield from _unknown(("decisions", i, "unit"), decision.unit, "unit", catalogue.organisation.units)


def _unknown(path: tuple[str | int, ...], name: str, kind: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(
            path, repr(name), f"the code of {'an' if kind[0] in 'aeio' else 'a'} {kind}", nearest(name, known)
        )


def _settings_problems(catalogue: Catalogue, profiles: Collection[str]) -> Iterator[Problem]:
    settings = catalogue.settings
    yield from _unknown(("settings", "home"), settings.home, "unit", catalogue.organisation.units)
    yield from _unknown(("settings", "profile"), settings.profile, "rule profile", profiles)
    if settings.peers is not None:
        yield from _unknown(("settings", "peers"), settings.peers, "peer group", catalogue.peer_groups)


def _indicator_problems(
    catalogue: Catalogue, code: str, it: Indicator, profiles: Collection[str]
) -> Iterator[Problem]:
    here = ("indicators", code)
    yield from _unknown((*here, "objective"), it.objective, "objective", catalogue.objectives)
    if it.peers is not None:
        yield from _unknown((*here, "peers"), it.peers, "peer group", catalogue.peer_groups)
    if it.spc.profile is not None:
        yield from _unknown((*here, "spc", "profile"), it.spc.profile, "rule profile", profiles)
    for i, version in enumerate(it.versions):
        yield from _measure_problems(catalogue, (*here, "versions", i, "measure"), it, i)
        if version.to is not None and version.to < version.from_:
            yield Problem((*here, "versions", i, "to"), str(version.to), f"a month from {version.from_} on")
    for i, standard in enumerate(it.standards):
        if standard.unit is not None:
            yield from _unknown(
                (*here, "standards", i, "unit"), standard.unit, "unit", catalogue.organisation.units
            )
    yield from _primary_problems((*here, "standards"), it.standards)
    yield from _sense_problems((*here, "standards"), it)
    yield from _step_problems((*here, "standards"), it.standards)


def _measure_problems(
    catalogue: Catalogue, path: tuple[str | int, ...], it: Indicator, i: int
) -> Iterator[Problem]:
    measure = it.versions[i].measure
    source = catalogue.sources.get(measure.source)
    if source is None:
        yield from _unknown((*path, "source"), measure.source, "source", catalogue.sources)
        return
    if source.holds != "figures":
        yield Problem(
            (*path, "source"), f"{measure.source!r}, which holds records", "a source that holds figures"
        )
    if measure.window not in source.windows:
        windows = ", ".join(f"{months} months" for months in source.windows)
        yield Problem(
            (*path, "window"), f"{measure.window} months", f"a window of {measure.source}: {windows}"
        )
    items = _items(source)
    for field in ("numerator", "denominator", "count", "value"):
        named = getattr(measure, field) or ()
        for item in (named,) if isinstance(named, str) else named:
            if items is not None and item not in items:
                yield Problem(
                    (*path, field), repr(item), f"a figure of {measure.source}", nearest(item, items)
                )


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
