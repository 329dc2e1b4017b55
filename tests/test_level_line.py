"""Lines of equal loss: on every function they keep the level, and where a closed form is known they are it."""

import math

import numpy as np
import pytest

from landscape.analysis.level_line import level_line
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS

VIEW = ((-5.0, 5.0), (-5.0, 5.0))


def test_a_circle_is_walked_around_once():
    line = level_line(formula("x^2 + y^2"), (3.0, -1.0), VIEW)
    assert np.hypot(*line) == pytest.approx(math.sqrt(10), rel=1e-6)
    assert np.hypot(*np.diff(line)).sum() == pytest.approx(2 * math.pi * math.sqrt(10), rel=1e-3)
    assert line[:, 0] == pytest.approx(line[:, -1])
    assert line[:, 0] == pytest.approx([3, -1])


def test_a_line_that_leaves_the_view_ends_there_both_ways():
    line = level_line(formula("x - 2y"), (1.0, 1.0), VIEW)
    assert line[0] - 2 * line[1] == pytest.approx(-1)
    assert sorted([line[0, 0], line[0, -1]]) == pytest.approx([-5, 5], abs=0.1)
    assert (np.diff(line[0]) > 0).all() or (np.diff(line[0]) < 0).all()


@pytest.mark.parametrize("key", FUNCTIONS)
@pytest.mark.parametrize("share", [(0.3, 0.4), (0.61, 0.73), (0.9, 0.15)])
def test_keeps_the_level_goes_through_the_point_and_makes_no_leap(key, share):
    f = FUNCTIONS[key]
    point = tuple(low + part * (high - low) for part, (low, high) in zip(share, f.domain, strict=True))
    line = level_line(f, point, f.domain)
    width = min(high - low for low, high in f.domain)
    assert np.isfinite(line).all()
    assert np.hypot(*(line.T - point).T).min() == 0
    off = np.abs(f(line) - f(point)) / np.hypot(*f.gradient(line)).clip(1e-300)
    assert off.max() < 1e-3 * width / 150, "farther from the level than a picture can show"
    if line.shape[1] > 1:
        assert np.hypot(*np.diff(line)).max() < 2 * width / 150


@pytest.mark.parametrize(
    ("text", "point"),
    [("x^2 + y^2", (0.0, 0.0)), ("3", (1.0, 1.0)), ("log(x) + y", (-1.0, 0.0)), ("1/x + y", (0.0, 0.0))],
)
def test_where_there_is_no_gradient_the_point_is_alone(text, point):
    assert level_line(formula(text), point, VIEW).tolist() == [[point[0]], [point[1]]]


def test_ends_at_the_border_of_the_domain():
    line = level_line(formula("sqrt(x) + y"), (1.0, 0.0), VIEW)
    assert (line[0] >= 0).all()
    assert line[0].min() < 0.05
    assert np.sqrt(line[0]) + line[1] == pytest.approx(1, abs=1e-4)
