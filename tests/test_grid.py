"""The laboratory of numpy.gradient, without a browser."""

import re

import numpy as np
import pytest
from laboratory_visit import Visit
from sent import plotted

import landscape as ls
import landscape.pages
from landscape.pages.gradients import grid
from landscape.pages.gradients.grid import GRID, INTERVALS


@pytest.mark.parametrize("edge_order", [1, 2])
@pytest.mark.parametrize("intervals", INTERVALS)
def test_the_map_of_the_error_is_numpys_error(intervals, edge_order):
    visit = Visit(GRID, {"intervals": str(intervals), "edge_order": str(edge_order)})
    axis = np.linspace(-5.5, 5.5, intervals + 1)
    theta, h = np.stack(np.meshgrid(axis, axis)), 11 / intervals
    f = ls.FUNCTIONS["himmelblau"]
    along_y, along_x = np.gradient(f(theta), h, h, edge_order=edge_order)
    exact = f.gradient(theta)
    error = np.hypot(along_x - exact[0], along_y - exact[1]) / np.hypot(*exact).max()
    cells = visit.figures[1]["over"]["cells"]
    shares = plotted(cells["shares"]).reshape(-1, cells["columns"])
    assert shares == pytest.approx(1 + np.log10(error.clip(1e-4, 1)) / 4, abs=1e-5)
    assert cells["x"] == cells["y"] == pytest.approx([-5.5 - h / 2, 5.5 + h / 2])
    (scale,) = visit.figures[1]["figure"]["data"]
    assert (scale["zmin"], scale["zmax"], [colour for _, colour in scale["colorscale"]]) == (
        -4,
        0,
        cells["colours"],
    )
    visit.same()


@pytest.mark.parametrize("intervals", [5, 10])
def test_both_fields_are_drawn_at_every_sample(intervals):
    visit = Visit(GRID, {"intervals": str(intervals)})
    axis = np.linspace(-5.5, 5.5, intervals + 1)
    theta, f, h = np.stack(np.meshgrid(axis, axis)), ls.FUNCTIONS["himmelblau"], 11 / intervals
    exact, drawn = f.gradient(theta), visit.figures[0]["over"]["lines"]
    numpys = np.stack(np.gradient(f(theta), h, h, axis=(1, 0)))
    left, right = visit.figures[0]["figure"]["layout"]["xaxis"]["range"]
    for line, field in zip(drawn, (exact, numpys), strict=True):
        assert line["marker"] == "arrows"
        x, y = (plotted(line[name]).reshape(-1, 3) for name in "xy")
        tails, arrows = np.stack([x[:, 0], y[:, 0]]), np.stack([x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]])
        assert tails == pytest.approx(theta.reshape(2, -1), abs=1e-6)
        length = np.hypot(*field.reshape(2, -1))
        assert arrows / np.hypot(*arrows) == pytest.approx(field.reshape(2, -1) / length, abs=1e-4)
        steeper = np.argsort(length)
        assert (np.diff(np.hypot(*arrows)[steeper]) > -1e-5).all(), "longer where it is steeper"
        assert left < x[:, 1].min() < x[:, 1].max() < right, "arrows of the border have room"
    assert drawn[0]["colour"] != drawn[1]["colour"]


def test_why_it_is_the_wrong_tool_inside_an_optimizer_is_said():
    text = Visit(GRID).text
    assert "Inside an optimizer: the wrong tool" in text
    assert "An optimizer asks at one point after another. The grid answers at its samples only" in text
    assert "Measured data: the right tool" in text
    assert "a central difference at one point asks it 4 times" in text


def test_where_and_how_much_it_is_off_is_said():
    visit = Visit(GRID, {"function": "", "formula": "x^2 + y^2"})
    assert "Inside, the error is" in visit.text
    assert "On the border it is up to 1.7 (10 %)" in visit.text  # h = 1.2 in both components
    visit.set("edge_order", 2)
    assert re.search(r"On the border it is up to \S+\s×\s10⁻¹. ", visit.text)


def test_the_arithmetic_at_a_sample_is_shown_with_its_numbers():
    inside = Visit(GRID, {"function": "", "formula": "x^3", "intervals": "10", "point": "1.3~0"}, arithmetic=True)
    assert r"\frac{f(x + h) - f(x - h)}{2h}" in inside.text
    assert r"\frac{13.824 - 0}{2\cdot 1.2} = 5.76" in inside.text
    assert "Exact at (1.2, 0): 4.32. Off by 1.44." in inside.text
    assert "Off by" not in Visit(GRID).text, "it is made where it is open"
    border = Visit(GRID, {"function": "", "formula": "x^3", "point": "6~0"}, arithmetic=True)
    assert r"\frac{f(x) - f(x - h)}{h}" in border.text
    border.set("edge_order", 2)
    assert r"\frac{3 f(x) - 4 f(x - h) + f(x - 2h)}{2h}" in border.text
    border = Visit(GRID, {"function": "", "formula": "x^3", "point": "-6~0"}, arithmetic=True)
    assert r"\frac{f(x + h) - f(x)}{h}" in border.text.replace("- f(x) + f(x + h)", "f(x + h) - f(x)")


def test_a_handle_chooses_the_nearest_sample():
    visit = Visit(GRID, {"point": "1.6~-3.2"})
    sample = visit.handle("sample")
    assert (sample["x"], sample["y"]) == (pytest.approx(1.1), pytest.approx(-3.3))


def test_a_measured_race_shows_what_it_is_for():
    visit = Visit(GRID)
    assert "| 7.92 | 80 | 12.24 |" in visit.text
    (race,) = [each for each in visit.figures if "yaxis2" in each["figure"]["layout"]]
    distance, speed = race["figure"]["data"]
    assert plotted(speed["y"]) == pytest.approx(np.gradient(plotted(distance["y"]), plotted(distance["x"])))


def test_the_scalar_trap_shows_nothing_the_reason_and_the_right_step():
    text = Visit(GRID).text
    assert f"np.gradient(p**2)\n{np.gradient(2.0**2)!r}" in text
    assert "one number has no neighbours" in text
    assert "ls.numerical_gradient(lambda p: p**2, p)\n1.6" in text


def test_half_the_spacing_leaves_a_quarter_inside():
    facts = GRID.facts(GRID.scenarios["half_the_spacing"].settings)
    assert facts["inside"][0] / facts["inside"][1] == pytest.approx(4)
    assert facts["border"][0] / facts["border"][1] == pytest.approx(2, rel=0.15)


@pytest.mark.parametrize("formula", ["log(x) + y", "3", "1/x + y", "log(-1 - x^2)", "1e200 (x^2 + y^2)"])
def test_holes_poles_and_plains_are_drawn(formula):
    Visit(GRID, {"function": "", "formula": formula}).same()


def test_samples_without_a_gradient_have_a_colour_of_their_own_and_are_counted():
    visit = Visit(GRID, {"function": "", "formula": "1/(x*y)"})
    found = grid.GridSettings(function="", formula="1/(x*y)").found
    cells = visit.figures[1]["over"]["cells"]
    assert np.isnan(plotted(cells["shares"])).sum() == found.missing > 0
    assert cells["missing"] not in cells["colours"]
    assert f"At {found.missing} samples, grey on the map" in visit.text
    assert not np.isnan(plotted(Visit(GRID).figures[1]["over"]["cells"]["shares"])).any()
