"""Activations against PyTorch, mpmath and differences; their worked examples; where they saturate."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.gradients.activations import (
    ACTIVATIONS,
    gelu,
    leaky_relu,
    linear,
    linear_partials,
    softmax_output,
    softplus,
)
from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.softmax import softmax_jacobian
from landscape.gradients.tensor import Tensor

every = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
numbers = st.floats(-30, 30)


def in_pytorch(key):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    return {
        "linear": lambda x: 1 * x,
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": lambda x: functional.softplus(x, threshold=1000),  # exact, where PyTorch's own turns to x at 20
        "gelu": functional.gelu,
    }[key]


class TestWorkedExamples:
    """Row 18 of the source material."""

    def test_relu_passes_the_gradient_of_positive_inputs_alone(self):
        value, slope = ACTIVATIONS["relu"].value_and_slope([-1, 0, 2])
        assert value.tolist() == [0, 0, 2]
        assert slope.tolist() == [0, 0, 1]

    def test_a_sigmoid_has_slope_one_quarter_at_zero(self):
        value, slope = ACTIVATIONS["sigmoid"].value_and_slope(0)
        assert (float(value), float(slope)) == (0.5, 0.25)

    @given(x=numbers, weight=numbers, bias=numbers)
    def test_a_line_has_the_partial_derivatives_x_and_one(self, x, weight, bias):
        assert linear_partials(x, weight, bias) == {"w": x, "b": 1, "x": weight}
        value, slope = linear(weight, bias).value_and_slope([x])
        assert value.tolist() == [x * weight + bias]
        assert slope.tolist() == [weight]


@every
class TestEachActivation:
    def test_agrees_with_pytorch(self, activation):
        torch = pytest.importorskip("torch")
        x = np.concatenate([np.linspace(-40, 40, 401), [-1e-300, 1e-300, 0.0]])
        theirs = torch.tensor(x, requires_grad=True)
        result = in_pytorch(activation.key)(theirs)
        result.sum().backward()
        value, slope = activation.value_and_slope(x)
        np.testing.assert_allclose(value, result.detach().numpy(), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(slope, theirs.grad.numpy(), rtol=1e-12, atol=1e-15)

    @given(x=numbers.filter(lambda x: abs(x) > 1e-3))
    def test_slope_agrees_with_differences(self, activation, x):
        slope = activation.value_and_slope(x)[1]
        assert float(slope) == pytest.approx(numerical_gradient(lambda t: activation(t).data, x), abs=1e-7)

    @pytest.mark.parametrize("size", [750.0, 1e5, 1e200])
    def test_is_stable_far_out(self, activation, size):
        value, slope = activation.value_and_slope([-size, size])
        assert np.isfinite(value).all()
        assert np.isfinite(slope).all()

    def test_keeps_the_shape(self, activation):
        value, slope = activation.value_and_slope(np.zeros((2, 3)))
        assert value.shape == slope.shape == (2, 3)

    def test_saturation_is_where_the_slope_stays_under_a_hundredth_of_the_largest(self, activation):
        below, above = activation.saturation
        x = np.linspace(-39, 39, 7801)
        slope = np.abs(activation.value_and_slope(x)[1])
        small = slope < 0.01 * slope.max()
        assert small[(x < below - 0.01) | (x > above + 0.01)].all()
        for edge in (below, above):
            if math.isfinite(edge):
                assert not small[np.abs(x - edge) < 0.02].all(), "it begins farther out"

    def test_says_what_it_is(self, activation):
        assert ACTIVATIONS[activation.key] is activation
        assert activation.name
        assert activation.about.endswith(".")


def test_where_each_saturates():
    borders = {key: activation.saturation for key, activation in ACTIVATIONS.items()}
    steepest = mpmath.findroot(lambda x: mpmath.diff(lambda t: t * mpmath.ncdf(t), x, 2), 1.4)
    largest = mpmath.diff(lambda t: t * mpmath.ncdf(t), steepest)
    gelu_below = mpmath.findroot(lambda x: mpmath.diff(lambda t: t * mpmath.ncdf(t), x) + largest / 100, -3)
    half = math.log(199 + math.sqrt(199**2 - 1))  # where σ(1 − σ) is 1/400: cosh x = 199
    expected = {
        "linear": (-math.inf, math.inf),
        "relu": (0, math.inf),
        "leaky_relu": (-math.inf, math.inf),
        "sigmoid": (-half, half),
        "tanh": (-math.acosh(10), math.acosh(10)),
        "softplus": (-math.log(99), math.inf),
        "gelu": (float(gelu_below), math.inf),
    }
    assert borders.keys() == expected.keys()
    for key, border in expected.items():
        assert borders[key] == pytest.approx(border, abs=2e-3), key
    assert linear(0, 3).saturation == (-math.inf, math.inf), "a constant has no slope to lose"


@given(x=st.floats(-37, 8))
def test_gelu_keeps_its_digits_in_the_tail(x):
    with mpmath.workdps(40):
        value = mpmath.mpf(x) * mpmath.ncdf(x)
    assert float(gelu(x).data) == pytest.approx(float(value), rel=1e-13)


@given(x=st.floats(-700, 700))
def test_softplus_keeps_its_digits_in_the_tail(x):
    with mpmath.workdps(400):
        value = mpmath.log1p(mpmath.exp(mpmath.mpf(x)))
    assert float(softplus(x).data) == pytest.approx(float(value), rel=1e-13)


def test_leaky_relu_takes_another_slope():
    assert leaky_relu(Tensor([-2.0, 3.0]), 0.2).data.tolist() == [-0.4, 3.0]


def test_activations_compose_with_other_operations():
    x = Tensor([-1.0, 0.5])
    (gelu(x * 2) + softplus(x)).sum().backward()
    expected = numerical_gradient(lambda t: (gelu(t * 2).data + softplus(t).data).sum(), x.data)
    assert x.grad == pytest.approx(expected, abs=1e-8)


class TestSoftmaxOutput:
    """Row 18: an output of softmax against its own logit."""

    @given(x=numbers, held=st.lists(numbers, min_size=1, max_size=5))
    def test_it_is_what_softmax_and_its_jacobian_say(self, x, held):
        value, slope = softmax_output(held).value_and_slope(x)
        assert value == pytest.approx(Tensor([x, *held]).softmax().data[0], rel=1e-9)
        assert slope == pytest.approx(softmax_jacobian([x, *held])[0, 0], rel=1e-9, abs=1e-15)
        assert slope == pytest.approx(value * (1 - value), rel=1e-9, abs=1e-15)

    def test_it_saturates_as_far_as_a_sigmoid_from_where_the_others_are(self):
        held = [1.0, 0.1]
        shift = math.log(math.exp(1) + math.exp(0.1))
        below, above = ACTIVATIONS["sigmoid"].saturation
        assert softmax_output(held).saturation == pytest.approx((below + shift, above + shift), abs=2e-3)
        assert softmax_output(held).value_and_slope(shift)[1] == pytest.approx(0.25)

    @pytest.mark.parametrize("held", [[], 1.0, [[1.0, 2.0]]])
    def test_the_others_are_a_vector(self, held):
        with pytest.raises(ValueError, match="must be a vector"):
            softmax_output(held)
