"""Colours can be told from what is behind them, and nothing rests on a colour that somebody cannot tell.

Deficiencies of colour vision are simulated as by Machado, Oliveira and Fernandes (2009), "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on
Visualization and Computer Graphics 15(6), with their matrices for severity 1.0, on linear RGB. Contrast
is WCAG 2.2's; the distance of two colours is CIE 1976 (L*, a*, b*) with D65.
"""

from __future__ import annotations

import itertools
import re

import numpy as np
import numpy.typing as npt
import pytest

from trigpoint.analysis.finding import Assurance, Attainment, Variation
from trigpoint.publish.chart import Shape
from trigpoint.publish.charts import palette as c
from trigpoint.publish.charts.icons import DRAWINGS, assurance_icon, attainment_icon, variation_icon
from trigpoint.publish.charts.marks import mark

Colour = npt.NDArray[np.float64]
MACHADO = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TOLD_APART = 15.0
"""From this distance on, two colours side by side are plainly different; 2.3 is just noticeable."""


def linear(colour: str) -> Colour:
    """A colour's linear red, green and blue."""
    digits = colour.removeprefix("#")
    digits = "".join(it * 2 for it in digits) if len(digits) == 3 else digits
    shares = np.array([int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def luminance(seen: Colour) -> float:
    return float(np.clip(seen, 0, 1) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(seen: Colour) -> Colour:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    shares = to_xyz @ np.clip(seen, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(shares > (6 / 29) ** 3, np.cbrt(shares), shares / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def seen_by(kind: str, colour: str) -> Colour:
    """A colour as somebody sees it; ``greyscale`` is a grey printer."""
    if kind == "greyscale":
        return np.full(3, luminance(linear(colour)))
    if kind == "everybody":
        return linear(colour)
    return np.clip(np.array(MACHADO[kind]) @ linear(colour), 0, 1)


EYES = ("everybody", *MACHADO, "greyscale")

# ------------------------------------------------------------------------------------------- contrast

GROUNDS = {"paper": c.PAPER, "band": c.PROCESS, "small band": c.PROCESS_SMALL, "own row": c.PEER_TINT}
MARKS = {
    "common": c.COMMON,
    "improvement": c.IMPROVE,
    "concern": c.CONCERN,
    "neutral": c.NEUTRAL,
    "met": c.MET,
    "tolerance's edge": c.TOLERANCE_EDGE,
    "missed": c.MISSED,
    "peer": c.PEER,
    "ink": c.INK,
    "second ink": c.INK_2,
    "hatching": c.HATCH,
}
WORDS = {"ink": c.INK, "second ink": c.INK_2, "common": c.COMMON, "missed": c.MISSED, "peer": c.PEER}
TINTS = {
    "paper": c.PAPER,
    "band": c.PROCESS,
    "own row": c.PEER_TINT,
    "head": c.HEAD,
    "met": c.MET_TINT,
    "tolerance": c.TOLERANCE_TINT,
    "missed": c.MISSED_TINT,
}


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", MARKS)
def test_every_mark_has_3_to_1_against_what_is_behind_it(name: str, ground: str, eyes: str) -> None:
    least = 3.0 if eyes in ("everybody", "greyscale") else 2.7  # WCAG asks it of colours as they are
    assert contrast(seen_by(eyes, MARKS[name]), seen_by(eyes, GROUNDS[ground])) >= least


@pytest.mark.parametrize("ground", TINTS)
@pytest.mark.parametrize("name", WORDS)
def test_all_words_have_4_5_to_1_against_what_is_behind_them(name: str, ground: str) -> None:
    assert contrast(linear(WORDS[name]), linear(TINTS[ground])) >= 4.5


@pytest.mark.parametrize("behind", [c.IMPROVE, c.CONCERN, c.NEUTRAL, c.MET, c.MISSED])
def test_a_white_letter_has_4_5_to_1_in_its_icon(behind: str) -> None:
    assert contrast(linear(c.PAPER), linear(behind)) >= 4.5


# ----------------------------------------------------------------------- what is told apart, and by what


def shape(drawing: str) -> str:
    """What is left of a mark or an icon without its colours: outlines, letters and dashes."""
    return re.sub(r' (fill|stroke)="(#\w+)"', "", drawing)


FAMILIES = {
    "change": [
        variation_icon(it) for it in Variation if it not in (Variation.NOT_ASSESSED, Variation.COMMON)
    ],
    "assurance": [assurance_icon(it) for it in (Assurance.PASS, Assurance.FAIL, Assurance.HIT_OR_MISS)],
    "standard": [attainment_icon(it) for it in Attainment],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_icons_of_one_family_differ_in_shape_or_letter_and_not_only_in_colour(family: str) -> None:
    assert len({shape(DRAWINGS[name]) for name in FAMILIES[family]}) == len(FAMILIES[family])


def test_each_change_and_each_expectation_has_its_letter() -> None:
    lettered = {name: "".join(re.findall(r">(\S)</text>", DRAWINGS[name])) for name in DRAWINGS}
    for it in Variation:
        expected = "H" if it.endswith("high") else "L" if it.endswith("low") else ""
        assert lettered[variation_icon(it)] == expected
    for assurance, letter in ((Assurance.PASS, "P"), (Assurance.FAIL, "F"), (Assurance.HIT_OR_MISS, "?")):
        assert lettered[assurance_icon(assurance)] == letter


def test_marks_of_a_chart_differ_in_shape_whatever_their_colour() -> None:
    assert len({shape(mark(it, 20, 20)) for it in Shape}) == len(Shape)


KINDS = {"improvement": c.IMPROVE, "concern": c.CONCERN, "changed": c.NEUTRAL, "common": c.COMMON}


@pytest.mark.parametrize("eyes", EYES)
def test_where_two_kinds_of_change_look_alike_their_shapes_do_not(eyes: str) -> None:
    shapes = {
        "improvement": Shape.IMPROVEMENT,
        "concern": Shape.CONCERN,
        "changed": Shape.CHANGED_HIGH,
        "common": Shape.COMMON,
    }
    for one, other in itertools.combinations(KINDS, 2):
        apart = float(np.linalg.norm(lab(seen_by(eyes, KINDS[one])) - lab(seen_by(eyes, KINDS[other]))))
        if apart < TOLD_APART:
            assert shape(mark(shapes[one], 9, 9)) != shape(mark(shapes[other], 9, 9)), (one, other)


@pytest.mark.parametrize("eyes", [*MACHADO, "everybody"])
def test_improvement_and_concern_stay_two_colours_to_everybody(eyes: str) -> None:
    apart = np.linalg.norm(lab(seen_by(eyes, c.IMPROVE)) - lab(seen_by(eyes, c.CONCERN)))
    assert apart >= TOLD_APART


def test_the_standard_s_line_differs_from_others_by_its_teeth_or_dots_for_a_grey_printer() -> None:
    """On paper red is as dark as grey: teeth, dashes and labels tell the lines apart, not the colour."""
    red, grey = seen_by("greyscale", c.MISSED), seen_by("greyscale", c.COMMON)
    assert contrast(red, grey) < 1.5
