"""The document: all that a page, a workbook or a file says, in words and numbers formatted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from trigpoint.publish.chart import Axis, Chart
from trigpoint.publish.funnel import FunnelChart
from trigpoint.publish.mark import (
    Figure,
    Line,
    Link,
    Mark,
    PeerMark,
    QualityMark,
    RecordsPart,
    Table,
    WholeMark,
)
from trigpoint.publish.year import YearOnYearChart
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """One indicator on the scorecard. ``whole`` and ``peers`` are None where the page has no such column."""

    code: str
    title: str
    required: str
    figure: Figure
    attainment: Mark
    streak: str
    sparkline: Chart
    variation: Mark
    assurance: Mark
    whole: WholeMark | None
    peers: PeerMark | None
    quality: QualityMark
    data_to: str
    headline: str
    comparisons: tuple[Line, ...]
    months: Table


@dataclass(frozen=True, slots=True)
class ScorecardGroup:
    """The rows of one objective."""

    title: str
    rows: tuple[ScorecardRow, ...]


@dataclass(frozen=True, slots=True)
class ScorecardSection:
    """One perspective and the question it asks."""

    title: str
    question: str
    groups: tuple[ScorecardGroup, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the tally."""

    count: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """One of the things to talk about."""

    mark: Mark
    code: str
    title: str
    headline: str


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """The unit's month on one page. ``empty`` says why where there is no row.

    ``whole`` and ``peers`` say whether it has those columns: the trust is its own whole, and peers
    are trusts.
    """

    title: str
    lede: str
    tally: tuple[Count, ...]
    talk_title: str
    talk: tuple[TalkingPoint, ...]
    talk_rule: str
    chance: str
    sections: tuple[ScorecardSection, ...]
    empty: str
    whole: bool
    peers: bool


@dataclass(frozen=True, slots=True)
class ComparisonHead:
    """A unit at the head of a column; ``address`` is empty where it has no page. ``whole``: not a child."""

    words: str
    address: str
    whole: bool


@dataclass(frozen=True, slots=True)
class ComparisonCell:
    """One indicator at one unit.

    ``attainment`` is None where there is nothing to judge, ``differs`` where the figure is not
    compared. ``note`` is the second line; a cell has a figure or the words of its state, never nothing.
    """

    figure: str
    missing: bool
    attainment: Mark | None
    differs: bool | None
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One indicator, with a cell for each unit."""

    title: str
    required: str
    address: str
    cells: tuple[ComparisonCell, ...]


@dataclass(frozen=True, slots=True)
class ComparisonSection:
    """One perspective."""

    title: str
    question: str
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """The units right below a unit, side by side. ``remarks`` say what the table cannot."""

    title: str
    lede: str
    key: tuple[Mark, ...]
    chance: str
    heads: tuple[ComparisonHead, ...]
    sections: tuple[ComparisonSection, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixItem:
    """One indicator in the matrix, with its figure; off it, with the reason."""

    code: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class MatrixSquare:
    """What is asked of the owners of its indicators; ``exception`` where that is an exception report."""

    ask: str
    exception: bool
    items: tuple[MatrixItem, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One kind of change, with a square for each expectation."""

    icons: tuple[str, ...]
    words: str
    squares: tuple[MatrixSquare, ...]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """Change by assurance. ``columns`` are marks with a second line."""

    title: str
    lede: str
    columns: tuple[tuple[Mark, str], ...]
    rows: tuple[MatrixRow, ...]
    off: tuple[MatrixItem, ...]


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit in the trust's tree, with what its scorecard counts."""

    anchor: str
    name: str
    level: str
    address: str
    counts: tuple[Count, ...]
    words: str
    below: tuple[UnitEntry, ...]


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """Every unit of the site."""

    title: str
    lede: str
    first: UnitEntry


@dataclass(frozen=True, slots=True)
class ChildUnit:
    """A unit right below, among the small multiples: figure, marks, and a chart or why there is none.

    ``address`` is that of its own page of the same indicator, from the site's root; empty where it has none.
    """

    name: str
    address: str
    figure: str
    marks: tuple[Mark, ...]
    chart: Chart | None
    reason: str


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """A unit of a ranked chart: its value with an interval (None where it has none), and the words for them.

    ``differs`` says that it lies beyond chance from the whole, ``few`` that it is too small to tell,
    ``ours`` that the page is about it.
    """

    name: str
    value: float
    lower: float | None
    upper: float | None
    differs: bool
    counted: str
    words: str
    address: str
    few: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class RankedLine:
    """A value across a ranked chart. ``teeth`` points to its failing side: -1 left, 1 right, 0 to none."""

    words: str
    value: float
    teeth: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """Units on one scale, in the order drawn; ``without`` says who has no figure, and why.

    ``peers`` says that they are drawn in the voice of the peers, and not in that of the whole;
    ``counted`` is the head of the column beside the values, where it does not speak for itself.
    """

    key: str
    title: str
    description: str
    units: tuple[RankedUnit, ...]
    whole: RankedLine | None
    standard: RankedLine | None
    axis: Axis
    without: tuple[Line, ...]
    words: tuple[str, ...]
    table: Table
    peers: bool = False
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Children:
    """The units right below: their charts on one scale, and their figures in order."""

    title: str
    units: tuple[ChildUnit, ...]
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One figure and its whole story."""

    code: str
    title: str
    perspective: str
    headline: str
    lede: str
    attainment: Mark
    standard_words: str
    variation: Mark
    assurance: Mark
    past_words: str
    peers: PeerMark
    chart: Chart
    chart_words: tuple[str, ...]
    standards: Table
    peer_table: Table | None
    peer_words: tuple[str, ...]
    funnel: FunnelChart | None
    definition: tuple[Line, ...]
    versions: Table
    provenance: tuple[Line, ...]
    loads: Table
    command: str
    months: Table
    data_file: str
    whole: WholeMark
    whole_words: str
    quality: QualityMark
    records: RecordsPart | None
    children: Children | None
    cuts: tuple[Table, ...]
    cut_words: str
    cautions: tuple[str, ...]
    rebase: tuple[str, ...]
    year_on_year: YearOnYearChart | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A tidy table for machines: numbers in full, dates in ISO form, None where there is nothing."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | dt.date | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit's pages stand in their site.

    ``folder`` is the way there from the site's root: ``units/D1/``; empty for the first unit. ``above``
    holds the units above it in the site, the widest first, with the addresses of their scorecards
    from the root. ``many`` says that the site has a page that lists its units.
    """

    folder: str = ""
    above: tuple[Link, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A unit's month, for every rendering. A site holds one for each of its units.

    ``files`` names each indicator's files, without their ending; ``rules`` says what a signal was
    judged by; ``colophon`` closes each page. Addresses of other units' pages are from the site's root.
    """

    trust: str
    notice: str
    unit: str
    month: Month
    place: Place
    scorecard: ScorecardPage
    comparison: ComparisonPage | None
    matrix: MatrixPage
    indicators: tuple[IndicatorPage, ...]
    files: Mapping[str, str]
    rules: tuple[Line, ...]
    colophon: str
    elsewhere: tuple[Link, ...]
    datasets: tuple[Dataset, ...]

    @property
    def workbook(self) -> bool:
        """Whether it comes as a workbook too: of a site's first unit, and of those with units to compare.

        A workbook takes as long as all of a team's pages; a team has its figures as CSV, and its
        workbook from a site of its own.
        """
        return not self.place.folder or self.comparison is not None
