"""Differences against exact derivatives, in every shape and dtype, and the V-curve of their error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landscape.gradients.numerical import DIFFERENCES, error_curve, numerical_gradient

METHODS = list(DIFFERENCES)
TOLERANCE = {"central": 1e-8, "forward": 1e-3, "backward": 1e-3, "complex": 1e-8}


def squares(theta):
    return (theta**2).sum()


class TestWorkedExamples:
    """Rows 1 to 4 of the source material, with the right answers."""

    @pytest.mark.parametrize("h", [1e-4, 1e-6])
    def test_a_square_at_three_rises_by_six(self, h):
        assert numerical_gradient(lambda x: x**2, 3, h) == pytest.approx(6, abs=1e-8)

    def test_the_secant_turns_into_the_tangent(self):
        slopes = [numerical_gradient(lambda x: x**2, 1, h, "forward") for h in (1, 0.5, 0.1, 0.01)]
        assert slopes == pytest.approx([3, 2.5, 2.1, 2.01])

    @pytest.mark.parametrize("theta", [[3, 4], (3, 4), np.array([3, 4]), np.array([3, 4], np.int8), [3.0, 4.0]])
    def test_whole_numbers_give_six_and_eight(self, theta):
        gradient = numerical_gradient(squares, theta)
        assert gradient == pytest.approx([6, 8])
        assert gradient.dtype == np.float64

    def test_a_matrix_of_weights(self):
        weights = np.arange(6).reshape(2, 3)
        assert numerical_gradient(squares, weights) == pytest.approx(2 * weights)

    @given(st.floats(0, 2 * np.pi))
    def test_no_direction_is_steeper_than_the_gradient(self, angle):
        def f(theta):
            return np.sin(theta[0]) * theta[1] ** 2

        point, direction = np.array([0.7, -1.3]), np.array([np.cos(angle), np.sin(angle)])
        gradient = numerical_gradient(f, point)
        norm, slope = np.linalg.norm(gradient), numerical_gradient(lambda t: f(point + t * direction), 0.0)
        assert slope == pytest.approx(gradient @ direction, abs=1e-8)
        assert slope <= norm + 1e-8
        assert numerical_gradient(lambda t: f(point + t * gradient / norm), 0.0) == pytest.approx(norm)

    def test_one_step_of_descent_where_numpy_gradient_has_nothing_to_say(self):
        assert list(np.gradient(2.0**2)) == []
        assert 2 - 0.1 * numerical_gradient(lambda p: p**2, 2) == pytest.approx(1.6)

    def test_numpy_gradient_is_right_inside_a_sampled_grid_and_off_at_its_borders(self):
        x = np.linspace(-1, 1, 21)
        off = np.abs(np.gradient(x**2, x) - [numerical_gradient(lambda t: t**2, t) for t in x])
        assert off[1:-1] == pytest.approx(0, abs=1e-9)
        assert off[[0, -1]] == pytest.approx(0.1)  # the spacing, times half of the second derivative
        assert np.gradient(x**2, x, edge_order=2) == pytest.approx(2 * x)


class TestAnyArray:
    @given(
        theta=hnp.arrays(
            st.sampled_from([np.float64, np.float32, np.int64, np.int8, np.uint8, np.longdouble]),
            hnp.array_shapes(min_dims=0, max_dims=4, max_side=3),
            elements=st.integers(0, 20),
        ),
        method=st.sampled_from(METHODS),
    )
    def test_gradient_has_the_shape_and_the_input_is_untouched(self, theta, method):
        before = theta.copy()

        def f(t):
            value = (t**3 / 100 + np.sin(t)).sum()
            t *= 0  # a function that spoils its argument spoils nothing else
            return value

        gradient = numerical_gradient(f, theta, method=method)
        assert np.shape(gradient) == theta.shape
        np.testing.assert_allclose(gradient, 3.0 * before**2.0 / 100 + np.cos(before * 1.0), atol=TOLERANCE[method])
        assert (theta == before).all()
        assert theta.dtype == before.dtype

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("dtype", [np.float16, np.bool_, np.uint8, np.uint16, np.uint32, np.uint64, np.int16])
    def test_any_real_dtype(self, dtype, method):
        theta = np.array([[0, 1], [1, 0]], dtype)
        before = theta.copy()
        gradient = numerical_gradient(lambda t: (t**3 + 2 * t).sum(), theta, method=method)
        assert gradient == pytest.approx(3.0 * before.astype(float) ** 2 + 2, abs=1e-3)
        assert gradient.dtype == np.float64
        assert (theta.dtype, theta.tolist()) == (before.dtype, before.tolist())

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("number", [2, 2.0, np.float32(2), np.int16(2), np.array(2)])
    def test_a_number_gives_a_float(self, number, method):
        slope = numerical_gradient(np.exp, number, method=method)
        assert type(slope) is float
        assert slope == pytest.approx(math.exp(2), rel=1e-4)

    def test_functions_of_the_math_module(self):
        assert numerical_gradient(math.sin, 1) == pytest.approx(math.cos(1))

    def test_nothing_to_differentiate(self):
        assert numerical_gradient(squares, np.empty((0, 2))).shape == (0, 2)

    def test_the_complex_step_is_exact(self):
        assert numerical_gradient(np.sin, 1, 1e-20, "complex") == math.cos(1)

    @pytest.mark.parametrize(("method", "evaluations"), [("central", 6), ("forward", 4), ("backward", 4)])
    def test_one_sided_differences_share_the_value_at_the_point(self, method, evaluations):
        points = []
        numerical_gradient(lambda theta: points.append(theta) or 0.0, [1, 2, 3], method=method)
        assert len(points) == evaluations

    @pytest.mark.parametrize("method", ["central", "backward"])
    def test_nan_where_the_function_has_no_value(self, method):
        gradient = numerical_gradient(lambda theta: np.log(theta[0]) + theta[1], [0.0, 1.0], method=method)
        assert np.isnan(gradient[0])


class TestErrors:
    @pytest.mark.parametrize("h", [0, -1e-5, math.nan, math.inf, "1e-5", None, np.array([1e-5])])
    def test_h(self, h):
        with pytest.raises(ValueError, match="h must be a positive, finite number"):
            numerical_gradient(squares, [1.0], h)

    @pytest.mark.parametrize("theta", [[1.0, math.nan], math.inf, 1j, None, "1", [None]])
    def test_theta(self, theta):
        with pytest.raises(ValueError, match="theta must be"):
            numerical_gradient(squares, theta)

    def test_method(self):
        with pytest.raises(ValueError, match="one of central, forward, backward, complex, not 'centre'"):
            numerical_gradient(squares, 1.0, method="centre")

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("value", [None, "1", [1.0], np.ones((2, 2)), object()])
    def test_a_function_that_returns_no_number(self, value, method):
        with pytest.raises(ValueError, match=r"it returned|one number"):
            numerical_gradient(lambda theta: value, [1.0, 2.0], method=method)

    def test_a_function_that_returns_a_complex_number(self):
        with pytest.raises(ValueError, match="real number"):
            numerical_gradient(lambda theta: 1j, 1.0)

    @pytest.mark.parametrize("function", [math.sin, np.abs, lambda x: float(x) ** 2])
    def test_a_function_that_the_complex_step_cannot_see_through(self, function):
        with pytest.raises(ValueError, match="complex"):
            numerical_gradient(function, 1.0, method="complex")

    def test_errors_of_the_function_stay_its_own(self):
        with pytest.raises(TypeError, match="not callable"):
            numerical_gradient(lambda theta: theta[0](), [1.0])


def error_at(curve, h):
    return curve.error[np.argmin(np.abs(np.log(curve.h / h)))]


class TestErrorCurve:
    """Row 5: large h truncates, tiny h rounds, between them lies the best."""

    @pytest.mark.parametrize(("method", "best", "least"), [("forward", 6e-9, 2.5e-9), ("central", 6e-6, 4e-13)])
    def test_best_h_for_the_sine_at_one(self, method, best, least):
        curve = error_curve(np.sin, np.cos, 1.0, method)
        assert best / 10 < curve.measured_best < best * 10
        assert least / 10 < curve.error.min() < least * 10

    def test_a_tiny_h_rounds(self):
        assert error_at(error_curve(np.sin, np.cos, 1.0, "forward"), 1e-12) == pytest.approx(4e-5, rel=0.1)

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    @pytest.mark.parametrize(("method", "power"), [("central", 1 / 3), ("forward", 1 / 2), ("backward", 1 / 2)])
    def test_the_best_h_is_near_a_power_of_epsilon(self, method, power, dtype):
        curve, rule = error_curve(np.sin, np.cos, 1.0, method, dtype), np.finfo(dtype).eps ** power
        assert rule / 3 < curve.predicted_best < rule * 3
        assert error_at(curve, curve.predicted_best) < 300 * curve.error.min()  # the very least is luck

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize(
        ("function", "derivative"),
        [(np.sin, np.cos), (np.exp, np.exp), (lambda x: x**3 - x, lambda x: 3 * x**2 - 1), (np.log, lambda x: 1 / x)],
    )
    def test_predicted_lines_bound_the_measured_error_and_touch_it(self, function, derivative, method, dtype):
        for x in (0.3, 1.0, 2.7):
            h = np.geomspace(1000 * np.finfo(dtype).eps, 0.01, 200)  # from where x + h is told apart from x
            curve = error_curve(function, derivative, x, method, dtype, h)
            ratio = curve.error / (curve.truncation + curve.rounding)
            truncating = curve.truncation > 100 * curve.rounding
            assert ratio.max() < 2  # a function may round more than once itself
            assert ratio[truncating] == pytest.approx(1, abs=0.05)
            assert method == "complex" or ratio[curve.truncation < curve.rounding].max() > 0.1

    @pytest.mark.parametrize(("method", "truncation", "rounding"), [
        ("central", 1e-6 / 6, 1.5e3), ("forward", 1e-3 / 2 + 1e-6 / 6, 2.5e3), ("complex", 1e-6 / 6, 1),
    ])  # fmt: skip
    def test_predicted_lines_of_the_exponential(self, method, truncation, rounding):
        curve = error_curve(np.exp, np.exp, 1.0, method, h=[1e-3])
        assert curve.truncation == pytest.approx(math.e * truncation, rel=1e-4)
        assert curve.rounding / np.finfo(float).eps == pytest.approx(math.e * rounding)

    @pytest.mark.parametrize("x", [0.1, 0.3, -7.77, 1e3])
    def test_without_third_derivative_a_larger_h_is_better(self, x):
        assert error_curve(lambda t: 3.7 * t**2 + t / 3, lambda t: 7.4 * t + 1 / 3, x).predicted_best == 1

    def test_where_the_curvature_vanishes_the_next_term_predicts(self):
        curve = error_curve(np.sin, np.cos, np.pi, "forward")
        assert 1e-6 < curve.predicted_best < 1e-4

    def test_the_complex_step_has_no_other_arm(self):
        curve = error_curve(np.sin, np.cos, 1.0, "complex")
        assert (curve.error[curve.h < 1e-8] < 3e-16).all()

    def test_32_bit_arguments_reach_the_function_and_its_values_are_rounded(self):
        kinds, exact = set(), 2.0 ** -np.arange(8, 12)

        def wide(x):
            kinds.add(x.dtype)
            return np.exp(x.astype(np.float64))  # as a function does that always computes in 64 bit

        curve = error_curve(wide, np.exp, 1.0, "central", np.float32, exact)
        assert kinds == {np.dtype(np.float32), np.dtype(np.float64)}  # 64 bit for the predicted line
        assert (curve.error > 3 * curve.truncation).any()

    def test_outside_the_domain_nothing_is_known(self):
        curve = error_curve(np.log, lambda x: 1 / x, -1.0)
        assert np.isnan(curve.error).all()
        assert math.isnan(curve.measured_best)
        assert math.isnan(curve.predicted_best)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ({"method": "v"}, "method must be"),
            ({"dtype": np.int32}, "dtype must be float64 or float32, not int32"),
            ({"h": [1e-3, 0.0]}, "every h must be positive"),
            ({"function": np.abs, "method": "complex"}, "complex"),
        ],
    )
    def test_errors(self, arguments, sentence):
        with pytest.raises(ValueError, match=sentence):
            error_curve(**{"function": np.sin, "derivative": np.cos, "x": 1.0} | arguments)


@pytest.mark.filterwarnings("error")
def test_errors_beyond_all_numbers_are_infinite_and_nothing_is_raised():
    curve = error_curve(lambda x: 1e308 * x, lambda x: np.full_like(x, 1e308), 1.0, "central")
    assert np.isinf(curve.rounding).any()


def test_the_complex_step_has_no_slope_where_the_value_is_infinite():
    assert math.isnan(numerical_gradient(np.exp, 800.0, 1e-6, "complex"))
    assert numerical_gradient(np.exp, 2.0, 1e-20, "complex") == pytest.approx(math.exp(2), rel=1e-15)
