"""The small parts of a document: an icon with its words, a line, a link, a table, a bearing's mark."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.analysis.finding import WholeBearing


@dataclass(frozen=True, slots=True)
class Mark:
    """An icon and the words that always stand beside it."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what there is to say under it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another page of the same site."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class WholeMark:
    """A figure against the whole: the bearing to draw (None where there is none), and the words beside it.

    ``reach`` is half of the glyph's scale, the same throughout a table; ``direction`` the indicator's.
    """

    bearing: WholeBearing | None
    direction: str
    reach: float
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words. ``numeric`` holds the columns that are aligned to the right.

    The address of a link is from the site's root.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | Mark | Link | WholeMark, ...], ...]
    numeric: frozenset[int]


@dataclass(frozen=True, slots=True)
class RecordsPart:
    """How good the records behind a figure are: a table of each source's fields, and lines on whole records.

    ``words`` say how to read them.
    """

    words: tuple[str, ...]
    fields: tuple[Table, ...]
    whole: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """The latest value of a row, as it is read: ``86.4%``, ``529 of 612``; or the words of its state."""

    value: str
    parts: str
    missing: bool


@dataclass(frozen=True, slots=True)
class PeerMark:
    """Where a unit stands among its peers: the filled block of the ladder (1 to 4; none), and the words.

    ``likely`` holds the first and the last block that its rank is likely to lie in; None where not known.
    """

    quarter: int | None
    words: str
    detail: str
    likely: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class QualityMark:
    """How far a figure may be trusted: a mark for each of four parts (empty: unmarked), and the words.

    ``detail`` names the four.
    """

    blocks: tuple[str, str, str, str]
    words: str
    detail: str
