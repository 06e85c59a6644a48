"""Which chart a figure is drawn on: by its rule profile and its kind, or as its definition says."""

from __future__ import annotations

import pytest

from tests.panels import catalogue
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.chart_choice import chart_for
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.errors import DefinitionError

PLAIN = "{source: returns, value: seen}"
RATIO = "{source: returns, numerator: seen, denominator: seen}"
COUNT = "{source: returns, count: seen}"
# What is measured: the measure, what it is measured in, and what else the definition says of it.
PROPORTION = (RATIO, "per cent", "")
RATE = (RATIO, "falls", "")
PAST_100 = (RATIO, "per cent", "bounds: {most: 140}")
NO_CHANCE = (RATIO, "pounds", "compared_as: nothing")
CASES = (COUNT, "people", "")
POUNDS = (COUNT, "pounds", "")
ALONE = (PLAIN, "days", "")
Figure = tuple[str, str, str]


def made(figure: Figure, spc: str = "", extra: str = "") -> Catalogue:
    measure, measured_in, more = figure
    lines = f"{more}\n{extra}\nspc: {{{spc}}}"
    return catalogue(lines, replacing={PLAIN: measure, "per cent": measured_in})


def chosen(figure: Figure, profile: str, spc: str = "") -> tuple[ChartKind, str]:
    return chart_for(made(figure, spc).indicator("X"), SHIPPED[profile])


def refusal(figure: Figure, spc: str, extra: str = "") -> str:
    with pytest.raises(DefinitionError) as refused:
        made(figure, spc, extra)
    return str(refused.value)


@pytest.mark.parametrize("profile", ["nhs-england", "plot-the-dots"])
@pytest.mark.parametrize("figure", [PROPORTION, RATE, CASES, ALONE])
def test_the_nhs_profiles_draw_every_figure_on_an_xmr_chart(figure: Figure, profile: str) -> None:
    kind, why = chosen(figure, profile)
    assert kind is ChartKind.I
    assert why == "XmR chart: limits by how far neighbouring figures lie apart, whatever the kind of figure"


@pytest.mark.parametrize(
    ("figure", "kind", "why"),
    [
        (PROPORTION, ChartKind.P_PRIME, "P′ chart: a proportion; limits by each figure's denominator"),
        (RATE, ChartKind.U_PRIME, "U′ chart: a rate; limits by each figure's denominator"),
        (PAST_100, ChartKind.U_PRIME, "U′ chart: a rate"),  # per cent that can pass 100 is no share
        (NO_CHANCE, ChartKind.I, "XmR chart: what chance would do to the figure is not known"),
        (CASES, ChartKind.I, "XmR chart: a count; most vary by more than chance"),
        (POUNDS, ChartKind.I, "XmR chart: a sum or a median"),
        (ALONE, ChartKind.I, "XmR chart: a figure without a denominator"),
    ],
)
def test_nelson_draws_the_chart_that_fits_the_kind_of_figure(
    figure: Figure, kind: ChartKind, why: str
) -> None:
    found, reason = chosen(figure, "nelson")
    assert found is kind
    assert reason.startswith(why)


@pytest.mark.parametrize("figure", [PROPORTION, RATE, CASES, ALONE])
def test_anhoej_draws_run_charts(figure: Figure) -> None:
    assert chosen(figure, "anhoej")[0] is ChartKind.RUN


@pytest.mark.parametrize(
    ("figure", "charts"),
    [
        (PROPORTION, "p p_prime u u_prime i run"),
        (RATE, "u u_prime i run"),
        (CASES, "c i run"),
        (POUNDS, "i run"),
        (ALONE, "g t i run"),
    ],
)
def test_a_definition_may_name_a_chart_that_fits_its_figure_and_no_other(figure: Figure, charts: str) -> None:
    for kind in ChartKind:
        if kind in charts.split():
            found, why = chosen(figure, "nhs-england", f"chart: {kind}")
            assert found is kind
            assert why == f"{kind.words}: as the indicator's definition says"
        else:
            said = refusal(figure, f"chart: {kind}")
            assert "definitions/frame.yaml:" in said
            assert f"found '{kind}' of a" in said
            assert charts.split(maxsplit=1)[0] in said.partition("expected")[2]


@pytest.mark.parametrize(
    ("kind", "why"),
    [("mr", "goes with an i chart"), ("xbar", "single figures of each month"), ("s", "single figures")],
)
def test_charts_of_what_no_month_holds_are_drawn_by_the_library_alone(kind: str, why: str) -> None:
    said = refusal(ALONE, f"chart: {kind}")
    assert why in said
    assert "`trigpoint.analysis.spc` draws it" in said


@pytest.mark.parametrize("basis", ["rolling", "year_to_date"])
def test_a_series_whose_months_repeat_others_names_no_chart(basis: str) -> None:
    said = refusal(ALONE, "chart: i", f"basis: {basis}")
    assert f"found 'i' where the basis is {basis}; expected no chart" in said


def test_a_chart_with_limits_is_not_named_under_a_profile_of_run_charts() -> None:
    said = refusal(PROPORTION, "chart: p, profile: anhoej")
    assert "found 'p' under anhoej, which has no rules for limits; expected run, or another" in said
    assert chosen(PROPORTION, "anhoej", "chart: run, profile: anhoej")[0] is ChartKind.RUN


def test_a_chart_fits_every_version_that_gives_figures() -> None:
    """Published as a percentage until 2025, and worked out from its parts since."""

    def read(change: str, spc: str = "") -> Catalogue:
        first = f"  - {{from: 2020-01, measure: {PLAIN}}}\n"
        both = f"{first}  - {{from: 2025-01, change: {change}, measure: {RATIO}}}\n"
        return catalogue(f"spc: {{{spc}}}", replacing={first: both})

    kind, why = chart_for(read("break").indicator("X"), SHIPPED["nelson"])
    assert (kind, why) == (ChartKind.I, "XmR chart: the kind of figure changed with its definition")
    with pytest.raises(DefinitionError, match="'p_prime' of a figure taken as it came"):
        read("break", "chart: p_prime")
    # What is restated has been worked out anew: only the later version gives figures.
    assert chart_for(read("restates").indicator("X"), SHIPPED["nelson"])[0] is ChartKind.P_PRIME
    assert read("restates", "chart: p_prime").indicator("X").spc.chart is ChartKind.P_PRIME


@pytest.mark.parametrize(
    ("given", "words"), [("ii", "Nearest: i"), ("7", "run or i or mr"), ("[p]", "a list")]
)
def test_a_chart_that_is_none_is_refused(given: str, words: str) -> None:
    assert words in refusal(PROPORTION, f"chart: {given}")
