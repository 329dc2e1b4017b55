"""The small pictures of the functions: what is low on them is where it is on the landscape."""

import io

import numpy as np
import pytest
from PIL import Image

from landscape.analysis.opening import opening
from landscape.figures.palette import THEMES
from landscape.figures.picture import picture
from landscape.objectives.functions import FUNCTIONS


def drawn(key, theme):
    """(rows, columns, 3): the colours of a picture."""
    return np.asarray(Image.open(io.BytesIO(picture(FUNCTIONS[key], theme))).convert("RGB"), dtype=int)


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


@pytest.mark.parametrize("key", FUNCTIONS)
def test_every_function_has_a_small_picture_with_lines(key):
    image = picture(FUNCTIONS[key], "light")
    assert len(image) < 16_000
    pixels, line = drawn(key, "light"), rgb(THEMES["light"].contour)
    assert pixels.shape[0] == pixels.shape[1]
    assert 0.005 < (pixels == line).all(axis=-1).mean() < 0.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("key", ["rosenbrock", "sharp_and_flat", "mccormick", "easom"])
def test_a_minimum_has_the_colour_of_the_depth_at_its_place(key, theme):
    function, pixels = FUNCTIONS[key], drawn(key, theme)
    (left, right), (bottom, top) = opening(function).view
    x, y = function.minima[0]
    size = len(pixels) - 1
    column, row = (x - left) / (right - left) * size, (top - y) / (top - bottom) * size
    deepest = rgb(THEMES[theme].landscape[0][1])
    near = pixels[round(row) - 3 : round(row) + 4, round(column) - 3 : round(column) + 4]
    assert np.abs(near - deepest).max(axis=-1).min() <= 4
