"""The laboratory of the gradient in the plane, without a browser."""

import re

import numpy as np
import pytest
from laboratory_visit import Visit, acted
from sent import plotted

import landscape as ls
import landscape.pages
from landscape.figures.numeral import plain
from landscape.locale.sentence import filled
from landscape.pages.gradients import plane
from landscape.pages.gradients.grid import GRID
from landscape.pages.gradients.plane import PLANE, PlaneSettings


def test_numerical_and_exact_stand_side_by_side():
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4"})
    assert "| (3, 4) |" in visit.text
    rows = re.findall(r"\| ∂f/∂([xy]) \| (\S+) \| (\S+) \| (.+) \|", visit.text)
    assert [(name, float(found), exact) for name, found, exact, _off in rows] == [("x", 6, "6"), ("y", 8, "8")]
    assert "points to 53.13°, the steepest way up, and is |∇f| = 10 long" in visit.text
    visit.same()


def test_the_point_is_typed():
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
def test_the_method_and_h_decide_the_difference(method):
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
def test_each_components_sign_is_put_into_words(formula, sentences):
    visit = Visit(PLANE, {"function": "", "formula": formula, "point": "3~4"})
    assert [sentence for sentence in sentences if sentence not in visit.text] == []


@pytest.mark.parametrize(("point", "told"), [("3~4", False), ("7~4", True), ("3~-50", True)])
def test_a_point_outside_of_what_is_drawn_is_told(point, told):
    visit = Visit(PLANE, {"point": point})
    assert ("The point lies outside" in " ".join(each.value for each in visit.app.caption)) is told


def test_the_level_line_goes_through_the_point_across_the_gradient():
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "0"})
    level, _dial, _spoke, tangent, *_ = visit.lines(0)
    assert np.hypot(*level) == pytest.approx(5, rel=1e-4)
    across = [np.diff(each)[0] for each in tangent]
    assert across[0] * 6 + across[1] * 8 == pytest.approx(0, abs=1e-5)


def test_the_arrow_points_uphill_and_lies_across_the_level_line_as_both_are_drawn():
    visit = Visit(PLANE, {"point": "1~-2", "direction": "80"})
    f, lines = ls.FUNCTIONS["himmelblau"], visit.figures[0]["over"]["lines"]
    gradient = f.gradient((1, -2))
    (arrow,) = [each for each in lines if each["marker"] == "arrow"]
    assert arrow["text"] == "∇f"
    tail, tip = np.transpose([plotted(arrow[axis]) for axis in "xy"])
    assert tail.tolist() == [1, -2]
    radius = PlaneSettings().dial.radius
    assert tip - tail == pytest.approx(radius * gradient / np.hypot(*gradient)), "the steepest way up, to the circle"
    assert f"|∇f| = {plain(float(np.hypot(*gradient)), 4)} long" in visit.text
    level = np.stack(visit.lines(0)[0])
    near = np.hypot(*(level - tail[:, None])) < radius / 10
    steps = np.diff(level[:, near])
    steps = steps[:, np.isfinite(steps).all(axis=0) & (np.hypot(*steps) > 0)]
    assert steps.shape[1] > 2
    cosines = (tip - tail) @ steps / radius / np.hypot(*steps)
    assert abs(cosines).max() < 0.1
    assert abs(cosines.mean()) < 0.02


def test_the_dial_shows_the_slope_and_the_cosine_beside_it_agrees():
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "90"})
    assert "In direction 90° the slope is |∇f| cos φ = 10 · cos 36.87° = 8." in visit.text
    (turned,) = visit.figures[1]["over"]["handles"]
    assert (turned["x"], turned["y"]) == (90, pytest.approx(8))
    (angles, slopes), *_ = visit.lines(1)
    assert slopes == pytest.approx(10 * np.cos(np.radians(angles - 53.1301)), abs=1e-3)


@pytest.mark.parametrize("scale", ["1e-300", "1e-7", "1", "123.4", "1e300"])
def test_the_axis_of_slopes_reaches_beyond_the_cosine_and_not_twice_as_far(scale):
    visit = Visit(PLANE, {"function": "", "formula": f"{scale} (3x + 4y)", "point": "1~1"})
    low, high = visit.figures[1]["figure"]["layout"]["yaxis"]["range"]
    highest = 5 * float(scale)
    assert low == -high
    assert 1.15 * highest < high < 1.75 * highest


def test_a_move_leaves_what_is_drawn_below_the_lines_as_it_is():
    one, other = (
        Visit(PLANE, {"formula": "x^2 + y^2", "function": "", "point": point, "direction": direction})
        for point, direction in (("3~4", "30"), ("3.1~4", "90"))
    )
    assert [each["figure"] for each in one.figures] == [each["figure"] for each in other.figures]


def test_an_angle_that_is_nearly_none_is_none_and_none_is_negative():
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "53.13"})
    assert "|∇f| cos φ = 10 · cos 0° = 10." in visit.text
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4", "direction": "13.13"})
    assert "|∇f| cos φ = 10 · cos 40° = 7.66." in visit.text
    assert [each["text"] for each in visit.figures[0]["over"]["lines"] if each["text"]] == ["∇f", "|∇f| cos φ"]


def test_the_handles_move_the_point_and_turn_the_dial(monkeypatch):
    settings = PlaneSettings(point=(1.0, 1.0))
    assert acted(monkeypatch, plane, settings, lambda: plane.move("point", 2.0, -1.0, True)).point == (2, -1)
    turned = acted(monkeypatch, plane, settings, lambda: plane.move("direction", 0.0, 2.0, True))
    assert turned.direction == 135
    assert PlaneSettings.read(turned.address()) == (turned, [])


def test_the_integer_trap_shows_the_wrong_answers_and_the_right_ones():
    text = Visit(PLANE).text.replace("\\", "")
    assert "| `np.array([3.0, 4.0])` | [6.0, 8.0] | [6.0, 8.0] |" in text
    assert "| `np.array([3, 4])` | [25000, 35000] | [6.0, 8.0] |" in text
    assert "IndexError: index 2 is out of bounds for axis 0 with size 2 | [[2.0, 4.0], [6.0, 8.0]] |" in text
    assert "def in_place_gradient" in text


def test_a_question_about_the_trap_is_not_answered_by_the_page():
    visit = Visit(PLANE, {"scenario": "whole_numbers"})
    assert "25000" not in visit.text
    visit = Visit(PLANE, {"scenario": "whole_numbers", "revealed": "yes"})
    assert "[25000, 35000]. In an array of whole numbers" in visit.text


def test_a_point_far_outside_of_the_view_is_refused():
    visit = Visit(PLANE)
    before = visit.handle("point")
    visit.set("point_y", "1e8")
    assert visit.app.error[0].value == "y: 100000000 is out of range: −115.5 to 115.5."
    assert visit.handle("point") == before


def test_half_is_left_at_sixty_degrees():
    scenario = PLANE.scenarios["sixty_degrees"]
    answer = filled(scenario.answer, **PLANE.facts(scenario.settings))
    assert "10 · cos 60° = 5" in answer
    assert "= 5." not in Visit(PLANE, {"scenario": "sixty_degrees"}).text, "the dial stands elsewhere at first"


@pytest.mark.parametrize("page", [PLANE, GRID], ids=["plane", "grid"])
def test_an_address_whose_formula_is_none_says_what_is_shown_instead(page):
    visit = Visit(page, {"function": "", "formula": "x +"})
    (error,) = visit.app.error
    assert error.value.endswith("What is shown is Himmelblau.")
    assert [each["over"]["handles"] for each in visit.figures if each["over"]["handles"]]
    visit.set("formula", "x + y")
    assert visit.handle("point" if page is PLANE else "sample")


def test_a_formula_that_is_none_keeps_the_picture_and_says_what_is_wrong():
    visit = Visit(PLANE, {"function": "", "formula": "x^2 + y^2", "point": "3~4"})
    before = visit.figures[0]["figure"]
    visit.set("formula", "x^2 + ")
    assert visit.app.error.len == 1
    assert visit.figures[0]["figure"] is not before
    assert "∂f/∂x" in visit.text


@pytest.mark.parametrize("key", ls.FUNCTIONS)
def test_every_function_is_drawn_with_its_numbers(key):
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


def test_what_a_turn_of_the_direction_leaves_as_it_is_is_an_element_of_its_own():
    def told(direction):
        visit = Visit(PLANE, {"direction": direction})
        (sentence,) = [each.value for each in visit.app.markdown if "In direction" in each.value]
        (table,) = [each.value for each in visit.app.markdown if each.value.startswith("| (")]
        return sentence, table

    (one, table), (other, same) = told("30"), told("31")
    assert one != other
    assert table == same
