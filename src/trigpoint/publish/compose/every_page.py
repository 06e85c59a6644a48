"""A unit's whole document: every page, its data and what is said on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.publish.compose.comparison import comparison_page
from trigpoint.publish.compose.indicator import Evidence, indicator_page
from trigpoint.publish.compose.matrix import matrix_page
from trigpoint.publish.compose.scorecard import scorecard_page
from trigpoint.publish.datasets import comparison_dataset, records_dataset, scorecard_dataset, series_dataset
from trigpoint.publish.document import Document
from trigpoint.publish.mark import Link
from trigpoint.publish.places import Places
from trigpoint.publish.rules import rules
from trigpoint.scorecards.build import Scorecard
from trigpoint.scorecards.comparison import Comparison
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import long_date


def compose(
    scorecard: Scorecard,
    catalogue: Catalogue,
    evidence: Mapping[str, Evidence],
    *,
    snapshot: str,
    by_chance: float | None = None,
    elsewhere: Sequence[Link] = (),
    places: Places | None = None,
    comparison: Comparison | None = None,
) -> Document:
    """The document of a unit's month. ``places`` are those of its site's pages; alone, if left out.

    ``evidence`` has an entry for each row's code. ``snapshot`` is the id of the snapshot that was
    read. ``by_chance`` is how many of the charts would show a signal if nothing had changed; None
    where that is not known. ``elsewhere`` names other pages of the same site.
    """
    rows = scorecard.rows
    places = places or _alone(scorecard, catalogue)
    names = {row.code: places.files[row.code] for row in rows}
    unit = catalogue.organisation.name(scorecard.unit, scorecard.month)
    profiles = [catalogue.profiles[name] for name in sorted({catalogue.profile_of(row.code) for row in rows})]
    pages = tuple(
        indicator_page(row, unit, catalogue, evidence[row.code], snapshot, names[row.code]) for row in rows
    )
    counted = {row.code: evidence[row.code].counted for row in rows}
    records = records_dataset(counted, catalogue.sources)
    return Document(
        trust=catalogue.settings.name,
        notice=catalogue.settings.notice,
        unit=unit,
        month=scorecard.month,
        place=places.of(scorecard.unit),
        scorecard=scorecard_page(scorecard, catalogue, {page.code: page.chart for page in pages}, by_chance),
        comparison=None if comparison is None else comparison_page(comparison, catalogue, places),
        matrix=matrix_page(scorecard, unit),
        indicators=pages,
        files=names,
        rules=rules(profiles),
        colophon=_colophon(scorecard, catalogue, evidence, snapshot),
        elsewhere=tuple(elsewhere),
        datasets=(
            scorecard_dataset(scorecard, unit),
            *([] if comparison is None else [comparison_dataset(comparison, catalogue)]),
            *([] if records is None else [records]),
            *(series_dataset(row, evidence[row.code].series, unit, names[row.code]) for row in rows),
        ),
    )


def _alone(scorecard: Scorecard, catalogue: Catalogue) -> Places:
    """The places of a site of one unit."""
    shown = {row.code: row.finding.state for row in scorecard.rows}
    return Places(catalogue, scorecard.month, (scorecard.unit,), {scorecard.unit: shown})


def _colophon(
    scorecard: Scorecard, catalogue: Catalogue, evidence: Mapping[str, Evidence], snapshot: str
) -> str:
    """``Data to 31 October 2026, loaded 12 November 2026, provisional. Rule profile: …``"""
    shown = [row.finding for row in scorecard.rows if row.finding.state is State.VALUE]
    said = []
    if shown:
        loaded = [load.accepted_at.date() for held in evidence.values() for load in held.loads]
        provisional = any(finding.status is Status.PROVISIONAL for finding in shown)
        data = f"Data to {long_date(max(finding.end for finding in shown))}"
        data += f", loaded {long_date(max(loaded))}" if loaded else ""
        said.append(f"{data}, {'some of it provisional' if provisional else 'final'}.")
    profiles = sorted({row.finding.past.profile for row in scorecard.rows})
    if profiles:
        said.append(f"Rule profile: {'; '.join(profiles)}.")
    return " ".join([*said, f"Snapshot {snapshot[:12]}."])
