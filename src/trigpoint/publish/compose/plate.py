"""What stands around an indicator's chart when it leaves its page."""

from __future__ import annotations

from trigpoint.publish.charts.plate import Plate
from trigpoint.publish.document import IndicatorPage


def chart_plate(page: IndicatorPage) -> Plate:
    """The title, the sentence, the icons of change and assurance, the remarks and how limits were set."""
    said = ((note, f"{note.words} ({note.by})" if note.by else note.words) for note in page.chart.notes)
    return Plate(
        title=page.chart.title,
        second=page.headline,
        marks=(page.variation, page.assurance),
        remarks=tuple((note.number, f"{note.month.words}. {words}") for note, words in said),
        words=page.chart_words,
    )
