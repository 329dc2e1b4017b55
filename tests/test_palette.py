"""The palette keeps its promises about contrast and colour-blindness, computed from the colours themselves."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from landscape.figures.palette import RUNS, THEMES

THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)

# Machado, Oliveira and Fernandes (2009), table 1, severity 1: linear RGB as seen without one kind of cone.
VISION = {
    "trichromacy": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}

STREAMLIT = tomllib.loads((Path(__file__).parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    """Linear RGB in [0, 1] of "#rrggbb" or of a triple of 8-bit values (IEC 61966-2-1)."""
    encoded = np.array(list(bytes.fromhex(colour[1:])) if isinstance(colour, str) else colour) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted(linear(colour) @ SRGB_TO_XYZ[1] for colour in (a, b))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIE L*a*b* of linear RGB, white point D65."""
    t = SRGB_TO_XYZ @ rgb / SRGB_TO_XYZ.sum(axis=1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / 3 * (29 / 6) ** 2 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(a, b, vision):
    """CIE 1976 colour difference of two colours under a kind of vision; 2.3 is just noticeable."""
    return np.linalg.norm(np.subtract(*(lab(np.clip(VISION[vision] @ linear(c), 0, 1)) for c in (a, b))))


def shades(theme):
    """100 colours along the landscape's scale, interpolated in sRGB as Plotly does."""
    places, colours = zip(*theme.landscape, strict=True)
    channels = np.array([list(bytes.fromhex(colour[1:])) for colour in colours]).T
    return np.array([np.interp(np.linspace(0, 1, 100), places, channel) for channel in channels]).T


def test_the_measures_agree_with_published_values():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert lab(linear("#FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.01)
    assert distance("#FF0000", "#FF0000", "protanopia") == 0
    for matrix in VISION.values():
        assert np.sum(matrix, axis=1) == pytest.approx(1, abs=1e-5), "white stays white"


@THEME
def test_text_is_readable_from_the_back_of_a_classroom(theme):
    for ground in (theme.page, theme.panel):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 7
        assert contrast(theme.accent, ground) >= 7


@THEME
def test_everything_drawn_stands_out_from_every_shade_of_the_landscape(theme):
    for shade in shades(theme):
        for run in RUNS:
            assert contrast(run.colour[theme.key], shade) >= 3.4
        assert contrast(theme.mark, shade) >= 7
        assert contrast(theme.contour, shade) >= 2


@THEME
def test_the_runs_stand_out_from_the_page_too(theme):
    """The curves below the landscape are drawn on the page's own colour."""
    for run in RUNS:
        assert contrast(run.colour[theme.key], theme.page) >= 3.4


@pytest.mark.parametrize("vision", VISION)
@THEME
def test_runs_are_told_apart_by_colour_under_every_vision(theme, vision):
    for a, b in itertools.combinations(RUNS, 2):
        assert distance(a.colour[theme.key], b.colour[theme.key], vision) >= 20, (a, b)


@pytest.mark.parametrize("difference", ["dash", "symbol", "symbol_3d"])
def test_runs_are_told_apart_without_colour(difference):
    assert len({getattr(run, difference) for run in RUNS}) == len(RUNS)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.symbol)
@THEME
def test_plotly_knows_every_name(run, theme):
    line = {"dash": run.dash, "color": run.colour[theme.key]}
    go.Scatter(line=line, marker={"symbol": run.symbol})
    go.Scatter3d(line=line, marker={"symbol": run.symbol_3d})
    go.Contour(colorscale=theme.landscape, line={"color": theme.contour})


@THEME
def test_the_landscape_brightens_with_the_loss(theme):
    luminance = [linear(shade) @ SRGB_TO_XYZ[1] for shade in shades(theme)]
    assert np.all(np.diff(luminance) > 0)


@THEME
def test_the_page_wears_the_palette(theme):
    """Streamlit takes its colours from a file of its own; they are these."""
    page = STREAMLIT["theme"][theme.key]
    assert page["backgroundColor"] == theme.page
    assert page["secondaryBackgroundColor"] == theme.panel
    assert page["textColor"] == theme.text
    assert page["primaryColor"] == page["linkColor"] == theme.accent
    assert page["borderColor"] == theme.rule


@pytest.mark.parametrize("colour", ["blue", "yellow", "red", "green"])
@THEME
def test_messages_are_readable_from_the_back_of_a_classroom(theme, colour):
    page = STREAMLIT["theme"][theme.key]
    assert contrast(page[f"{colour}TextColor"], page[f"{colour}BackgroundColor"]) >= 7
