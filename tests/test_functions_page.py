"""The laboratory of common functions, without a browser."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from laboratory_visit import Visit, acted
from sent import plotted

import landscape as ls
import landscape.pages
from landscape.figures.numeral import plain
from landscape.figures.palette import THEMES
from landscape.figures.softmax import decimals, jacobian_map
from landscape.pages.gradients import functions
from landscape.pages.gradients.functions import COMMON_FUNCTIONS


@pytest.mark.parametrize("key", ls.ACTIVATIONS)
def test_the_curves_are_the_function_and_its_slope(key):
    visit = Visit(COMMON_FUNCTIONS, {"activation": key, "weight": "1", "bias": "0"})
    curve = visit.trace(0, "f")
    value, slope = ls.ACTIVATIONS[key].value_and_slope(curve["x"])
    assert curve["y"] == pytest.approx(value, abs=1e-5)
    (below,) = [each for each in visit.figures[0]["figure"]["data"] if each.get("yaxis") == "y2"]
    assert plotted(below["y"]) == pytest.approx(slope, abs=1e-5)
    handle = visit.handle("x")
    assert handle["y"] == pytest.approx(float(ls.ACTIVATIONS[key](1.0).data))
    shaded = [(each["x0"], each["x1"]) for each in visit.figures[0]["figure"]["layout"].get("shapes", [])]
    below, above = ls.ACTIVATIONS[key].saturation
    assert shaded == [(-8, below)] * math.isfinite(below) + [(above, 8)] * math.isfinite(above)
    assert ("It saturates nowhere." in visit.text) is (not shaded)
    visit.same()


@pytest.mark.parametrize("key", ls.ACTIVATIONS)
def test_the_tangent_touches_the_curve_and_its_slope_stands_below(key):
    visit = Visit(COMMON_FUNCTIONS, {"activation": key, "x": "0.7"})
    (x, y), (at, slope) = visit.lines(0)
    handle = visit.handle("x")
    assert (x.mean(), y.mean()) == (pytest.approx(0.7), pytest.approx(handle["y"]))
    assert np.diff(y)[0] / np.diff(x)[0] == pytest.approx(slope[0])
    assert at == [0.7]
    assert f"f′(0.7) = {plain(slope[0], 4)}" in handle["text"]
    other = Visit(COMMON_FUNCTIONS, {"activation": key, "x": "-2"})
    assert other.figures[0]["figure"] == visit.figures[0]["figure"], "the curves stay"


def test_relu_and_sigmoid_as_in_the_table_of_derivatives():
    assert "| f′(x) | 0 | 0 | **1** | 1 |" in Visit(COMMON_FUNCTIONS, {"activation": "relu"}).text
    sigmoid = Visit(COMMON_FUNCTIONS, {"activation": "sigmoid", "x": "0"})
    assert "f′(0) = 0.25" in sigmoid.handle("x")["text"]
    assert "| f′(x) | 0.1966 | **0.25** | 0.105 |" in sigmoid.text


def test_a_line_has_the_gradients_x_one_and_w():
    visit = Visit(COMMON_FUNCTIONS, {"activation": "linear", "x": "-1.5"})
    visit.set("weight", 2.5)
    assert "∂y/∂w = x = −1.5, ∂y/∂b = 1 and ∂y/∂x = w = 2.5" in visit.text
    assert visit.handle("x")["y"] == -1.5 * 2.5 + 1
    visit.same()


def test_softmax_has_its_curve_its_slope_and_where_it_saturates():
    logits = (2.0, 1.0, 0.1)
    visit = Visit(COMMON_FUNCTIONS, {"activation": "softmax"})
    curve, s = visit.trace(0, "f"), ls.Tensor(logits).softmax().data
    expected = [ls.Tensor([x, *logits[1:]]).softmax().data[0] for x in curve["x"]]
    assert curve["y"] == pytest.approx(expected, abs=1e-6)
    (below,) = [each for each in visit.figures[0]["figure"]["data"] if each.get("yaxis") == "y2"]
    assert plotted(below["y"]) == pytest.approx(curve["y"] * (1 - curve["y"]), abs=1e-6)
    handle, (_tangent, (at, slope)) = visit.handle("x"), visit.lines(0)
    assert (handle["x"], handle["y"], at[0], slope[0]) == pytest.approx((2, s[0], 2, s[0] * (1 - s[0])))
    entries = [each["text"] for each in visit.figures[2]["over"]["lines"] if each["text"]]
    assert entries[0] == decimals(slope[0])
    (low, high), shift = (
        functions.FunctionsSettings(activation="softmax").curve.saturation,
        math.log(sum(map(math.exp, logits[1:]))),
    )
    assert (low, high) == pytest.approx((shift - 5.986, shift + 5.986), abs=0.01)
    shaded = [(each["x0"], each["x1"]) for each in visit.figures[0]["figure"]["layout"]["shapes"]]
    assert shaded == [(-8, low), (high, 8)]
    assert f"Shaded, below {plain(low, 3)} and above {plain(high, 3)}, it saturates" in visit.text
    assert "the others stay fixed: x₂ = 1, x₃ = 0.1." in visit.text
    assert f"{plain(s[0], 4)} · (1 − {plain(s[0], 4)}) = {plain(slope[0], 4)}" in visit.text
    visit.same()


def test_the_point_of_softmax_is_its_first_logit(monkeypatch):
    settings = functions.FunctionsSettings(activation="softmax")
    visit = Visit(COMMON_FUNCTIONS, replace(settings, logits=(7.5, 1.0, 0.1)).address())
    assert [visit.handle(name)["x" if name == "x" else "y"] for name in ("x", "x1")] == [7.5, 7.5]
    bar = next(each for each in visit.figures[3]["over"]["lines"] if each["name"] == "s")
    assert plotted(bar["y"])[-1] == pytest.approx(visit.handle("x")["y"])
    visit.set("classes", 4)
    assert "x₂ = 1, x₃ = 0.1, x₄ = 0." in visit.text
    moved = acted(monkeypatch, functions, settings, lambda: functions.move_point("x", 7.5, 0.9, True))
    assert (moved.logits, moved.x) == ((7.5, 1.0, 0.1), settings.x)


def test_the_jacobian_stands_with_its_numbers():
    visit = Visit(COMMON_FUNCTIONS, {"logits": f"0~0~{math.log(2)}"})
    s = np.array([0.25, 0.25, 0.5])
    expected = {(j + 1, i + 1): decimals(entry) for (i, j), entry in np.ndenumerate(np.diag(s) - np.outer(s, s))}
    lines = visit.figures[2]["over"]["lines"]
    told = {(*plotted(each["x"]), *plotted(each["y"])): each["text"] for each in lines if each["text"]}
    assert told == expected
    assert told[2, 1] == "−0.062"
    assert visit.figures[2]["figure"]["layout"]["yaxis"]["range"] == [3.5, 0.5], "the first row is above"
    filled_in = [each for each in lines if each["fill"]]
    cells = {tuple(round(plotted(each[axis]).mean()) for axis in "xy"): each["fill"] for each in filled_in}
    assert cells[1, 1] == cells[2, 2] != cells[2, 1] == cells[1, 2]
    visit.same()


def test_colours_of_the_jacobian_reach_from_least_to_largest_by_way_of_the_ground():
    found = [line.fill for line in jacobian_map(np.array([[-0.5, 0], [0.25, 0.5]]), theme="light") if line.fill]
    red, green, blue = np.transpose([[int(part) for part in re.findall(r"\d+", each)] for each in found])
    low, none, half, high = np.transpose([red, green, blue])
    ground = [int(THEMES["light"].panel[i : i + 2], 16) for i in (1, 3, 5)]
    assert none == pytest.approx(ground, abs=1)
    assert half == pytest.approx((none + high) / 2, abs=1)
    assert low[2] > low[0], "blue below"
    assert high[0] > high[2], "red above"


def test_the_cross_entropy_sends_back_s_minus_y():
    visit = Visit(COMMON_FUNCTIONS, {"logits": f"0~0~{math.log(2)}"})
    visit.set("label", 2)
    bars = [each for each in visit.figures[3]["over"]["lines"] if each["fill"]]
    assert [bar["name"] for bar in bars] == ["s", "", "", "y", "", "", "s − y", "", ""]
    s, y, push = np.reshape([plotted(bar["y"])[-1] for bar in bars], (3, 3))
    assert s == pytest.approx([0.25, 0.25, 0.5])
    assert y.tolist() == [0, 0, 1]
    assert push == pytest.approx(s - y)
    told = [each["text"] for each in visit.figures[3]["over"]["lines"] if each["text"]]
    assert told == ["0.250", "0.250", "−0.500"]
    assert "the loss is −ln s₃ = 0.6931" in visit.text
    assert "(0.250, 0.250, −0.500)" in visit.text
    visit.same()


def test_a_fourth_class_comes_and_goes():
    visit = Visit(COMMON_FUNCTIONS)
    visit.set("classes", 4)
    visit.set("label", 3)
    assert [each["id"] for each in visit.figures[1]["over"]["handles"]] == ["x1", "x2", "x3", "x4"]
    visit.same()
    visit.set("classes", 3)
    assert visit.value("label") == 2, "the last that is left"
    visit.same()


def test_a_logit_is_dragged_as_far_as_its_axis(monkeypatch):
    settings = functions.FunctionsSettings()
    moved = acted(monkeypatch, functions, settings, lambda: functions.move_logit("x2", 2.0, 9.0, True))
    assert moved.logits == (2.0, 8.0, 0.1)
    assert functions.FunctionsSettings.read(moved.address()) == (moved, [])


@pytest.mark.parametrize("logits", ["1~2", "1~2~3~4~5", "1~2~9", "1~2~nan"])
def test_other_logits_are_refused(logits):
    assert functions.FunctionsSettings.read({"logits": logits}) == (functions.FunctionsSettings(), ["logits"])
    assert functions.FunctionsSettings.read({"label": "3"}) == (functions.FunctionsSettings(), ["label"])


def test_the_answers_are_what_the_functions_do():
    facts = COMMON_FUNCTIONS.facts(functions.FunctionsSettings())
    assert facts["zero"] == 0.25
    assert facts["six"] == pytest.approx(math.exp(-6) / (1 + math.exp(-6)) ** 2)
    assert facts["pushes"][2] == pytest.approx(facts["pushes"][0] + facts["pushes"][1])
    assert facts["pushes"][2] == max(facts["pushes"])


def test_the_numbers_of_a_function_are_one_element():
    visit = Visit(COMMON_FUNCTIONS)
    with_table = [each.value for each in visit.app.markdown if "| f′(x) |" in each.value]
    assert len(with_table) == 1
    assert all(part in with_table[0] for part in ("Drag x", "aligned", "saturates"))
