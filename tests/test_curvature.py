import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.curvature import PointKind, curvature, principal_axes
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS

entries = st.floats(-1e6, 1e6).filter(lambda entry: entry == 0 or abs(entry) > 1e-6)


@given(entries, entries, entries)
def test_principal_axes_are_those_of_lapack(a, b, c):
    matrix = np.array([[a, b], [b, c]])
    eigenvalues, eigenvectors = principal_axes(matrix)
    size = np.abs(matrix).max()
    assert eigenvalues == pytest.approx(np.linalg.eigvalsh(matrix), rel=1e-14, abs=1e-14 * size)
    assert matrix @ eigenvectors == pytest.approx(eigenvectors * eigenvalues, rel=1e-13, abs=1e-13 * size)
    assert eigenvectors.T @ eigenvectors == pytest.approx(np.eye(2), abs=1e-15)


@given(entries, entries, entries)
def test_axes_point_to_the_right_or_straight_up(a, b, c):
    _, eigenvectors = principal_axes(np.array([[a, b], [b, c]]))
    for x, y in eigenvectors.T:
        assert x > 0 or (x == 0 and y == 1)


def test_nearly_equal_eigenvalues_keep_all_digits():
    eigenvalues, _ = principal_axes(np.array([[1.0, 1e-17], [1e-17, 1.0 + 2**-52]]))
    assert eigenvalues.tolist() == [1.0, 1.0 + 2**-52]


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_hugely_different_eigenvalues_keep_all_digits(scale):
    # [[1, t], [t, t² + s]] has determinant s; with t = 2⁻²⁰ and s = 2⁻⁴⁰ every entry is exact in float64
    t, s = 2.0**-20, 2.0**-40
    low, high = principal_axes(scale * np.array([[1.0, t], [t, t * t + s]]))[0] / scale
    assert high == pytest.approx(1 + t * t, rel=1e-15)
    assert low == pytest.approx(s / (1 + t * t), rel=1e-11)


def test_a_diagonal_matrix_has_exact_axes():
    eigenvalues, eigenvectors = principal_axes(np.diag([2.0, 10.0]))
    assert eigenvalues.tolist() == [2, 10]
    assert eigenvectors.tolist() == [[1, 0], [0, 1]]
    eigenvalues, eigenvectors = principal_axes(np.diag([10.0, -2.0]))
    assert eigenvalues.tolist() == [-2, 10]
    assert eigenvectors.tolist() == [[0, 1], [1, 0]]


def test_a_path_is_its_points_one_by_one():
    rosenbrock = FUNCTIONS["rosenbrock"]
    path = np.random.default_rng(0).uniform(-2, 2, (2, 3, 5))
    together = curvature(rosenbrock, path)
    for place in np.ndindex(3, 5):
        alone = curvature(rosenbrock, path[:, *place])
        assert together.eigenvalues[:, *place] == pytest.approx(alone.eigenvalues)
        assert together.eigenvectors[:, :, *place] == pytest.approx(alone.eigenvectors)
        assert together.condition_number[*place] == pytest.approx(alone.condition_number)
        assert together.kind[*place] is alone.kind


def test_a_turned_ravine_has_its_curvatures_along_the_diagonals():
    # ½(u² + 50v²) with u, v the axes turned by 45°
    here = curvature(formula("((x + y)^2 / 2 + 50 (y - x)^2 / 2) / 2"), (1.0, 2.0))
    assert here.eigenvalues == pytest.approx([1, 50])
    assert here.condition_number == pytest.approx(50)
    assert here.eigenvectors == pytest.approx(np.array([[1, 1], [1, -1]]) / math.sqrt(2))


@pytest.mark.parametrize(
    ("text", "point", "kind"),
    [
        ("x^2 + 10y^2", (0, 0), PointKind.MINIMUM),
        ("x^2 + 10y^2", (0, 1e-7), PointKind.MINIMUM),
        ("x^2 + 10y^2", (0, 1e-3), PointKind.SLOPE),
        ("-x^2 - y^2", (0, 0), PointKind.MAXIMUM),
        ("x^2/2 - y^2/2 + y^4/4", (0, 0), PointKind.SADDLE),
        ("x^2/2 - y^2/2 + y^4/4", (0, 1), PointKind.MINIMUM),
        ("x^2", (0, 3), PointKind.FLAT),
        ("x^3 - 3x y^2", (0, 0), PointKind.FLAT),
        ("1 - exp(-(x^2 + y^2)/2)", (30, 20), PointKind.FLAT),
        ("1 - exp(-(x^2 + y^2)/2)", (3, 2), PointKind.SLOPE),
        ("x^2 / 1000 + y^2 / 1000", (1e-5, 1e-5), PointKind.MINIMUM),
        ("x^2 / 1e9 + y^2 / 1e9", (1, 1), PointKind.FLAT),
        ("x^2 + 1e6 y^2", (0.1, 0), PointKind.SLOPE),
        ("x^2 + 1e8 y^2", (0, 1e-12), PointKind.MINIMUM),
        ("7", (1, 2), PointKind.FLAT),
        ("x", (1, 2), PointKind.SLOPE),
        ("log(x) + y^2", (-1, 0), PointKind.UNDEFINED),
        ("1/x", (0, 0), PointKind.UNDEFINED),
    ],
)
def test_kind_of_point(text, point, kind):
    assert curvature(formula(text), point).kind is kind


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_no_known_minimum_is_taken_for_a_saddle_or_a_maximum(function):
    for minimum in function.minima:
        assert curvature(function, minimum).kind not in (PointKind.SADDLE, PointKind.MAXIMUM)


def test_condition_number_of_a_singular_hessian_is_infinite():
    assert curvature(formula("x^2"), (0, 0)).condition_number == math.inf
    assert curvature(formula("1"), (0, 0)).condition_number == math.inf
    assert curvature(formula("x^2 + 1e-17 y^2"), (0, 0)).condition_number == math.inf, "but for rounding"
    assert curvature(formula("x^2 + 1e-14 y^2"), (0, 0)).condition_number == pytest.approx(1e14)
    assert math.isnan(curvature(formula("log(x)"), (-1, 0)).condition_number)


@pytest.mark.parametrize("entry", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_axes_and_nothing_warns(entry):
    eigenvalues, eigenvectors = principal_axes(np.array([[1.0, entry], [entry, 1.0]]))
    assert np.isnan(eigenvalues).all()
    assert np.isnan(eigenvectors).all()
