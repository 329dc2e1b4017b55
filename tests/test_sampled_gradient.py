"""numpy.gradient over a grid: where it is right, where it is off and by how much, against the errors in closed form."""

import numpy as np
import pytest

from landscape.analysis.sampled_gradient import sampled_gradient
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS

SQUARE = ((-1.0, 1.0), (-1.0, 1.0))


def test_spacing_and_shapes():
    found = sampled_gradient(formula("x + 100y"), ((0, 3), (-1, 1)), shape=(5, 7))
    assert found.spacing == (0.5, 0.5)
    assert found.sampled.shape == (2, 5, 7)
    assert found.sampled[0] == pytest.approx(1)
    assert found.sampled[1] == pytest.approx(100)
    assert found.border.sum() == 2 * 7 + 2 * 3


@pytest.mark.parametrize("samples", [5, 11, 21])
def test_a_parabola_is_off_on_the_border_alone(samples):
    """h f″/2 with edge_order 1, nothing with edge_order 2, and nothing inside."""
    first = sampled_gradient(formula("x^2 + 0y"), SQUARE, (samples, samples), edge_order=1)
    h = first.spacing[0]
    off = first.sampled[0] - first.exact.gradient[0]
    assert off[:, 1:-1] == pytest.approx(0, abs=1e-12)
    assert off[:, 0] == pytest.approx(h)
    assert off[:, -1] == pytest.approx(-h)
    second = sampled_gradient(formula("x^2 + 0y"), SQUARE, (samples, samples), edge_order=2)
    assert second.error == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("samples", [5, 11, 21])
def test_a_cubic_is_off_by_the_third_derivative(samples):
    """h²f‴/6 inside, −h²f‴/3 on the border with edge_order 2: f‴ is 6."""
    found = sampled_gradient(formula("x^3 + 0y"), SQUARE, (samples, samples), edge_order=2)
    h, off = found.spacing[0], found.sampled[0] - found.exact.gradient[0]
    assert off[:, 1:-1] == pytest.approx(h**2)
    assert off[:, [0, -1]] == pytest.approx(-2 * h**2)


@pytest.mark.parametrize(("edge_order", "on_border"), [(1, 2), (2, 4)])
@pytest.mark.parametrize("key", ["himmelblau", "rosenbrock", "rastrigin"])
def test_half_the_spacing_leaves_a_quarter_of_the_error_inside(key, edge_order, on_border):
    f = FUNCTIONS[key]
    coarse, fine = (sampled_gradient(f, f.domain, (n, n), edge_order) for n in (801, 1601))
    shared = fine.error[::2, ::2]
    off = np.median(coarse.error[~coarse.border]) / np.median(shared[~coarse.border])
    assert off == pytest.approx(4, rel=0.05)
    left = np.median(coarse.error[1:-1, 0]) / np.median(shared[1:-1, 0])
    assert left == pytest.approx(on_border, rel=0.05)


def test_the_worst_sample_is_found_on_the_border_and_inside():
    found = sampled_gradient(FUNCTIONS["himmelblau"], FUNCTIONS["himmelblau"].domain, (12, 12))
    row, column = found.worst(found.border)
    assert found.error[row, column] == found.error.max()
    assert row in (0, 11) or column in (0, 11)
    row, column = found.worst(~found.border)
    assert found.error[row, column] == found.error[1:-1, 1:-1].max()


@pytest.mark.parametrize("edge_order", [1, 2])
def test_the_quotient_at_each_sample_is_numpys_number(edge_order):
    f = FUNCTIONS["rosenbrock"]
    found = sampled_gradient(f, ((-2, 1), (-1, 3)), (5, 7), edge_order)
    for row in range(5):
        for column in range(7):
            for axis in (0, 1):
                quotient = found.quotient((row, column), axis)
                above = sum(weight * value for weight, value in zip(quotient.weights, quotient.values, strict=True))
                slope = above / (quotient.divisor * quotient.spacing)
                assert slope == pytest.approx(found.sampled[axis, row, column])
                x, y = found.exact.x[column], found.exact.y[row]
                places = [(x + k * 0.5, y) if axis == 0 else (x, y + k) for k in quotient.offsets]
                assert quotient.values == pytest.approx([float(f(place)) for place in places])


def test_the_nearest_sample():
    found = sampled_gradient(formula("x + y"), ((0, 4), (-2, 2)), (5, 5))
    assert found.nearest((2.6, -0.4)) == (2, 3)
    assert found.nearest((100, -100)) == (0, 4)


def test_relative_error_is_measured_by_the_longest_gradient():
    found = sampled_gradient(formula("x^2 + y^2"), SQUARE, (5, 5))
    assert found.relative_error.max() == pytest.approx(np.hypot(0.5, 0.5) / np.hypot(2, 2))
    flat = sampled_gradient(formula("3"), SQUARE, (5, 5))
    assert not flat.relative_error.any()


def test_outside_the_domain_there_is_no_value_and_no_worst():
    half = sampled_gradient(formula("log(x) + y"), SQUARE, (9, 9))
    assert np.isnan(half.error[:, half.exact.x <= 0]).all()
    assert np.isinf(half.error[:, 5]).all(), "its neighbour is at x = 0, where the logarithm is −∞"
    assert half.exact.x[half.worst(~half.border)[1]] == 0.5, "the first sample whose neighbours have values"
    nowhere = sampled_gradient(formula("log(-1 - x^2) + y"), SQUARE, (9, 9))
    assert nowhere.worst(nowhere.border) is None
    assert np.isnan(nowhere.relative_error).all()


@pytest.mark.parametrize(
    ("shape", "edge_order", "sentence"),
    [
        ((5, 5), 3, "edge_order must be 1 or 2, not 3"),
        ((5, 2), 2, "edge_order 2 needs 3 samples each way; there are 2"),
        ((1, 5), 1, "edge_order 1 needs 2 samples each way; there are 1"),
    ],
)
def test_too_few_samples_are_refused_with_a_reason(shape, edge_order, sentence):
    with pytest.raises(ValueError, match=sentence):
        sampled_gradient(formula("x + y"), SQUARE, shape, edge_order)
