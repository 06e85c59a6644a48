"""The observations of a snapshot: of each month whose inputs have changed, from loads as they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.model import hash_of
from trigpoint.engines.chosen import open_engine
from trigpoint.engines.session import Session
from trigpoint.measures.compile import reached
from trigpoint.measures.compute import observe, since_of
from trigpoint.measures.purged import Gone, Purged, purged_records
from trigpoint.measures.resting import Resting
from trigpoint.measures.wanted import befores
from trigpoint.month.kept_partials import KeptPartials
from trigpoint.store.archive import Archive
from trigpoint.store.code import code_version
from trigpoint.store.laid import SPILL, Files, files
from trigpoint.store.load import Part
from trigpoint.store.manifest import OBSERVATIONS, PERSONS, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import Panel
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress
from trigpoint.terms.unit import Level

ROOMS = ("terms", "definitions", "engines", "store", "measures", "analysis")
"""The rooms whose code a figure or a finding depends on."""
Partitions = dict[str, dict[Month, Partition]]
AT_ONCE = 1_000_000
"""So many figures are worked out at once: what all of them together would take may not fit into memory."""


@dataclass(eq=False)
class Making:
    """The making of observations, as known now or ``as_at``, and by the tree of a ``current`` month."""

    archive: Archive
    snapshots: Snapshots
    catalogue: Catalogue
    as_at: dt.datetime | None
    current: Month | None

    def made(self, progress: Progress) -> Partitions:
        """The partitions of observations, of persons' apart, and of the partials that these rest on.

        Raises NotFound where nothing has been loaded, or nothing of a month that has figures.
        """
        if not self._through:
            raise NotFound("Nothing has been loaded yet. `trigpoint load SOURCE FILE` takes a delivery in.")
        keys, kinds = self._keys(), (OBSERVATIONS, *((PERSONS,) if self._people else ()))
        if not keys and self.current is None:
            raise self._before_all_figures()
        made = {
            kind: {month: self.snapshots.reuse(kind, month, key) for month, key in keys.items()}
            for kind in kinds
        }
        missing = [month for month in keys if any(made[kind][month] is None for kind in kinds)]
        partials = KeptPartials(self.snapshots, self._records, code_version(ROOMS))
        with self._engine() if missing else nullcontext() as engine:
            for at in range(0, len(missing), self._batch):
                progress("Working out figures", at, len(missing))
                self._work_out(missing[at : at + self._batch], keys, made, partials, engine, progress)
                progress("Working out figures", min(at + self._batch, len(missing)), len(missing))
        found = {kind: {m: part for m, part in of.items() if part is not None} for kind, of in made.items()}
        return {**found, **partials.used}

    def _work_out(
        self,
        months: list[Month],
        keys: Mapping[Month, str],
        made: dict[str, dict[Month, Partition | None]],
        partials: KeptPartials,
        engine: Session | None,
        progress: Progress,
    ) -> None:
        """Observe some months and keep what is found. A run that is stopped goes on from there."""
        panel = observe(
            self.catalogue,
            months,
            {**self._figures(months), **self._records},
            self._through,
            self.current,
            purged=self._purged,
            engine=engine,
            cache=partials,
            progress=progress,
        )
        new: dict[str, dict[Month, Partition]] = {kind: {} for kind in made}
        for month in months:
            for kind, table in self._apart(panel.of_month(month)):
                new[kind][month] = self.snapshots.write_part(table, keys[month])
        for kind, of in new.items():
            made[kind].update(of)
            self.snapshots.draft(kind, of)

    @property
    def _batch(self) -> int:
        """How many months are worked out at once."""
        organisation = self.catalogue.organisation
        shown = [unit for unit in organisation.units if organisation.level(unit) is not Level.PERSON]
        places = len(shown) + len(self._people)
        return max(1, AT_ONCE // max(1, places * len(self.catalogue.indicators)))

    @contextmanager
    def _engine(self) -> Iterator[Session | None]:
        """The engine that the workspace asks for, with its files of records in reach; None without any."""
        if not self._records:
            yield None
            return
        paths = [path for it in self._records.values() for path in it.paths.values()]
        with open_engine(self.catalogue.settings, paths, self.archive.workspace / SPILL) as opened:
            yield opened

    @cached_property
    def _standing(self) -> Mapping[str, Mapping[Month, tuple[Part, ...]]]:
        """The parts that stand for each source and month, oldest first."""
        return {source: self.archive.effective(source, self.as_at) for source in self.catalogue.sources}

    @cached_property
    def _purged(self) -> Purged:
        return purged_records(self.archive, self.catalogue, self.as_at)

    @cached_property
    def _once_held(self) -> Mapping[str, Collection[Month]]:
        """The months that each source has brought, those that were purged since among them."""
        gone = self._purged.gone
        return {
            source: {*months, *(gone[source].months if source in gone else ())}
            for source, months in self._standing.items()
        }

    @cached_property
    def _through(self) -> Mapping[str, Month]:
        return reached(self._once_held)

    @cached_property
    def _records(self) -> Mapping[str, Files]:
        return {
            code: files(self.archive, code, self.as_at)
            for code, source in self.catalogue.sources.items()
            if source.holds == "records" and self._standing[code]
        }

    @cached_property
    def _people(self) -> pa.Array:
        """The members of staff who have figures of their own."""
        organisation = self.catalogue.organisation
        if not any(Level.PERSON in it.levels for it in self.catalogue.indicators.values()):
            return pa.array([], pa.string())
        people = [unit for unit in organisation.units if organisation.level(unit) is Level.PERSON]
        return pa.array(people, pa.string())

    def _apart(self, panel: Panel) -> Iterator[tuple[str, pa.Table]]:
        """Figures of units, and those of members of staff, which nothing that is published reads."""
        theirs = pc.is_in(panel.table["unit"], self._people)
        yield OBSERVATIONS, panel.table.filter(pc.invert(theirs))
        if self._people:
            yield PERSONS, panel.table.filter(theirs)

    def _figures(self, months: Collection[Month]) -> dict[str, pa.Table]:
        needed = {month - back for back in befores(self.catalogue) for month in months}
        return {
            source: self.archive.rows(source, wanted, self.as_at)
            for source, of in self._standing.items()
            if self.catalogue.sources[source].holds == "figures" and (wanted := needed & of.keys())
        }

    def _keys(self) -> dict[Month, str]:
        """For each month, the hash of all that its figures rest on."""
        since = {
            code: first
            for code, held in self._records.items()
            if (first := since_of(self.catalogue.sources[code], held)) is not None
        }
        resting = Resting(self.catalogue, self._records, since, self._through)
        months = list(self._first().through(self.current or max(self._through.values())))
        always = {
            "code": code_version(ROOMS),
            "definitions": self.catalogue.observations_hash,
            "current": None if self.current is None else str(self.current),
            "purged": {source: _gone_json(gone) for source, gone in self._purged.gone.items()},
        }
        alone = {
            month: hash_of({**always, "figures": self._of_figures(month), "records": resting.of(month)})
            for month in months
        }
        back = sorted(befores(self.catalogue))
        return {month: hash_of([alone.get(month - before, "") for before in back]) for month in months}

    def _of_figures(self, month: Month) -> dict[str, object]:
        """What returned figures of a month rest on, and whether each source has reached it."""
        parts = {
            source: [part.sha256 for part in of.get(month, ())]
            for source, of in self._standing.items()
            if self.catalogue.sources[source].holds == "figures"
        }
        return {"parts": parts, "reached": {it: month <= last for it, last in self._through.items()}}

    def _first(self) -> Month:
        """The first month with figures: of the sources, and of an indicator in force.

        Records may be dated long before: where their source says from when it is whole, that is its first.
        """
        sources = self.catalogue.sources
        first = min(
            (sources[code].expects.from_ if sources[code].holds == "records" else None) or min(months)
            for code, months in self._once_held.items()
            if months
        )
        return max(first, min((it.first for it in self.catalogue.indicators.values()), default=first))

    def _before_all_figures(self) -> NotFound:
        """What to tell where everything that is held is of months before the first with figures."""
        sources, held = self.catalogue.sources, self._once_held
        there = [f"{code} {min(months)} to {max(months)}" for code, months in held.items() if months]
        whole = [
            f"{code} counts from {it.expects.from_} (`expects: from`)"
            for code, it in sources.items()
            if it.holds == "records" and it.expects.from_ is not None and held[code]
        ]
        since = min((it.first for it in self.catalogue.indicators.values()), default=None)
        holds = [] if since is None else [f"no indicator holds before {since} (`from` of its first version)"]
        return NotFound(
            f"No month has a figure: months of what is loaded are {', '.join(there)}; "
            f"but {', and '.join([*whole, *holds])}. "
            "Declare the earlier month from which they hold, if they do, or load deliveries of later months."
        )


def _gone_json(gone: Gone) -> list[str]:
    return [str(gone.since), str(gone.through), *map(str, sorted(gone.months))]
