"""The demo trust's tree: a fictional nation, its trusts, and the home trust down to each member of staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trigpoint.demo.kinds import KINDS
from trigpoint.demo.places import DIVISIONS, NATION, PLACES, REGIONS, SERVICES, SOUTH_WEST, TEAMS, Template
from trigpoint.demo.timeline import FIRST, NEXT, place
from trigpoint.terms.period import Month

HOME = "QPT"
HOME_NAME = "Quantock Partnership NHS Foundation Trust (fictional)"
UNKNOWN = "T9901"
"""A team's code that records hold and ``units.csv`` does not."""
COLUMNS = ("code", "name", "level", "parent", "kind", "successor", "from", "to", "breaks", "note")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the organisation, or to what it sent, from ``day`` on."""

    kind: str
    units: tuple[str, ...]
    day: dt.date
    note: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team, and the first and last month (places in ``MONTHS``) for which it sends figures."""

    code: str
    name: str
    service: str
    kind: str
    first: int
    last: int

    @property
    def ward(self) -> bool:
        return KINDS[self.kind].beds is not None


@dataclass(frozen=True)
class Tree:
    """How large the organisation is. There is every kind of service; the first 12 have events and truths."""

    divisions: int = 6
    services: int = 30
    teams: int = 131
    staff: int = 605
    near: int = 8
    """Trusts of the South West besides the home trust."""
    far: int = 32
    """Trusts elsewhere."""

    def __post_init__(self) -> None:
        if not (self.services >= len(SERVICES) and 2 <= self.divisions <= self.services):
            raise ValueError(f"at least {len(SERVICES)} services, in 2 or more divisions; not {self}")
        if self.teams < 3 * self.services or self.staff < self.teams:
            raise ValueError(f"at least 3 teams a service, and a member of staff a team; not {self}")
        if not (self.near >= 4 and self.near + self.far <= len(PLACES)):
            raise ValueError(f"at least 4 near peers, and {len(PLACES)} peers at most; not {self}")

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        return tuple(SERVICES[i % len(SERVICES)] for i in range(self.services))

    def division_of(self, service: int) -> int:
        """The place of the division in which a service began."""
        if (self.divisions, self.services) == (len(DIVISIONS), len(SERVICES)):
            return SERVICES[service].division
        return service * self.divisions // self.services

    def moved_to(self, service: int) -> int:
        """The place of its division since the reorganisation."""
        return (
            (self.division_of(service) - 1) % self.divisions
            if service in MOVED
            else self.division_of(service)
        )

    @cached_property
    def teams_of_services(self) -> tuple[int, ...]:
        """How many teams each service has: as its template says, made larger or smaller."""
        return shares([template.teams for template in self.templates], self.teams, least=2, first=(12, 3))

    @cached_property
    def units(self) -> tuple[Team, ...]:
        """The teams, in the order of their services."""
        return tuple(
            self._team(service, number)
            for service, count in enumerate(self.teams_of_services)
            for number in range(count)
        )

    def _team(self, service: int, number: int) -> Team:
        template, code = self.templates[service], team_code(service, number)
        names = TEAMS[template.names]
        name = names[(number + template.start) % len(names)]
        round_ = service // len(SERVICES) + (number + template.start) // len(names)
        named = f"{name} ward" if template.names == "wards" else f"{template.short}, {name}"
        numbered = f"{named} {round_ + 1}" if round_ else named
        first, last = 0, place(NEXT)
        if code == self.event("opened").units[0]:
            first = place(Month.of(self.event("opened").day))
        if code == self.event("merged").units[0]:
            last = place(Month.of(self.event("merged").day)) - 1
        if code == self.event("closed").units[0]:
            last = place(Month.of(self.event("closed").day)) + 1  # figures still arrive for two months
        return Team(code, numbered, service_code(service), template.kind, first, last)

    def last_of(self, service: int) -> str:
        return team_code(service, self.teams_of_services[service] - 1)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Everything that happened to the organisation, in one list."""
        moved = tuple(service_code(service) for service in MOVED)
        merged = (team_code(2, 2), team_code(2, 1))
        return (
            Event(
                "reorganised",
                moved,
                dt.date(2025, 4, 1),
                "Two services moved to another division: both describe other services since",
            ),
            Event("opened", (self.last_of(11),), dt.date(2025, 6, 1), "A new team"),
            Event("merged", merged, dt.date(2025, 10, 1), "The first team became part of the second"),
            Event("silent", (team_code(7, 1),), dt.date(2026, 2, 1), "Sent no return for the month"),
            Event(
                "moved",
                (self.last_of(6), service_code(9)),
                dt.date(2026, 3, 11),
                "A ward moved to another service in the middle of the month",
            ),
            Event(
                "closed",
                (self.last_of(7),),
                dt.date(2026, 7, 1),
                "Closed at the end of June; figures under its code still came for July and August",
            ),
            Event(
                "small", (self.last_of(8),), FIRST.start, "Too small to show: most of its counts are below 5"
            ),
            Event("unknown", (UNKNOWN,), dt.date(2026, 5, 1), "Records came with a code that nobody knows"),
        )

    def event(self, kind: str) -> Event:
        return next(event for event in self.events if event.kind == kind)

    @cached_property
    def disturbed(self) -> frozenset[str]:
        """Teams to which something happened: nothing is planted there, and they are not quiet."""
        kinds = ("opened", "merged", "silent", "moved", "closed", "small")
        return frozenset(code for kind in kinds for code in self.event(kind).units)

    @cached_property
    def staff_of_teams(self) -> tuple[int, ...]:
        weights = [KINDS[team.kind].staff for team in self.units]
        return shares(weights, self.staff, least=1)

    @cached_property
    def persons(self) -> tuple[tuple[str, str], ...]:
        """Every member of staff: code, and the code of the first team."""
        teams = [
            t.code for t, count in zip(self.units, self.staff_of_teams, strict=True) for _ in range(count)
        ]
        return tuple((f"P{number:04d}", team) for number, team in enumerate(teams, start=1))

    @cached_property
    def peers(self) -> tuple[tuple[str, str, str], ...]:
        """Every trust but the home trust: code, name, region; those of the South West first."""
        others = [code for code in REGIONS if code != SOUTH_WEST]
        regions = [SOUTH_WEST] * self.near + [others[i % len(others)] for i in range(self.far)]
        return tuple(
            (code, name, region) for (code, name), region in zip(PLACES.items(), regions, strict=False)
        )


MOVED = (10, 11)
"""The services (from 0) that the reorganisation moved."""


def service_code(service: int) -> str:
    """The code of a service, by its place from 0."""
    return f"S{service + 1:02d}"


def team_code(service: int, number: int) -> str:
    """The code of a service's team, by their places from 0."""
    return f"T{service + 1:02d}{number + 1:02d}"


def division_code(division: int) -> str:
    """The code of a division, by its place from 0."""
    return f"D{division + 1}"


def shares(
    weights: Sequence[float], whole: int, least: int, first: tuple[int, int] = (0, 0)
) -> tuple[int, ...]:
    """``whole`` split by weights: at least ``least`` each, and for the ``first`` so many at least so many.

    By largest remainders, so that weights that add up to ``whole`` come out as they are.
    """
    floors = [first[1] if i < first[0] else least for i in range(len(weights))]
    exact = [weight * whole / sum(weights) for weight in weights]
    given = [max(floor, int(part)) for floor, part in zip(floors, exact, strict=True)]
    order = sorted(range(len(weights)), key=lambda i: (int(exact[i]) - exact[i], i))
    while sum(given) < whole:
        for i in order[: whole - sum(given)]:
            given[i] += 1
    while sum(given) > whole:
        spare = max(range(len(weights)), key=lambda i: (given[i] - floors[i], i))
        given[spare] -= 1
    return tuple(given)


def rows(tree: Tree) -> Iterator[Row]:
    """The rows of ``units.csv``."""
    yield from _elsewhere(tree)
    yield _row(HOME, HOME_NAME, "trust", f"{SOUTH_WEST}1")
    yield from _divisions(tree)
    yield from _services(tree)
    for team in tree.units:
        yield from _team_rows(team, tree)
    for code, team_of in tree.persons:
        yield from _person_rows(code, team_of, tree)


def _row(code: str, name: str, level: str, parent: str = "", **more: str) -> Row:
    return {"code": code, "name": name, "level": level, "parent": parent, **more}


def _elsewhere(tree: Tree) -> Iterator[Row]:
    """The nation, its regions, their systems, and the trusts of each."""
    yield _row(NATION[0], NATION[1], "nation")
    for code, name in REGIONS.items():
        yield _row(code, name, "region", NATION[0])
        for number in range(1, 4 if code == SOUTH_WEST else 3):
            yield _row(f"{code}{number}", f"{name.split(' (')[0]} system {number}", "system", code)
    for i, (code, name, region) in enumerate(tree.peers):
        yield _row(code, name, "trust", f"{region}{i % (3 if region == SOUTH_WEST else 2) + 1}")


def _divisions(tree: Tree) -> Iterator[Row]:
    """A division that the reorganisation changed has a second row, where its series start anew.

    A share of its figures before and after would describe other services: a change of the mean there
    says nothing about care. The services that moved, and their teams, are what they were: no break.
    """
    event = tree.event("reorganised")
    changed = {tree.division_of(service) for service in MOVED} | {tree.moved_to(service) for service in MOVED}
    for division in range(tree.divisions):
        name = DIVISIONS[division] if division < len(DIVISIONS) else f"Division {division + 1}"
        row = _row(division_code(division), name, "division", HOME)
        if division in changed:
            yield {**row, "to": _before(event.day)}
            yield {**row, "from": str(event.day), "breaks": "yes", "note": event.note}
        else:
            yield row


def _services(tree: Tree) -> Iterator[Row]:
    event = tree.event("reorganised")
    for service, template in enumerate(tree.templates):
        again = service // len(SERVICES)
        row = _row(
            service_code(service), f"{template.name} {again + 1}" if again else template.name, "service"
        )
        old, new = division_code(tree.division_of(service)), division_code(tree.moved_to(service))
        if old == new:
            yield {**row, "parent": old}
        else:
            yield {**row, "parent": old, "to": _before(event.day)}
            yield {**row, "parent": new, "from": str(event.day), "note": "Moved to another division"}


def _team_rows(team: Team, tree: Tree) -> Iterator[Row]:
    row = _row(team.code, team.name, "team", team.service, kind=team.kind)
    merged, heir = tree.event("merged").units
    what = {event.units[0]: event for event in tree.events if event.kind in ("opened", "closed", "moved")}
    event = what.get(team.code)
    if team.code == merged:
        yield {
            **row,
            "to": _before(tree.event("merged").day),
            "successor": heir,
            "note": f"Became part of {heir}",
        }
    elif team.code == heir:
        day = tree.event("merged").day
        yield {**row, "to": _before(day)}
        note = f"Took over {merged}: the team's figures describe a larger team since"
        yield {**row, "from": str(day), "breaks": "yes", "note": note}
    elif event is None:
        yield row
    elif event.kind == "opened":
        yield {**row, "from": str(event.day), "note": event.note}
    elif event.kind == "closed":
        yield {**row, "to": _before(event.day), "note": event.note}
    else:
        yield {**row, "to": _before(event.day)}
        yield {**row, "parent": event.units[1], "from": str(event.day), "note": event.note}


def _person_rows(code: str, team: str, tree: Tree) -> Iterator[Row]:
    """A member of staff, who moves with a merger, and comes and goes with a team that opens or closes."""
    row = _row(code, f"Member of staff {code}", "person", team)
    merged, heir = tree.event("merged").units
    opened, closed = tree.event("opened"), tree.event("closed")
    if team == merged:
        day = tree.event("merged").day
        yield {**row, "to": _before(day)}
        yield {**row, "parent": heir, "from": str(day), "note": "With the merger of the two teams"}
    elif team in opened.units:
        yield {**row, "from": str(opened.day)}
    elif team in closed.units:
        yield {**row, "to": _before(closed.day)}
    else:
        yield row


def _before(day: dt.date) -> str:
    return str(day - dt.timedelta(days=1))
