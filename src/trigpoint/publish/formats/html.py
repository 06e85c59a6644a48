"""A document as a static site: pages, stylesheets and data, with no script and no other host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trigpoint.publish.chart import Chart
from trigpoint.publish.charts import icons
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import FUNNEL_MIDDLE, FUNNEL_NARROW, FUNNEL_WIDE
from trigpoint.publish.charts.multiples import multiples
from trigpoint.publish.charts.quality import quality_glyph
from trigpoint.publish.charts.ranked import RANKED_NARROW, RANKED_WIDE, ranked_chart
from trigpoint.publish.charts.sparkline import sparkline
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.charts.whole import WIDTH as WHOLE_WIDTH
from trigpoint.publish.charts.whole import whole_glyph
from trigpoint.publish.charts.year_on_year import YEAR_NARROW, YEAR_WIDE, year_on_year_chart
from trigpoint.publish.document import ChildUnit, Document, Ranked, UnitsPage
from trigpoint.publish.formats.open_data import open_data
from trigpoint.publish.formats.tables import against, marked, status, table
from trigpoint.publish.formats.xlsx import workbook
from trigpoint.publish.funnel import FunnelChart
from trigpoint.publish.mark import QualityMark, WholeMark
from trigpoint.publish.reading import CHART_PARTS, KEYS, QUALITY_KEY, WHOLE_KEY
from trigpoint.publish.year import YearOnYearChart

CONTENTS = "contents.txt"
"""The list of the files of a folder of the site, with the lists of the folders that belong to it."""
_HERE = Path(__file__).parents[1]
_DRAWINGS = (WIDE, MIDDLE, NARROW)
_FUNNELS = (FUNNEL_WIDE, FUNNEL_MIDDLE, FUNNEL_NARROW)


def pages(document: Document) -> Mapping[str, bytes]:
    """The pages and tables of one unit, by their path below its folder. ``index.html`` is the scorecard."""
    made = {
        "index.html": _page("scorecard.html", document, page="scorecard"),
        "matrix.html": _page("matrix.html", document, page="matrix"),
    }
    if document.comparison is not None:
        made["compare.html"] = _page("compare.html", document, page="compare")
    for it in document.indicators:
        name = f"indicators/{document.files[it.code]}.html"
        made[name] = _page(
            "indicator.html",
            document,
            page="indicator",
            folder="../",
            it=it,
            drawings=_DRAWINGS,
            on_a_phone=NARROW.months,
        )
    return made | {f"data/{name}": content for name, content in open_data(document).items()}


def _later(document: Document) -> Mapping[str, Callable[[], bytes]]:
    """What takes long to make, and nobody waits for who opens the pages."""
    return {"data/scorecard.xlsx": partial(workbook, document)} if document.workbook else {}


def site(document: Document, units: UnitsPage | None = None) -> Mapping[str, bytes]:
    """Every file at a site's root: the first unit's, and those that all units share."""
    late = {name: make() for name, make in _later(document).items()}
    return {**pages(document), **_shared(document, units), **late}


def _shared(document: Document, units: UnitsPage | None) -> Mapping[str, bytes]:
    shared = {
        "how-to-read.html": _page(
            "reading.html",
            document,
            page="reading",
            keys=KEYS,
            whole_key=WHOLE_KEY,
            quality_key=QUALITY_KEY,
            chart_parts=CHART_PARTS,
        )
    }
    if units is not None:
        shared["units.html"] = _page("units.html", document, page="units", units=units)
    return {**shared, **_assets()}


def write_site(
    document: Document,
    folder: Path,
    units: UnitsPage | None = None,
    others: Iterable[str] = (),
    readable: Callable[[Path], None] = lambda _: None,
) -> Path:
    """Write the site of a first unit into ``folder``, which is made where it is missing; its first page.

    ``others`` are the folders of the further units, which ``write_unit`` writes afterwards. ``readable``
    is told the first page when all pages are there, before the workbook is made. Each file takes its
    place whole. Files of the site that was there before and are no part of this one are removed, those
    of its units too; nothing else in the folder is touched. Stopped at any moment, the lists name the
    files of both.
    """
    made, first = {**pages(document), **_shared(document, units)}, folder / "index.html"
    lists = {f"{other}{CONTENTS}" for other in others}
    _write(made, _later(document), folder, lists, lambda: readable(first))
    return first


def write_unit(document: Document, folder: Path) -> None:
    """Write a further unit's files into its folder of the site in ``folder``, with a list of their own."""
    _write(pages(document), _later(document), folder / document.place.folder)


def _write(
    made: Mapping[str, bytes],
    later: Mapping[str, Callable[[], bytes]],
    folder: Path,
    lists: AbstractSet[str] = frozenset(),
    readable: Callable[[], None] = lambda: None,
) -> None:
    """``lists`` are the lists of the folders that belong to this one."""
    contents = folder / CONTENTS
    before, named = set(_listed(contents)), made.keys() | later.keys() | lists
    # Until all is done, the list names the files of both: a run that is stopped leaves none behind.
    _put(contents, "\n".join(sorted(before | named)).encode())
    for name, content in made.items():
        _put(folder / name, content)
    readable()
    for name, make in later.items():
        _put(folder / name, make())
    for name in before - named:
        _remove(folder / name)
    _put(contents, "\n".join(sorted(named)).encode())


def _listed(contents: Path) -> Sequence[str]:
    return contents.read_text(encoding="utf-8").splitlines() if contents.is_file() else ()


def _remove(path: Path) -> None:
    """Remove a file; with a list, the files that it names, and their folders once they are empty."""
    if path.name == CONTENTS:
        for name in _listed(path):
            _remove(path.parent / name)
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    beside.replace(target)


def _page(template: str, document: Document, *, folder: str = "", **given: object) -> bytes:
    """``folder`` leads from the page to its unit's folder; the template gets ``root``, to the site's, too."""
    root = folder + "../" * document.place.folder.count("/")
    made = _environment().get_template(template)
    return made.render(document=document, folder=folder, root=root, **given).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"icon": _icon, "ladder": _ladder, "spark": _spark, "spc": _spc, "sprite": _sprite}
    environment.globals |= {"whole": _whole, "quality": _quality, "multiples": _multiples, "ranked": _ranked}
    environment.globals |= {"year_on_year": _year_on_year, "funnel": _funnel}
    environment.globals |= {"laid_out": table, "marked": marked, "against": against, "status_of": status}
    return environment


# Drawings escape their words themselves (charts/svg.py), so that templates may take them as they are.


def _icon(name: str, size: int, label: str = "") -> Markup:
    return Markup(icons.icon(name, size, label))  # noqa: S704


def _ladder(quarter: int, width: int, likely: tuple[int, int] | None = None) -> Markup:
    return Markup(icons.ladder(quarter, width, likely))  # noqa: S704


def _spark(chart: Chart) -> Markup:
    return Markup(sparkline(chart))  # noqa: S704


def _spc(chart: Chart, drawing: Drawing) -> Markup:
    return Markup(spc_chart(chart, drawing))  # noqa: S704


def _sprite() -> Markup:
    return Markup(icons.sprite())  # noqa: S704


def _whole(mark: WholeMark, width: int = WHOLE_WIDTH) -> Markup:
    drawn = "" if mark.bearing is None else whole_glyph(mark.bearing, mark.direction, mark.reach, width)
    return Markup(drawn)  # noqa: S704


def _quality(mark: QualityMark) -> Markup:
    return Markup(quality_glyph(mark.blocks))  # noqa: S704


def _multiples(units: Sequence[ChildUnit]) -> list[tuple[ChildUnit, Markup]]:
    """Each unit with its drawing: all of them at once, because they share a scale."""
    drawn = multiples([unit.chart for unit in units])
    return [(unit, Markup(svg)) for unit, svg in zip(units, drawn, strict=True)]  # noqa: S704


def _ranked(ranked: Ranked) -> Markup:
    """Both drawings, of which each width shows its own."""
    return Markup("".join(ranked_chart(ranked, drawing) for drawing in (RANKED_WIDE, RANKED_NARROW)))  # noqa: S704


def _funnel(chart: FunnelChart) -> Markup:
    """Each drawing, of which each width shows its own."""
    return Markup("".join(funnel_chart(chart, drawing) for drawing in _FUNNELS))  # noqa: S704


def _year_on_year(chart: YearOnYearChart) -> Markup:
    """Both drawings, of which each width shows its own."""
    return Markup("".join(year_on_year_chart(chart, sheet) for sheet in (YEAR_WIDE, YEAR_NARROW)))  # noqa: S704


def _assets() -> Mapping[str, bytes]:
    return {f"assets/{file.name}": file.read_bytes() for file in sorted((_HERE / "assets").iterdir())}
