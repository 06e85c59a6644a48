"""The funnel of the library for analysts."""

from __future__ import annotations

from dataclasses import replace

from trigpoint.analysis.library.answer import Answer
from trigpoint.analysis.peers.funnel import Funnel
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.compose.funnel import Around, funnel_of
from trigpoint.publish.notebook.picture import DrawnPicture, figures_of, key_of, size_of


def draw(answer: Answer, *, size: str = "middle") -> DrawnPicture:
    """The funnel on its plate."""
    found = answer.found
    if not isinstance(found, Funnel):
        raise TypeError(f"a funnel is drawn of a Funnel, not of a {type(found).__name__}")
    drawing, shown = size_of(size), _scaled(found, answer.numbers.scale)
    around = Around(answer.ours or "", {}, "those given", answer.bars.counted[0])
    key = key_of(answer.title, found.units, found.value.tolist(), found.target)
    chart = funnel_of(figures_of(answer.numbers, 0, answer.most), shown, around, answer.title, key)
    plate = Plate(answer.title, answer.sentence, words=chart.words)
    return DrawnPicture(plated(funnel_chart(chart, drawing), plate))


def _scaled(found: Funnel, scale: float) -> Funnel:
    """The same in what it is written in: shares as per cent."""
    return replace(
        found,
        value=scale * found.value,
        target=scale * found.target,
        per=scale * found.per,
        lower=scale * found.lower,
        upper=scale * found.upper,
        curve_lower=scale * found.curve_lower,
        curve_upper=scale * found.curve_upper,
    )
