"""The first sight of any formula: something to see, and a start from which it goes down."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pytest

from landscape.analysis.opening import opening
from landscape.objectives.formula import Formula, formula
from landscape.objectives.functions import FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_is_seen_whole_from_its_own_start(function):
    (left, right), (bottom, top) = opening(function).view
    (x0, x1), (y0, y1) = function.domain
    assert opening(function).start == function.start
    assert right - left == pytest.approx(top - bottom)
    assert left <= x0 < x1 <= right
    assert bottom <= y0 < y1 <= top


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("x^2 + y^2", 6),  # with the point (3, 4)
        ("x + y", 6),
        ("(x-100)^2 + (y-100)^2", 600),
        ("(x-30)^2 + y^2", 60),
        ("log(x-20) - log(30-x) + y^2", 60),
        ("-log(1 - x^2 - y^2)", 1),  # defined on 3 % of the larger view
        ("log(0.0025 - x^2 - y^2)", 0.1),
        ("x^y", 6),
        ("exp(-x) + y^2", 6),
        ("exp(x) + y^2", 6),
        ("1/(x-100)", 6),
        ("log(-1 - x^2)", 6),  # nowhere
    ],
)
def test_as_far_as_something_is_to_be_seen(text, half):
    assert opening(formula(text)).view == ((-half, half), (-half, half))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "x",
            "x^2+y^2",
            "log(x)+y^2",
            "log(x)+log(y)",
            "sqrt(x-1)+y^2",
            "sqrt(-x)+sqrt(-y)",
            "asin(x)+y^2",
            "1/(x^2+y^2)",
        ),
        *(
            "relu(x)+relu(-y)",
            "tan(x)*tan(y)",
            "sqrt(1-x^2-y^2)",
            "-exp(-(x^2+y^2))",
            "x^y",
            "exp(x^2+y^2)",
            "1e-12*x*y",
        ),
        *("(x+3)^2+(y-2.4)^2", "x^2*y^2", "(x^2-1)^2+y^2", "log(x-20)+y^2", "max(x,y)", "1/((x+3)^2+(y-2.4)^2)"),
    ],
)
def test_the_start_is_defined_steep_and_in_the_view(text):
    objective = formula(text)
    (left, right), _ = opening(objective).view
    x, y = opening(objective).start
    loss, slope = float(objective([x, y])), np.hypot(*objective.gradient([x, y]))
    assert left < x < right
    assert left < y < right
    assert max(len(str(x)), len(str(y))) <= 6  # as people write numbers
    assert np.isfinite(loss)
    assert 0 < slope < np.inf
    # A tenth of the view downhill, the loss is lower: it is no stationary point, and no plateau.
    way = (right - left) / 10
    below = objective(np.array([[x], [y]]) - objective.gradient([x, y])[:, None] / slope * np.linspace(0, way, 50))
    assert np.nanmin(below) < loss


@pytest.mark.parametrize("text", ["3", "log(-1 - x^2)", "0/x"])
def test_where_nothing_goes_down_there_is_a_view_and_a_start_nevertheless(text):
    opened = opening(formula(text))
    assert np.isfinite([*opened.view, opened.start]).all()


@dataclass(frozen=True)
class Counted:
    """A formula that counts at how many points it is asked for what."""

    formula: Formula
    points: Counter = field(default_factory=Counter, hash=False)

    def __call__(self, theta):
        return self.asked("loss", theta)(theta)

    def gradient(self, theta):
        return self.asked("gradient", theta).gradient(theta)

    def hessian(self, theta):
        return self.asked("hessian", theta).hessian(theta)

    def asked(self, what, theta):
        self.points[what] += theta[0].size
        return self.formula


@pytest.mark.parametrize("text", ["sin(" * 30 + "x*y" + ")" * 30, "+".join(["x^y"] * 100), "x+" * 249 + "y"])
def test_the_most_that_can_be_typed_is_opened_by_few_evaluations(text):
    counted = Counted(formula(text))
    assert np.isfinite(opening(counted).start).all()
    assert opening(counted) == opening(formula(text))
    # Fewer than a picture of it takes, 121 × 121, and hardly any of the costly second derivatives.
    assert counted.points["loss"] < 121**2
    assert counted.points["gradient"] < 121**2
    assert counted.points["hessian"] < 100


def test_where_gradients_overflow_it_is_opened_too():
    assert np.isfinite(opening(formula("1e307*x**2 + y**2")).start).all()
