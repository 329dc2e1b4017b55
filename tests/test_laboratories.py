"""The laboratories of the plane, of numpy.gradient and of common functions without a browser."""

import base64
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

import landscape as ls
import landscape.pages
from landscape.figures.layout import TEMPLATE
from landscape.figures.numeral import plain
from landscape.figures.palette import THEMES
from landscape.figures.softmax import decimals, jacobian_map
from landscape.locale.sentence import filled
from landscape.pages.gradients import functions, grid, plane
from landscape.pages.gradients.functions import COMMON_FUNCTIONS
from landscape.pages.gradients.grid import GRID, INTERVALS
from landscape.pages.gradients.plane import PLANE, PlaneSettings
from landscape.pages.gradients.slope import SLOPE
from landscape.pages.gradients.step_size import STEP_SIZE

FRAME = Path(landscape.pages.__file__).with_name("frame.py")


class Visit:
    """A visit to a page; every step of it fails if the page shows an exception."""

    def __init__(self, page, address=None, *, arithmetic=False):
        self.page = page
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(page.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.app.session_state["arithmetic"] = arithmetic  # is it open?
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [f"{error.message}\n{''.join(error.stack_trace)}" for error in self.app.exception] == []
        sent = [
            part.proto for part in self.app.get("bidi_component") if part.proto.component_name == "landscape_figure"
        ]
        self.figures = [{name: strict(text) for name, text in strict(each.json).items()} for each in sent]

    def set(self, name, value):
        kinds = ("text_input", "selectbox", "slider", "select_slider", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(value))

    def value(self, name):
        return self.app.session_state[f"set_{name}"]

    @property
    def text(self):
        kinds = ("markdown", "error", "success", "code")
        text = "\n".join(each.value for kind in kinds for each in getattr(self.app, kind))
        return text.replace("\N{WORD JOINER}", "")

    def handle(self, name):
        """The first figure's handle of that id, and with it where it is."""
        return next(each for figure in self.figures for each in figure["over"]["handles"] if each["id"] == name)

    def lines(self, figure):
        """The lines laid over a figure, an x and a y each."""
        return [(unpacked(each["x"]), unpacked(each["y"])) for each in self.figures[figure]["over"]["lines"]]

    def trace(self, figure, name):
        (trace,) = [each for each in self.figures[figure]["figure"]["data"] if each.get("name") == name]
        return {axis: unpacked(trace[axis]) for axis in "xyz" if axis in trace}

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.page, self.app.query_params)
        assert [each["figure"] for each in other.figures] == [each["figure"] for each in self.figures]
        assert [each["over"]["lines"] for each in other.figures] == [each["over"]["lines"] for each in self.figures]
        assert other.text == self.text
        assert other.app.query_params == self.app.query_params


def strict(text):
    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    return json.loads(text, parse_constant=refuse)


def unpacked(values):
    if not isinstance(values, dict):
        return np.array(values, float)
    found = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return found.reshape([int(n) for n in str(values["shape"]).split(",")]) if "shape" in values else found


def acted(monkeypatch, module, settings, act):
    """The settings after something that a figure calls when a handle was moved."""
    told = []
    monkeypatch.setattr(module, "current", lambda: settings)
    monkeypatch.setattr(module, "change", lambda settings, *, final: told.append(settings))
    act()
    (changed,) = told
    return changed


@pytest.mark.parametrize(
    ("page", "first", "most"),
    [
        (SLOPE, ["slope"], 15),
        (STEP_SIZE, ["error_curves", "errors"], 14),
        (PLANE, ["plane", "slopes"], 14),
        (GRID, ["", "fields", "", "errors"], 14),
    ],
)
def test_what_moves_is_few_elements_and_the_figure_comes_first(monkeypatch, page, first, most):
    sent = []
    finished = LocalScriptRunner._on_script_finished

    def look(runner, *told):
        sent.append([message.delta for message in runner.forward_msgs() if message.delta.fragment_id])
        finished(runner, *told)

    monkeypatch.setattr(LocalScriptRunner, "_on_script_finished", look)
    Visit(page)
    elements = [delta.new_element for delta in sent[-1] if delta.WhichOneof("type") == "new_element"]
    names = [each.bidi_component.id.rpartition("-")[2] for each in elements]  # "" of all that is no figure
    assert names[: len(first)] == first
    assert len(sent[-1]) <= most
    assert not any("Drag" in each.markdown.body for each in elements), "what is to be done never changes"


def test_what_a_turn_of_the_direction_leaves_as_it_is_is_an_element_of_its_own():
    def told(direction):
        visit = Visit(PLANE, {"direction": direction})
        (sentence,) = [each.value for each in visit.app.markdown if "In direction" in each.value]
        (table,) = [each.value for each in visit.app.markdown if each.value.startswith("| (")]
        return sentence, table

    (one, table), (other, same) = told("30"), told("31")
    assert one != other
    assert table == same


def test_the_numbers_of_a_function_are_one_element():
    visit = Visit(COMMON_FUNCTIONS)
    with_table = [each.value for each in visit.app.markdown if "| f′(x) |" in each.value]
    assert len(with_table) == 1
    assert all(part in with_table[0] for part in ("Drag x", "aligned", "saturates"))


class TestPlane:
    def test_numerical_and_exact_stand_side_by_side(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4"})
        assert "| (3, 4) |" in visit.text
        rows = re.findall(r"\| ∂f/∂([xy]) \| (\S+) \| (\S+) \| (.+) \|", visit.text)
        assert [(name, float(found), exact) for name, found, exact, _off in rows] == [("x", 6, "6"), ("y", 8, "8")]
        assert "points to 53.13°, the steepest way up, and is |∇f| = 10 long" in visit.text
        visit.same()

    def test_the_point_is_typed(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2"})
        for name, typed in {"point_x": "3", "point_y": "4,0"}.items():
            visit.set(name, typed)
        assert "| (3, 4) |" in visit.text
        visit.same()
        visit.set("point_x", "")
        visit.set("point_y", "north")
        assert "“north” is no number" in visit.app.error[0].value
        assert "| (3, 4) |" in visit.text

    @pytest.mark.parametrize("method", ls.DIFFERENCES)
    def test_the_method_and_h_decide_the_difference(self, method):
        visit = Visit(PLANE, {"function": "rosenbrock", "point": "-1~1.5", "h": "0.1", "method": method})
        f = ls.FUNCTIONS["rosenbrock"]
        found, exact = ls.numerical_gradient(f, (-1, 1.5), 0.1, method), f.gradient((-1, 1.5))
        for name, difference in zip("xy", found - exact, strict=True):
            assert re.search(rf"\| ∂f/∂{name} .*\| {re.escape(plain(difference, 2))} \|", visit.text)
        visit.set("h", 1e-6)
        assert plain(found[0] - exact[0], 2) not in visit.text or method == "complex"

    @pytest.mark.parametrize(
        ("formula", "sentences"),
        [
            ("2x - 3y", ["∂f/∂x = 2 > 0: moving right raises f", "∂f/∂y = −3 < 0: moving up lowers f"]),
            ("-x", ["∂f/∂x = −1 < 0: moving right lowers f", "∂f/∂y = 0: level upwards"]),
            ("x^2 + y^2 - 6x - 8y", ["The gradient vanishes here", "∂f/∂x = 0: level to the right"]),
            ("log(-x) + y", ["f has no gradient here"]),
            ("abs(x - 3) + y", ["f has no gradient here", "| ∂f/∂x | 0 | – | – |"]),
        ],
    )
    def test_each_components_sign_is_put_into_words(self, formula, sentences):
        visit = Visit(PLANE, {"function": "", "formula": formula, "point": "3~4"})
        assert [sentence for sentence in sentences if sentence not in visit.text] == []

    @pytest.mark.parametrize(("point", "told"), [("3~4", False), ("7~4", True), ("3~-50", True)])
    def test_a_point_outside_of_what_is_drawn_is_told(self, point, told):
        visit = Visit(PLANE, {"point": point})
        assert ("The point lies outside" in " ".join(each.value for each in visit.app.caption)) is told

    def test_the_level_line_goes_through_the_point_across_the_gradient(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "0"})
        level, _dial, _spoke, tangent, *_ = visit.lines(0)
        assert np.hypot(*level) == pytest.approx(5, rel=1e-4)
        across = [np.diff(each)[0] for each in tangent]
        assert across[0] * 6 + across[1] * 8 == pytest.approx(0, abs=1e-5)

    def test_the_arrow_points_uphill_and_lies_across_the_level_line_as_both_are_drawn(self):
        visit = Visit(PLANE, {"point": "1~-2", "direction": "80"})
        f, lines = ls.FUNCTIONS["himmelblau"], visit.figures[0]["over"]["lines"]
        gradient = f.gradient((1, -2))
        (arrow,) = [each for each in lines if each["marker"] == "arrow"]
        assert arrow["text"] == "∇f"
        tail, tip = np.transpose([unpacked(arrow[axis]) for axis in "xy"])
        assert tail.tolist() == [1, -2]
        radius = PlaneSettings().dial.radius
        assert tip - tail == pytest.approx(radius * gradient / np.hypot(*gradient)), (
            "the steepest way up, to the circle"
        )
        assert f"|∇f| = {plain(float(np.hypot(*gradient)), 4)} long" in visit.text
        level = np.stack(visit.lines(0)[0])
        near = np.hypot(*(level - tail[:, None])) < radius / 10
        steps = np.diff(level[:, near])
        steps = steps[:, np.isfinite(steps).all(axis=0) & (np.hypot(*steps) > 0)]
        assert steps.shape[1] > 2
        cosines = (tip - tail) @ steps / radius / np.hypot(*steps)
        assert abs(cosines).max() < 0.1
        assert abs(cosines.mean()) < 0.02

    def test_the_dial_shows_the_slope_and_the_cosine_beside_it_agrees(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "90"})
        assert "In direction 90° the slope is |∇f| cos φ = 10 · cos 36.87° = 8." in visit.text
        (turned,) = visit.figures[1]["over"]["handles"]
        assert (turned["x"], turned["y"]) == (90, pytest.approx(8))
        (angles, slopes), *_ = visit.lines(1)
        assert slopes == pytest.approx(10 * np.cos(np.radians(angles - 53.1301)), abs=1e-3)

    @pytest.mark.parametrize("scale", ["1e-300", "1e-7", "1", "123.4", "1e300"])
    def test_the_axis_of_slopes_reaches_beyond_the_cosine_and_not_twice_as_far(self, scale):
        visit = Visit(PLANE, {"function": "", "formula": f"{scale} (3x + 4y)", "point": "1~1"})
        low, high = visit.figures[1]["figure"]["layout"]["yaxis"]["range"]
        highest = 5 * float(scale)
        assert low == -high
        assert 1.15 * highest < high < 1.75 * highest

    def test_a_move_leaves_what_is_drawn_below_the_lines_as_it_is(self):
        one, other = (
            Visit(PLANE, {"formula": "x^2 + y^2", "function": "", "point": point, "direction": direction})
            for point, direction in (("3~4", "30"), ("3.1~4", "90"))
        )
        assert [each["figure"] for each in one.figures] == [each["figure"] for each in other.figures]

    def test_an_angle_that_is_nearly_none_is_none_and_none_is_negative(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "53.13"})
        assert "|∇f| cos φ = 10 · cos 0° = 10." in visit.text
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "13.13"})
        assert "|∇f| cos φ = 10 · cos 40° = 7.66." in visit.text
        assert [each["text"] for each in visit.figures[0]["over"]["lines"] if each["text"]] == ["∇f", "|∇f| cos φ"]

    def test_the_handles_move_the_point_and_turn_the_dial(self, monkeypatch):
        settings = PlaneSettings(point=(1.0, 1.0))
        assert acted(monkeypatch, plane, settings, lambda: plane.move("point", 2.0, -1.0, True)).point == (2, -1)
        turned = acted(monkeypatch, plane, settings, lambda: plane.move("direction", 0.0, 2.0, True))
        assert turned.direction == 135
        assert PlaneSettings.read(turned.address()) == (turned, [])

    def test_the_integer_trap_shows_the_wrong_answers_and_the_right_ones(self):
        text = Visit(PLANE).text.replace("\\", "")
        assert "| `np.array([3.0, 4.0])` | [6.0, 8.0] | [6.0, 8.0] |" in text
        assert "| `np.array([3, 4])` | [25000, 35000] | [6.0, 8.0] |" in text
        assert "IndexError: index 2 is out of bounds for axis 0 with size 2 | [[2.0, 4.0], [6.0, 8.0]] |" in text
        assert "def in_place_gradient" in text

    def test_a_question_about_the_trap_is_not_answered_by_the_page(self):
        visit = Visit(PLANE, {"scenario": "whole_numbers"})
        assert "25000" not in visit.text
        visit = Visit(PLANE, {"scenario": "whole_numbers", "revealed": "yes"})
        assert "[25000, 35000]. In an array of whole numbers" in visit.text

    def test_a_point_far_outside_of_the_view_is_refused(self):
        visit = Visit(PLANE)
        before = visit.handle("point")
        visit.set("point_y", "1e8")
        assert visit.app.error[0].value == "y: 100000000 is out of range: −115.5 to 115.5."
        assert visit.handle("point") == before

    def test_half_is_left_at_sixty_degrees(self):
        scenario = PLANE.scenarios["sixty_degrees"]
        answer = filled(scenario.answer, **PLANE.facts(scenario.settings))
        assert "10 · cos 60° = 5" in answer
        assert "= 5." not in Visit(PLANE, {"scenario": "sixty_degrees"}).text, "the dial stands elsewhere at first"

    @pytest.mark.parametrize("page", [PLANE, GRID], ids=["plane", "grid"])
    def test_an_address_whose_formula_is_none_says_what_is_shown_instead(self, page):
        visit = Visit(page, {"function": "", "formula": "x +"})
        (error,) = visit.app.error
        assert error.value.endswith("What is shown is Himmelblau.")
        assert [each["over"]["handles"] for each in visit.figures if each["over"]["handles"]]
        visit.set("formula", "x + y")
        assert visit.handle("point" if page is PLANE else "sample")

    def test_a_formula_that_is_none_keeps_the_picture_and_says_what_is_wrong(self):
        visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4"})
        before = visit.figures[0]["figure"]
        visit.set("formula", "x^2 + ")
        assert visit.app.error.len == 1
        assert visit.figures[0]["figure"] is not before
        assert "∂f/∂x" in visit.text

    @pytest.mark.parametrize("key", ls.FUNCTIONS)
    def test_every_function_is_drawn_with_its_numbers(self, key):
        visit = Visit(PLANE)
        visit.set("function", key)
        point = visit.handle("point")
        function = ls.FUNCTIONS[key]
        for name, (low, high), middle in zip("xy", function.domain, np.mean(function.domain, axis=1), strict=True):
            assert low < point[name] < high
            assert abs(point[name] - middle) <= 0.6 * abs(function.start["xy".index(name)] - middle) + 1e-3
        place = point["x"], point["y"]
        off = ls.numerical_gradient(function, place, 1e-4) - function.gradient(place)
        told = re.findall(r"\| ∂f/∂[xy] \|.*\| (.+) \|", visit.text)
        assert told == [plain(float(each), 2) for each in off]
        visit.same()


class TestGrid:
    @pytest.mark.parametrize("edge_order", [1, 2])
    @pytest.mark.parametrize("intervals", INTERVALS)
    def test_the_map_of_the_error_is_numpys_error(self, intervals, edge_order):
        visit = Visit(GRID, {"intervals": str(intervals), "edge_order": str(edge_order)})
        axis = np.linspace(-5.5, 5.5, intervals + 1)
        theta, h = np.stack(np.meshgrid(axis, axis)), 11 / intervals
        f = ls.FUNCTIONS["himmelblau"]
        along_y, along_x = np.gradient(f(theta), h, h, edge_order=edge_order)
        exact = f.gradient(theta)
        error = np.hypot(along_x - exact[0], along_y - exact[1]) / np.hypot(*exact).max()
        cells = visit.figures[1]["over"]["cells"]
        shares = unpacked(cells["shares"]).reshape(-1, cells["columns"])
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
    def test_both_fields_are_drawn_at_every_sample(self, intervals):
        visit = Visit(GRID, {"intervals": str(intervals)})
        axis = np.linspace(-5.5, 5.5, intervals + 1)
        theta, f, h = np.stack(np.meshgrid(axis, axis)), ls.FUNCTIONS["himmelblau"], 11 / intervals
        exact, drawn = f.gradient(theta), visit.figures[0]["over"]["lines"]
        numpys = np.stack(np.gradient(f(theta), h, h, axis=(1, 0)))
        left, right = visit.figures[0]["figure"]["layout"]["xaxis"]["range"]
        for line, field in zip(drawn, (exact, numpys), strict=True):
            assert line["marker"] == "arrows"
            x, y = (unpacked(line[name]).reshape(-1, 3) for name in "xy")
            tails, arrows = np.stack([x[:, 0], y[:, 0]]), np.stack([x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]])
            assert tails == pytest.approx(theta.reshape(2, -1), abs=1e-6)
            length = np.hypot(*field.reshape(2, -1))
            assert arrows / np.hypot(*arrows) == pytest.approx(field.reshape(2, -1) / length, abs=1e-4)
            steeper = np.argsort(length)
            assert (np.diff(np.hypot(*arrows)[steeper]) > -1e-5).all(), "longer where it is steeper"
            assert left < x[:, 1].min() < x[:, 1].max() < right, "arrows of the border have room"
        assert drawn[0]["colour"] != drawn[1]["colour"]

    def test_why_it_is_the_wrong_tool_inside_an_optimizer_is_said(self):
        text = Visit(GRID).text
        assert "Inside an optimizer: the wrong tool" in text
        assert "An optimizer asks at one point after another. The grid answers at its samples only" in text
        assert "Measured data: the right tool" in text
        assert "a central difference at one point asks it 4 times" in text

    def test_where_and_how_much_it_is_off_is_said(self):
        visit = Visit(GRID, {"function": "", "formula": "x^2 + y^2"})
        assert "Inside, the error is" in visit.text
        assert "On the border it is up to 1.7 (10 %)" in visit.text  # h = 1.2 in both components
        visit.set("edge_order", 2)
        assert re.search(r"On the border it is up to \S+\s×\s10⁻¹. ", visit.text)

    def test_the_arithmetic_at_a_sample_is_shown_with_its_numbers(self):
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

    def test_a_handle_chooses_the_nearest_sample(self):
        visit = Visit(GRID, {"point": "1.6~-3.2"})
        sample = visit.handle("sample")
        assert (sample["x"], sample["y"]) == (pytest.approx(1.1), pytest.approx(-3.3))

    def test_a_measured_race_shows_what_it_is_for(self):
        visit = Visit(GRID)
        assert "| 7.92 | 80 | 12.24 |" in visit.text
        (race,) = [each for each in visit.figures if "yaxis2" in each["figure"]["layout"]]
        distance, speed = race["figure"]["data"]
        assert unpacked(speed["y"]) == pytest.approx(np.gradient(unpacked(distance["y"]), unpacked(distance["x"])))

    def test_the_scalar_trap_shows_nothing_the_reason_and_the_right_step(self):
        text = Visit(GRID).text
        assert f"np.gradient(p**2)\n{np.gradient(2.0**2)!r}" in text
        assert "one number has no neighbours" in text
        assert "ls.numerical_gradient(lambda p: p**2, p)\n1.6" in text

    def test_half_the_spacing_leaves_a_quarter_inside(self):
        facts = GRID.facts(GRID.scenarios["half_the_spacing"].settings)
        assert facts["inside"][0] / facts["inside"][1] == pytest.approx(4)
        assert facts["border"][0] / facts["border"][1] == pytest.approx(2, rel=0.15)

    @pytest.mark.parametrize("formula", ["log(x) + y", "3", "1/x + y", "log(-1 - x^2)", "1e200 (x^2 + y^2)"])
    def test_holes_poles_and_plains_are_drawn(self, formula):
        Visit(GRID, {"function": "", "formula": formula}).same()


class TestCommonFunctions:
    @pytest.mark.parametrize("key", ls.ACTIVATIONS)
    def test_the_curves_are_the_function_and_its_slope(self, key):
        visit = Visit(COMMON_FUNCTIONS, {"activation": key, "weight": "1", "bias": "0"})
        curve = visit.trace(0, "f")
        value, slope = ls.ACTIVATIONS[key].value_and_slope(curve["x"])
        assert curve["y"] == pytest.approx(value, abs=1e-5)
        (below,) = [each for each in visit.figures[0]["figure"]["data"] if each.get("yaxis") == "y2"]
        assert unpacked(below["y"]) == pytest.approx(slope, abs=1e-5)
        handle = visit.handle("x")
        assert handle["y"] == pytest.approx(float(ls.ACTIVATIONS[key](1.0).data))
        shaded = [(each["x0"], each["x1"]) for each in visit.figures[0]["figure"]["layout"].get("shapes", [])]
        below, above = ls.ACTIVATIONS[key].saturation
        assert shaded == [(-8, below)] * math.isfinite(below) + [(above, 8)] * math.isfinite(above)
        assert ("It saturates nowhere." in visit.text) is (not shaded)
        visit.same()

    @pytest.mark.parametrize("key", ls.ACTIVATIONS)
    def test_the_tangent_touches_the_curve_and_its_slope_stands_below(self, key):
        visit = Visit(COMMON_FUNCTIONS, {"activation": key, "x": "0.7"})
        (x, y), (at, slope) = visit.lines(0)
        handle = visit.handle("x")
        assert (x.mean(), y.mean()) == (pytest.approx(0.7), pytest.approx(handle["y"]))
        assert np.diff(y)[0] / np.diff(x)[0] == pytest.approx(slope[0])
        assert at == [0.7]
        assert f"f′(0.7) = {plain(slope[0], 4)}" in handle["text"]
        other = Visit(COMMON_FUNCTIONS, {"activation": key, "x": "-2"})
        assert other.figures[0]["figure"] == visit.figures[0]["figure"], "the curves stay"

    def test_relu_and_sigmoid_as_in_the_table_of_derivatives(self):
        assert "| f′(x) | 0 | 0 | **1** | 1 |" in Visit(COMMON_FUNCTIONS, {"activation": "relu"}).text
        sigmoid = Visit(COMMON_FUNCTIONS, {"activation": "sigmoid", "x": "0"})
        assert "f′(0) = 0.25" in sigmoid.handle("x")["text"]
        assert "| f′(x) | 0.1966 | **0.25** | 0.105 |" in sigmoid.text

    def test_a_line_has_the_gradients_x_one_and_w(self):
        visit = Visit(COMMON_FUNCTIONS, {"activation": "linear", "x": "-1.5"})
        visit.set("weight", 2.5)
        assert "∂y/∂w = x = −1.5, ∂y/∂b = 1 and ∂y/∂x = w = 2.5" in visit.text
        assert visit.handle("x")["y"] == -1.5 * 2.5 + 1
        visit.same()

    def test_softmax_has_its_curve_its_slope_and_where_it_saturates(self):
        logits = (2.0, 1.0, 0.1)
        visit = Visit(COMMON_FUNCTIONS, {"activation": "softmax"})
        curve, s = visit.trace(0, "f"), ls.Tensor(logits).softmax().data
        expected = [ls.Tensor([x, *logits[1:]]).softmax().data[0] for x in curve["x"]]
        assert curve["y"] == pytest.approx(expected, abs=1e-6)
        (below,) = [each for each in visit.figures[0]["figure"]["data"] if each.get("yaxis") == "y2"]
        assert unpacked(below["y"]) == pytest.approx(curve["y"] * (1 - curve["y"]), abs=1e-6)
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

    def test_the_point_of_softmax_is_its_first_logit(self, monkeypatch):
        settings = functions.FunctionsSettings(activation="softmax")
        visit = Visit(COMMON_FUNCTIONS, replace(settings, logits=(7.5, 1.0, 0.1)).address())
        assert [visit.handle(name)["x" if name == "x" else "y"] for name in ("x", "x1")] == [7.5, 7.5]
        bar = next(each for each in visit.figures[3]["over"]["lines"] if each["name"] == "s")
        assert unpacked(bar["y"])[-1] == pytest.approx(visit.handle("x")["y"])
        visit.set("classes", 4)
        assert "x₂ = 1, x₃ = 0.1, x₄ = 0." in visit.text
        moved = acted(monkeypatch, functions, settings, lambda: functions.move_point("x", 7.5, 0.9, True))
        assert (moved.logits, moved.x) == ((7.5, 1.0, 0.1), settings.x)

    def test_the_jacobian_stands_with_its_numbers(self):
        visit = Visit(COMMON_FUNCTIONS, {"logits": f"0~0~{math.log(2)}"})
        s = np.array([0.25, 0.25, 0.5])
        expected = {(j + 1, i + 1): decimals(entry) for (i, j), entry in np.ndenumerate(np.diag(s) - np.outer(s, s))}
        lines = visit.figures[2]["over"]["lines"]
        told = {(*unpacked(each["x"]), *unpacked(each["y"])): each["text"] for each in lines if each["text"]}
        assert told == expected
        assert told[2, 1] == "−0.062"
        assert visit.figures[2]["figure"]["layout"]["yaxis"]["range"] == [3.5, 0.5], "the first row is above"
        filled_in = [each for each in lines if each["fill"]]
        cells = {tuple(round(unpacked(each[axis]).mean()) for axis in "xy"): each["fill"] for each in filled_in}
        assert cells[1, 1] == cells[2, 2] != cells[2, 1] == cells[1, 2]
        visit.same()

    def test_colours_of_the_jacobian_reach_from_least_to_largest_by_way_of_the_ground(self):
        found = [line.fill for line in jacobian_map(np.array([[-0.5, 0], [0.25, 0.5]]), theme="light") if line.fill]
        red, green, blue = np.transpose([[int(part) for part in re.findall(r"\d+", each)] for each in found])
        low, none, half, high = np.transpose([red, green, blue])
        ground = [int(THEMES["light"].panel[i : i + 2], 16) for i in (1, 3, 5)]
        assert none == pytest.approx(ground, abs=1)
        assert half == pytest.approx((none + high) / 2, abs=1)
        assert low[2] > low[0], "blue below"
        assert high[0] > high[2], "red above"

    def test_the_cross_entropy_sends_back_s_minus_y(self):
        visit = Visit(COMMON_FUNCTIONS, {"logits": f"0~0~{math.log(2)}"})
        visit.set("label", 2)
        bars = [each for each in visit.figures[3]["over"]["lines"] if each["fill"]]
        assert [bar["name"] for bar in bars] == ["s", "", "", "y", "", "", "s − y", "", ""]
        s, y, push = np.reshape([unpacked(bar["y"])[-1] for bar in bars], (3, 3))
        assert s == pytest.approx([0.25, 0.25, 0.5])
        assert y.tolist() == [0, 0, 1]
        assert push == pytest.approx(s - y)
        told = [each["text"] for each in visit.figures[3]["over"]["lines"] if each["text"]]
        assert told == ["0.250", "0.250", "−0.500"]
        assert "the loss is −ln s₃ = 0.6931" in visit.text
        assert "(0.250, 0.250, −0.500)" in visit.text
        visit.same()

    def test_a_fourth_class_comes_and_goes(self):
        visit = Visit(COMMON_FUNCTIONS)
        visit.set("classes", 4)
        visit.set("label", 3)
        assert [each["id"] for each in visit.figures[1]["over"]["handles"]] == ["x1", "x2", "x3", "x4"]
        visit.same()
        visit.set("classes", 3)
        assert visit.value("label") == 2, "the last that is left"
        visit.same()

    def test_a_logit_is_dragged_as_far_as_its_axis(self, monkeypatch):
        settings = functions.FunctionsSettings()
        moved = acted(monkeypatch, functions, settings, lambda: functions.move_logit("x2", 2.0, 9.0, True))
        assert moved.logits == (2.0, 8.0, 0.1)
        assert functions.FunctionsSettings.read(moved.address()) == (moved, [])

    @pytest.mark.parametrize("logits", ["1~2", "1~2~3~4~5", "1~2~9", "1~2~nan"])
    def test_other_logits_are_refused(self, logits):
        assert functions.FunctionsSettings.read({"logits": logits}) == (functions.FunctionsSettings(), ["logits"])
        assert functions.FunctionsSettings.read({"label": "3"}) == (functions.FunctionsSettings(), ["label"])

    def test_the_answers_are_what_the_functions_do(self):
        facts = COMMON_FUNCTIONS.facts(functions.FunctionsSettings())
        assert facts["zero"] == 0.25
        assert facts["six"] == pytest.approx(math.exp(-6) / (1 + math.exp(-6)) ** 2)
        assert facts["pushes"][2] == pytest.approx(facts["pushes"][0] + facts["pushes"][1])
        assert facts["pushes"][2] == max(facts["pushes"])


@pytest.mark.parametrize(
    ("page", "module"),
    [(PLANE, plane), (GRID, grid), (COMMON_FUNCTIONS, functions)],
    ids=["plane", "grid", "functions"],
)
@pytest.mark.parametrize("projector", ["yes", "no"])
def test_a_projector_has_larger_letters_in_every_figure(page, module, projector):
    visit = Visit(page, {"projector": projector} if projector == "yes" else {})
    sizes = {each["figure"]["layout"]["font"]["size"] for each in visit.figures if "font" in each["figure"]["layout"]}
    assert sizes == {18 if projector == "yes" else 12}


@pytest.mark.parametrize("page", [PLANE, GRID, STEP_SIZE], ids=["plane", "grid", "step"])
def test_what_lies_over_a_ground_leaves_it_its_ticks(page):
    over = Visit(page).figures[0]
    assert over["over"]["ground"]
    assert over["figure"]["layout"].get("template", TEMPLATE) == TEMPLATE


def test_samples_without_a_gradient_have_a_colour_of_their_own_and_are_counted():
    visit = Visit(GRID, {"function": "", "formula": "1/(x*y)"})
    found = grid.GridSettings(function="", formula="1/(x*y)").found
    cells = visit.figures[1]["over"]["cells"]
    assert np.isnan(unpacked(cells["shares"])).sum() == found.missing > 0
    assert cells["missing"] not in cells["colours"]
    assert f"At {found.missing} samples, grey on the map" in visit.text
    assert not np.isnan(unpacked(Visit(GRID).figures[1]["over"]["cells"]["shares"])).any()
