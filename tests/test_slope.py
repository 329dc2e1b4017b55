"""The laboratory of the slope without a browser: its numbers, its figure, bad input, and the address."""

import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sent import plotted, strict
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import landscape.pages
from landscape.figures.slope import DIFFERENCE_STYLES
from landscape.gradients.numerical import DIFFERENCES
from landscape.locale import LANGUAGES, translation
from landscape.locale.sentence import filled
from landscape.objectives.curve import CURVES
from landscape.pages.gradients.difference import STEPS, nearest_step
from landscape.pages.gradients.slope import SCENARIOS, SLOPE, SlopeSettings, facts, finding, move, typeset
from landscape.pages.gradients.step_size import StepSizeSettings

FRAME = Path(landscape.pages.__file__).with_name("frame.py")
SHOWN = {"landscape_ground", "landscape_figure"}  # of the components


class Visit:
    """A visit to the page; every step of it fails if the page shows an exception."""

    def __init__(self, address=None):
        self.app = AppTest.from_file(FRAME, default_timeout=60)
        self.app._page_hash = calc_hash(SLOPE.key)  # switch_page knows files only
        self.app.query_params.update(address or {})
        self.run(self.app)

    def run(self, node):
        node.run()
        assert [error.message for error in self.app.exception] == []
        parts = [each.proto for each in self.app.get("bidi_component")]
        sent = [json.loads(part.json) for part in parts if part.component_name in SHOWN]
        drawn = [{name: strict(text) for name, text in each.items()} for each in sent]
        self.whole, self.magnified = drawn or (None, None)

    def set(self, name, value):
        kinds = ("text_input", "selectbox", "select_slider", "button_group")
        (widget,) = [each for kind in kinds for each in getattr(self.app, kind) if each.key == f"set_{name}"]
        self.run(widget.set_value(str(value) if widget.type == "text_input" else value))

    @property
    def text(self):
        """What the page says, without the places where a formula may go on in a second line."""
        told = [each.value for kind in ("markdown", "error", "success") for each in getattr(self.app, kind)]
        return "\n".join(told).replace(r" \allowbreak = \nobreak ", " = ")

    @property
    def handles(self):
        return {each["id"]: each for each in self.whole["over"]["handles"]}

    def line(self, name):
        """A line over the figure, by how its name begins."""
        (found,) = [each for each in self.whole["over"]["lines"] if each["name"].startswith(name)]
        return tuple(plotted(found[axis]) for axis in "xy")

    @property
    def legend(self):
        return [each["name"] for each in self.whole["over"]["lines"] if each["name"]]

    def same(self):
        """Assert that whoever opens the address of this page sees the same."""
        other = Visit(self.app.query_params)
        assert other.whole["figure"] == self.whole["figure"]
        for mine, its in ((self.whole, other.whole), (self.magnified, other.magnified)):
            assert its["over"]["lines"] == mine["over"]["lines"]
        assert other.app.query_params == self.app.query_params


def test_the_first_screen_is_the_square_at_three_whose_slope_is_six():
    visit = Visit()
    assert visit.app.query_params == {}
    assert visit.legend == ["f(x)", "tangent, slope 6", "secant, slope 7"]
    assert r"\frac{16 - 9}{1} = 7" in visit.text
    assert "exact slope is 6" in visit.text
    assert "| Central | 6 | 0 |" in visit.text
    assert "| **Forward** | **7** | **1** |" in visit.text


@pytest.mark.parametrize(("h", "slope"), [(1.0, "3"), (0.5, "2.5"), (0.1, "2.1"), (0.01, "2.01")])
def test_the_secant_of_the_square_at_one_turns_into_the_tangent(h, slope):
    visit = Visit({"x": "1"})
    visit.set("h", h)
    assert f"= {slope}$" in visit.text
    x, y = visit.line("secant")
    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(float(slope), rel=1e-6)
    x, y = visit.line("tangent")
    assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(2)
    visit.same()


def test_the_lines_touch_the_curve_where_the_handles_are():
    visit = Visit({"curve": "sine", "h": "0.5", "method": "backward"})
    point, end = visit.handles["point"], visit.handles["h"]
    assert (point["x"], point["y"]) == pytest.approx((1, math.sin(1)))
    assert (end["x"], end["y"], end["label"]) == (pytest.approx(0.5), pytest.approx(math.sin(0.5)), "x − h")
    visit.set("method", "forward")
    assert visit.handles["h"]["x"] == pytest.approx(1.5)
    visit.set("method", "complex")
    assert list(visit.handles) == ["point"]


def test_a_tiny_step_is_seen_in_the_magnifier_and_said():
    visit = Visit({"x": "1", "method": "central", "h": "1e-15"})
    curve = max(visit.magnified["over"]["lines"], key=lambda line: len(line["y"]["bdata"]))
    x, y = (plotted(curve[axis]) for axis in "xy")
    assert abs(y).max() < 1.1  # within the frame
    assert (x[0], x[-1]) == (-2.5, 2.5)
    assert 10 < len(set(y)) < 60  # a stair
    assert "neighbouring 64-bit numbers" in visit.text
    assert list(visit.handles) == ["point", "h"]  # the browser sets them apart
    visit.set("h", 1e-16)
    visit.set("method", "forward")
    assert "the same number as x" in visit.text


@pytest.mark.parametrize("h", [1.0, 0.07, 1e-3, 1e-6, 1e-9, 1e-12, 1e-14])
@pytest.mark.parametrize("method", ["central", "forward", "backward"])
@pytest.mark.parametrize("key", CURVES)
def test_whoever_subtracts_and_divides_what_is_shown_finds_the_slope_that_is_shown(key, method, h):
    settings = SlopeSettings(curve=key, method=method, h=h, x=2.2137)
    _, worked, gives = typeset(settings.secant()).rsplit(" = ", 2)
    high, low, below = re.fullmatch(r"\\frac{(.+) - \(?([^)]+)\)?}{(.+)}", worked).groups()
    found, told = (number(high) - number(low)) / number(below), number(gives)
    last = Decimal(1).scaleb(told.as_tuple().exponent)
    assert abs(found - told) <= (min(last, abs(told) / 5000) if h > 1e-9 else last)


def number(latex):
    size, _, power = latex.removesuffix("}").rpartition("10^{") if "10^" in latex else (latex, "", "0")
    return Decimal(size.removesuffix(r" \cdot ") or 1).scaleb(int(power))


@pytest.mark.parametrize("method", DIFFERENCES)
@pytest.mark.parametrize("key", CURVES)
def test_every_curve_with_every_difference(key, method):
    visit = Visit({"curve": key, "method": method, "h": "1e-4"})
    settings = SlopeSettings(curve=key, method=method, h=1e-4)
    found = settings.secant()
    if key != "absolute":
        assert found.error < 1e-2
    assert finding(settings, found, str) in visit.text
    assert typeset(found) in visit.text


def test_a_kink_has_no_derivative_whatever_the_difference_says():
    for method, slope in (("central", "0"), ("forward", "1"), ("backward", "−1")):
        visit = Visit({"curve": "absolute", "method": method})
        assert "no derivative here: the slope is −1 from the left and 1 from the right" in visit.text
        assert f"gives {slope} all the same" in visit.text
        assert "no tangent" in visit.legend


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("formula", ["exp(exp(x))", "1e308 x", "x^x", "1/x", "exp(-1/x^2)"])
@pytest.mark.parametrize("x", ["0", "1", "1e9"])
def test_heights_beyond_all_numbers_are_drawn(formula, x):
    Visit({"curve": "", "formula": formula, "x": x}).same()


def test_the_complex_step_is_explained_where_it_is_chosen():
    assert "f(x + ih) = f(x) + ih f'(x)" not in Visit().text
    assert "f(x + ih) = f(x) + ih f'(x)" in Visit({"method": "complex"}).text


def test_where_the_curve_has_no_value():
    assert "reaches where the curve has no value" in Visit({"curve": "logarithm", "method": "backward"}).text
    assert "has no value at this point." in Visit({"curve": "logarithm", "x": "-0.5"}).text


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("x", "says"),
    [
        ("1", "no value at this point, or one too large for a 64-bit number"),
        ("0.7096", "the slope is infinite, or too large"),
        ("0.7", "reaches where the curve has no value, or one too large"),
    ],
)
def test_what_is_too_large_for_a_number_is_told_as_that(x, says):
    visit = Visit({"curve": "", "formula": "exp(1000x)", "x": x, "h": "0.0001" if x == "0.7096" else "1"})
    assert says in visit.text


@pytest.mark.filterwarnings("error")
def test_a_quotient_may_be_too_large_though_all_else_has_a_number():
    visit = Visit({"curve": "", "formula": "1e307 sign(x)", "x": "-0.001", "h": "0.01"})
    assert "The quotient is too large for a 64-bit number" in visit.text


@pytest.mark.parametrize(
    ("formula", "method", "says"),
    [
        ("log(x)", "forward", "no value at this point"),
        ("1/x", "central", "no value at this point"),  # which has a value on both sides
        ("1/(x - 1)", "forward", "reaches where the curve has no value"),
    ],
)
def test_there_is_no_arithmetic_with_what_has_no_value(formula, method, says):
    visit = Visit({"curve": "", "formula": formula, "x": "0", "method": method})
    (told,) = [each.value for each in visit.app.markdown if says in each.value]
    assert DIFFERENCES[method].latex in told
    assert not any(sign in told for sign in ("–", "∞", r"\infty", "f(0)"))


@pytest.mark.parametrize(
    ("formula", "method", "side"), [("sqrt(x)", "forward", "left"), ("sqrt(-x)", "backward", "right")]
)
def test_a_side_without_a_value_has_no_slope_that_is_told(formula, method, side):
    visit = Visit({"curve": "", "formula": formula, "x": "0", "method": method})
    assert f"{side} of this point the curve has no value" in visit.text
    assert "the slope is" not in visit.text


def test_a_typed_curve():
    visit = Visit()
    visit.set("curve", "")
    visit.set("formula", "sin(x)/x")
    visit.set("method", "complex")
    assert r"\frac{\sin\left(x\right)}{x}" in visit.text or visit.app.query_params["formula"] == "sin(x)/x"
    assert f"{math.cos(1) - math.sin(1):.5f}".rstrip("0").replace("-", "−") in visit.legend[1]
    visit.same()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x +", "missing"),
        ("x + y", "one variable, x"),
        ("z", "“z” is not known. The variable is x."),
        ("foo(x)", "There is no function “foo”. The functions are sin, cos, "),
        ("[x](javascript:1)", "parentheses"),
        ("", "empty"),
    ],
)
def test_a_text_that_is_no_curve_is_explained_and_the_figure_stays(text, says):
    visit = Visit({"curve": "", "formula": "x^3"})
    before = visit.whole["figure"]
    visit.set("formula", text)
    assert says in visit.app.error[0].value
    assert visit.whole["figure"] == before
    assert visit.app.error[0].value.endswith("What is shown is x^3.")
    assert visit.app.text_input(key="set_formula").value == text


def test_a_text_that_is_too_long_stays_with_its_sentence_and_out_of_the_address():
    visit = Visit({"curve": "", "formula": "x^3"})
    visit.set("formula", "x + " * 400)
    assert visit.app.text_input(key="set_formula").value == "x + " * 400
    assert visit.app.error[0].value.startswith("The formula is longer than 500 characters.")
    line, place = visit.app.code[0].value.split("\n")
    assert len(line) <= 62
    assert line[place.index("^")] == "x"
    assert SlopeSettings(curve="", formula="x" * 501).address() == {"curve": ""}
    visit.set("formula", "x^5")
    assert visit.legend[1] == "tangent, slope 5"


def test_an_address_whose_formula_is_none_says_what_is_shown_instead():
    visit = Visit({"curve": "", "formula": "foo(x)+q"})
    assert "foo" in visit.app.error[0].value
    assert visit.app.error[0].value.endswith("min, max. What is shown is Parabola.")
    assert visit.whole["figure"] == Visit().whole["figure"]
    visit.set("formula", "x^3")
    assert not visit.app.error
    assert visit.handles["point"]["y"] == 1


def test_addresses_that_say_nonsense():
    visit = Visit({"curve": "nonsense", "h": "2", "x": "inf", "method": "sideways"})
    assert all(name in visit.app.info[0].value for name in ("Curve", "h", "x", "method"))
    assert visit.whole["figure"] == Visit().whole["figure"]


def test_a_point_outside_the_view_moves_the_view():
    visit = Visit({"x": "100"})
    assert visit.whole["figure"]["layout"]["xaxis"]["range"] == [96, 104]
    assert visit.handles["point"]["y"] == 10_000


def test_a_curve_higher_than_32_bits_reach_is_drawn_to_the_edge_of_the_figure():
    figure = Visit({"curve": "", "formula": "1e60 x^100", "x": "3"}).whole["figure"]
    x, y = (plotted(figure["data"][0][axis]) for axis in "xy")
    inside = 1e60 * x**100 < figure["layout"]["yaxis"]["range"][1]
    assert y[inside] == pytest.approx(1e60 * x[inside] ** 100)
    assert y[inside].max() > 1e50
    assert np.nanmax(y) > y[inside].max()


def test_what_is_around_the_point_is_seen_however_high_the_curve_gets():
    low, high = Visit({"curve": "", "formula": "exp(exp(x))"}).whole["figure"]["layout"]["yaxis"]["range"]
    assert low < math.exp(math.e) < high < 1000


def test_only_the_curve_and_the_view_draw_the_figure_anew():
    visit = Visit()
    before = visit.whole["figure"], visit.magnified["figure"]
    visit.set("h", 0.2)
    visit.set("x", 1.5)
    visit.set("method", "central")
    assert (visit.whole["figure"], visit.magnified["figure"]) == before
    visit.set("curve", "sine")
    assert visit.whole["figure"] != before[0]


def test_handles_set_the_point_and_the_step(monkeypatch):
    import landscape.pages.gradients.slope as page

    told = []
    monkeypatch.setattr(page, "current", lambda: SlopeSettings(x=1.0))
    monkeypatch.setattr(page, "change", lambda settings, *, final: told.append(settings))
    move("point", 2.5, 6.25, True)
    move("h", 1.31, 0.0, False)
    move("h", 1.0, 0.0, True)
    move("h", 50.0, 0.0, True)
    assert [(each.x, each.h) for each in told] == [(2.5, 1.0), (1.0, nearest_step(0.31)), (1.0, 1e-16), (1.0, 1.0)]


def test_the_steps_hold_what_textbooks_take():
    assert sorted(STEPS) == STEPS
    assert {1e-16, 1e-6, 1e-4, 0.01, 0.1, 0.5, 1.0} <= set(STEPS)
    assert nearest_step(3e-7) == 3e-7
    assert SlopeSettings.read({"h": "0.00033"})[0].h == 0.00035


class TestScenarios:
    def test_numbers_of_the_answers(self):
        told = facts(SCENARIOS["secant_to_tangent"].settings)
        assert [told[name] for name in "abcd"] == ["3", "2.5", "2.1", "2.01"]
        assert told["central"] == "2"
        told = facts(SCENARIOS["kink"].settings)
        assert (told["central"], told["forward"], told["backward"]) == ("0", "1", "−1")
        ripples = SCENARIOS["ripples"].settings
        told = facts(ripples)
        exact = 1 + 2 * math.cos(40)
        assert told["exact"] == f"{exact:.4g}".replace("-", "−")
        wide = (1.5**2 - 0.5**2) / 2 + (math.sin(60) - math.sin(20)) / 20
        assert told["central"] == f"{wide:.4g}"
        assert (
            abs(replace(ripples, h=1e-4).secant().slope - exact)
            < 1e-3
            < abs(replace(ripples, h=0.1).secant().slope - exact)
        )

    @pytest.mark.parametrize(
        ("key", "said"), [("ripples", "and not the ripples"), ("secant_to_tangent", "off by exactly h")]
    )
    def test_what_a_curve_teaches_is_not_told_while_it_is_asked_for(self, key, said):
        assert said not in Visit({"scenario": key}).text
        assert said in Visit({"scenario": key, "revealed": "yes"}).text

    def test_what_the_central_difference_says_of_a_kink_is_not_told_before_the_answer(self):
        visit = Visit({"scenario": "kink"})
        assert visit.legend == ["f(x)"]
        (_corner, points), (_curve, near) = (each["over"]["lines"][-2:] for each in (visit.whole, visit.magnified))
        assert [points["marker"], near["marker"]] == [DIFFERENCE_STYLES["central"].symbol] * 2, (
            "what is divided is seen"
        )
        assert len(visit.whole["over"]["lines"]) == 3
        assert len(visit.magnified["over"]["lines"]) == 2
        assert "= 0$" not in visit.text
        assert not any(told in visit.text for told in ("| error |", "no derivative here", "all the same"))
        assert "slope" not in visit.whole["over"]["summary"]
        visit.set("h", 0.1)
        assert visit.legend == ["f(x)"]
        visit = Visit({"scenario": "kink", "revealed": "yes"})
        assert visit.legend == ["f(x)", "no tangent", "secant, slope 0"]
        assert all(told in visit.text for told in ("= 0$", "| error |", "no derivative here"))

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("key", SCENARIOS)
    def test_a_link_asks_and_answers(self, key, language):
        scenario, _ = SCENARIOS[key], translation(language)
        visit = Visit({"scenario": key, "revealed": "yes", "lang": language})
        assert _(scenario.question) in visit.text
        assert visit.app.success[0].value == filled(_(scenario.answer), **facts(scenario.settings))


@pytest.mark.parametrize(
    "settings",
    [
        SlopeSettings(),
        SlopeSettings(curve="sine", x=2.5, scenario="kink"),
        SlopeSettings(curve="", formula="x^5", x=1.5),
    ],
)
@pytest.mark.parametrize("other", [SlopeSettings, StepSizeSettings])
def test_the_link_to_the_other_laboratory_shows_the_same_point(settings, other):
    read, refused = other.read(settings.elsewhere())
    assert (read.shape.latex, read.point, refused) == (settings.shape.latex, settings.point, [])
    assert read.scenario == ""


def test_another_curve_closes_the_question():
    visit = Visit({"scenario": "kink", "revealed": "yes"})
    visit.set("curve", "sine")
    assert {"scenario", "revealed"} & set(visit.app.query_params) == set()
