"""The landscape's figures as Plotly gets them: their lines, colours, marks and arrows, for any grid of losses."""

import base64
import json

import numpy as np
import plotly.io as pio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.analysis.field import field
from landscape.figures.height import Height
from landscape.figures.landscape import Marks, contour, curves, line_count, surface
from landscape.figures.palette import THEMES

VIEW = ((-2.0, 2.0), (-1.0, 3.0))
FLAT, NOWHERE, HALF, POLE = "3 + 0x", "log(-1 - x^2)", "log(x) + y^2", "1/(x^2 + y^2)"
HUGE, CLIFF, TINY = "1e200 (x^2 + y^2)", "exp(exp(3x)) + y", "1e-200 (x^2 + y^2)"
ANY = [FLAT, NOWHERE, HALF, POLE, HUGE, CLIFF, TINY, "x^2 + 10y^2", "abs(x) + y^2", "-1/(x^2 + y^2)", "tan(x) y"]

texts = pytest.mark.parametrize("text", ANY)
themes = pytest.mark.parametrize("theme", THEMES)
heights = pytest.mark.parametrize("logarithmic", [None, True, False])


def drawn(
    text="x^2 + 10y^2", *, view=VIEW, theme="light", lines=24, logarithmic=None, marks=None, arrows=False, size=12
):
    """The contour plot and the surface of a formula, as the browser reads them."""
    objective = ls.formula(text)
    grid = field(objective, view)
    height = Height.of(grid.loss, logarithmic=logarithmic)
    plane = contour(
        grid,
        height,
        theme=theme,
        lines=lines,
        marks=marks or Marks(),
        arrows=field(objective, view, (17, 17)) if arrows else None,
        loss="loss",
        size=size,
    )
    return read(plane), read(surface(grid, height, theme=theme, lines=lines, size=size)), grid, height


def read(figure):
    """A figure from its JSON, which has to be strict, with its typed arrays decoded."""

    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    def decode(node):
        if "bdata" not in node:
            return node
        values = np.frombuffer(base64.b64decode(node["bdata"]), dtype=node["dtype"])
        return values.reshape([int(n) for n in str(node["shape"]).split(",")]) if "shape" in node else values

    return json.loads(figure.to_json(), parse_constant=refuse, object_hook=decode)


def levels(contours):
    """Where Plotly draws lines: from start in steps of size up to end, with the rounding that it allows."""
    start, end, size = (contours[name] for name in ("start", "end", "size"))
    assert np.isfinite([start, end, size]).all()
    assert size > 0
    return start + size * np.arange(max(0, np.floor((end - start) / size + 1e-6) + 1))


@themes
def test_a_figure_brings_its_own_colours_whatever_the_default_template_is(theme, monkeypatch):
    monkeypatch.setattr(pio.templates, "default", "plotly_dark")  # Streamlit sets one of placeholder colours
    plane, space, *_ = drawn(theme=theme)
    step = read(curves(theme=theme, step="step"))
    for figure in (plane, space, step):
        assert "#" not in json.dumps(figure["layout"]["template"])
        assert figure["layout"]["font"]["color"] == THEMES[theme].muted
    assert plane["data"][0]["colorscale"] == [list(stop) for stop in THEMES[theme].landscape]
    assert space["data"][0]["colorscale"] == plane["data"][0]["colorscale"]


def test_both_pictures_have_the_same_heights():
    plane, space, grid, height = drawn("(1 - x)^2 + 100(y - x^2)^2")
    for figure in (plane, space):
        trace = figure["data"][0]
        np.testing.assert_array_equal(trace["x"], grid.x)
        np.testing.assert_array_equal(trace["y"], grid.y)
        np.testing.assert_allclose(trace["z"], height(grid.loss), rtol=1e-6)


def test_who_points_reads_losses_and_gradients_not_heights():
    plane, _, grid, _ = drawn("(1 - x)^2 + 100(y - x^2)^2", logarithmic=True)
    trace = plane["data"][0]
    np.testing.assert_allclose(trace["customdata"][..., 0], grid.loss, rtol=1e-6)
    np.testing.assert_allclose(trace["customdata"][..., 1:], np.moveaxis(grid.gradient, 0, -1), rtol=1e-6)
    assert "loss %{customdata[0]" in trace["hovertemplate"]


@settings(max_examples=30)
@given(st.integers(4, 60), st.sampled_from(["x^2 + 10y^2", "sin(3x) cos(2y)", HALF, POLE]))
def test_there_are_as_many_lines_as_were_asked_for(lines, text):
    plane, space, grid, height = drawn(text, lines=lines)
    drawn_heights = height(grid.loss)
    low, high = np.nanmin(drawn_heights), np.nanmax(drawn_heights)
    found = levels(plane["data"][0]["contours"])
    assert len(found) == lines
    assert low < found[0]
    assert found[-1] < high
    rings = levels(space["data"][0]["contours"]["z"])
    assert abs(len(rings) - lines / 2) <= 1


def test_lines_by_themselves_are_fewer_where_many_hills_would_crowd_them():
    def count(text):
        _, _, grid, height = drawn(text)
        return line_count(grid, height)

    assert count("x") == count("x^2 + 10y^2") == 24
    assert 8 == count("sin(9x) + sin(9y)") < count("sin(3x) + sin(3y)") < 24


@texts
@heights
def test_any_landscape_has_lines_by_itself(text, logarithmic):
    _, _, grid, height = drawn(text, logarithmic=logarithmic)
    assert 8 <= line_count(grid, height) <= 24


@texts
@heights
def test_anything_can_be_drawn(text, logarithmic):
    plane, space, grid, _ = drawn(text, logarithmic=logarithmic, arrows=True)
    for figure in (plane, space):
        z = figure["data"][0]["z"]
        np.testing.assert_array_equal(np.isnan(z), np.isnan(grid.loss))
        assert np.isfinite(z[~np.isnan(z)]).all()
    levels(plane["data"][0]["contours"])
    levels(space["data"][0]["contours"]["z"])


@texts
def test_the_ticks_of_the_surface_are_numbers(text):
    axis = drawn(text, logarithmic=True)[1]["layout"]["scene"]["zaxis"]
    assert np.isfinite(axis["tickvals"]).all()
    assert len(axis["tickvals"]) == len(axis["ticktext"])


def test_a_constant_function_has_no_lines():
    plane, *_ = drawn(FLAT)
    assert len(levels(plane["data"][0]["contours"])) == 0


def test_a_pole_leaves_lines_for_the_rest():
    plane, _, grid, height = drawn("1/(x^2 + y^2)", logarithmic=False)
    assert np.isinf(grid.loss).any()
    outside = height(grid.loss[np.isfinite(grid.loss)])
    found = levels(plane["data"][0]["contours"])
    assert sum(found < np.quantile(outside, 0.98)) > 3


def test_minima_are_stars():
    marks = Marks(((1.0, 2.0), (-1.0, 0.5)), "lowest point")
    stars = drawn(marks=marks)[0]["data"][-1]
    assert (stars["x"], stars["y"], stars["marker"]["symbol"]) == ([1.0, -1.0], [2.0, 0.5], "star")
    assert stars["hovertemplate"].startswith("lowest point")
    assert len(drawn()[0]["data"]) == 1


def test_saddle_points_are_crosses_under_the_stars():
    marks = Marks(((1.0, 2.0),), saddles=((0.5, 0.25),), saddle="pass")
    crosses, stars = drawn(marks=marks)[0]["data"][-2:]
    assert (crosses["x"], crosses["y"], crosses["marker"]["symbol"]) == ([0.5], [0.25], "x-thin")
    assert crosses["hovertemplate"].startswith("pass")
    assert stars["marker"]["symbol"] == "star"


def arrows_of(text, view=VIEW):
    """Tails, tips and the middles behind the tips' heads, (2, n) each."""
    plane, *_ = drawn(text, view=view, arrows=True)
    if len(plane["data"]) == 1:
        return None
    shafts, heads = plane["data"][1:]
    line = np.stack([shafts["x"], shafts["y"]]).reshape(2, -1, 3)
    head = np.stack([heads["x"], heads["y"]]).reshape(2, -1, 4)
    assert np.isnan(line[..., 2]).all()
    assert np.isnan(head[..., 3]).all()
    assert heads["fill"] == "toself"
    np.testing.assert_array_equal(line[..., 1], head[..., 0])
    return line[..., 0], line[..., 1], head[..., 1:3].mean(axis=2)


@pytest.mark.parametrize("view", [VIEW, ((-10.0, 10.0), (-1.0, 1.0)), ((0.0, 1.0), (0.0, 50.0))])
def test_the_arrows_point_up_the_gradient_of_their_place(view):
    objective = ls.formula("x^2 + 3y^2 + x y")
    tail, head, behind = arrows_of(objective.text, view)
    middle, along = (tail + head) / 2, head - tail
    gradient = objective.gradient(middle)
    (left, right), (bottom, top) = view
    width, height = right - left, top - bottom
    cosine = (along * gradient).sum(axis=0) / np.hypot(*along) / np.hypot(*gradient)
    np.testing.assert_allclose(cosine, 1, atol=1e-3)
    # The head is turned as the shaft is, and all are as long on the screen, where both axes have one length.
    np.testing.assert_allclose((head - behind) / np.hypot(*(head - behind)), along / np.hypot(*along), atol=2e-3)
    seen = np.hypot(*((head - behind) / [[width], [height]]))
    np.testing.assert_allclose(seen, seen[0], rtol=1e-3)
    # No arrow reaches into the next cell.
    assert (abs(along[0]) <= width / 16 * 1.001).all()
    assert (abs(along[1]) <= height / 16 * 1.001).all()


def test_steeper_is_longer():
    tail, head, _ = arrows_of("x^2 + y^2", ((-2.0, 2.0), (-2.0, 2.0)))
    length, distance = np.hypot(*(head - tail)), np.hypot(*(head + tail) / 2)
    order = distance.argsort()
    assert (np.diff(length[order]) > -1e-6).all()
    assert length.max() > 1.5 * length.min()


def test_there_are_arrows_only_where_there_is_a_slope():
    tail, head, _ = arrows_of("log(x) + y^2")
    assert ((tail + head)[0] / 2 > 0).all()
    assert tail.shape[1] == 8 * 17
    assert arrows_of("x^2 + y^2", ((-2.0, 2.0), (-2.0, 2.0)))[0].shape[1] == 17 * 17 - 1  # none at the minimum
    assert arrows_of(FLAT) is None
    assert arrows_of(NOWHERE) is None


def test_zoom_and_camera_live_as_long_as_their_view():
    plane, space, *_ = drawn()
    other, turned, *_ = drawn("sin(x) + y", lines=7, theme="dark", arrows=True, size=18)
    moved, far, *_ = drawn(view=((0.0, 4.0), (0.0, 4.0)))
    assert plane["layout"]["uirevision"] == other["layout"]["uirevision"] != moved["layout"]["uirevision"]
    cameras = {figure["layout"]["scene"]["uirevision"] for figure in (space, turned, far)}
    assert len(cameras) == 1


@pytest.mark.parametrize(
    ("view", "square"), [(VIEW, True), (((0.0, 2.0), (0.0, 1.0)), True), (((0.0, 10.0), (0.0, 1.0)), False)]
)
def test_an_angle_looks_right_where_the_view_allows_it(view, square):
    layout = drawn(view=view)[0]["layout"]
    assert (layout["yaxis"].get("scaleanchor") == "x") is square
    assert layout["xaxis"]["range"] == list(view[0])
    assert layout["yaxis"]["range"] == list(view[1])


def test_no_tick_has_a_prefix():
    """Plotly's own labels would be 80k and 0.5p."""
    plane, space, *_ = drawn()
    for figure in (plane, space, read(curves(theme="light", step="step"))):
        axes = figure["layout"]["template"]["layout"]
        for axis in (axes["xaxis"], axes["yaxis"], *(axes["scene"][f"{name}axis"] for name in "xyz")):
            assert axis == {"exponentformat": "power", "minexponent": 4}


def test_a_projector_gets_larger_letters():
    plane, space, *_ = drawn(size=18)
    step = read(curves(theme="light", step="step", size=18))
    assert {figure["layout"]["font"]["size"] for figure in (plane, space, step)} == {18}
    assert plane["layout"]["hoverlabel"]["font"]["size"] > 18


def test_the_curves_are_axes_for_lines_that_come_later():
    figure = read(curves(theme="light", step="Schritt"))
    assert figure["data"] == []
    assert figure["layout"]["xaxis"]["title"]["text"] == "Schritt"
    assert figure["layout"]["dragmode"] is False
