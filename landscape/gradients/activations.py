"""ACTIVATIONS: the functions between the layers of a network, their slopes, and where they saturate."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from landscape.gradients.tensor import Array, Directions, Operand, Tensor, operation, tensor, values

SATURATED = 0.01  # a slope below this part of the largest one lets hardly anything through


@dataclass(frozen=True, eq=False, kw_only=True)
class Activation:
    """A function of each element of a tensor, with its name, LaTeX of it and of its derivative, and what it teaches."""

    key: str
    name: str
    formula: str
    derivative: str
    about: str
    function: Callable[[Operand], Tensor]
    source: str

    def __call__(self, x: Operand) -> Tensor:
        """The function of each element, recorded."""
        return self.function(x)

    def value_and_slope(self, x: npt.ArrayLike) -> tuple[Array, Array]:
        """f(x) and f′(x), each of x's shape; f′ by automatic differentiation."""
        argument = Tensor(x)
        result = self.function(argument)
        result.sum().backward()
        return result.data, argument.grad if argument.grad is not None else np.zeros(argument.shape)

    @cached_property
    def saturation(self) -> tuple[float, float]:
        """Below the first and above the second x, |f′| is less than SATURATED of its largest value; ∓inf if nowhere.

        To three decimals, and found within ±40, beyond which float64 has no more to tell of any of ACTIVATIONS.
        """
        x = np.linspace(-40, 40, 80_001)
        slope = np.abs(self.value_and_slope(x)[1])
        steep = np.flatnonzero(slope >= SATURATED * slope.max())
        first, last = steep[0], steep[-1]
        return (
            round(float(x[first - 1]), 3) if first else -math.inf,
            round(float(x[last + 1]), 3) if last + 1 < x.size else math.inf,
        )


@operation
def leaky_relu(x: Operand, negative_slope: float = 0.01) -> Directions:
    """x where it is positive, negative_slope · x elsewhere. Maas et al., ICML 2013."""
    given = values(x)
    slope = np.where(given > 0, 1, negative_slope)
    return given * slope, (x, lambda g: g * slope)


@operation
def softplus(x: Operand) -> Directions:
    """log(1 + exp(x)), a smooth ReLU. Dugas et al., NIPS 2000."""
    given = values(x)
    return np.logaddexp(0, given), (x, lambda g: g * np.exp(-np.logaddexp(0, -given)))


@operation
def gelu(x: Operand) -> Directions:
    """x Φ(x), Φ the normal distribution function: exact, by math.erfc of each element. Hendrycks and Gimpel, 2016."""
    given = values(x)
    below = _erfc(-given / 2**0.5) / 2  # unlike 1 + erf, it keeps its digits where it is small
    density = np.exp(-(given**2) / 2) / (2 * math.pi) ** 0.5
    return given * below, (x, lambda g: g * (below + given * density))


def linear(weight: float = 1.0, bias: float = 0.0) -> Activation:
    """The function w x + b of one number, for a weight w and a bias b."""
    return Activation(
        key="linear",
        name="Linear",
        formula="w x + b",
        derivative="w",
        about="Layers of it alone are one linear layer again: a network needs something that bends.",
        function=lambda x: tensor(x) * weight + bias,
        source="Rosenblatt, The perceptron, 1958",
    )


def softmax_output(held: npt.ArrayLike) -> Activation:
    """The first output of softmax against its own logit, the others held: s₁ = exp(x) / (exp(x) + Σ exp(held)).

    Raises ValueError for other logits that are no vector.
    """
    others = np.asarray(held, np.float64)
    if others.ndim != 1 or not others.size:
        raise ValueError(f"The logits that are held must be a vector, not of shape {others.shape}.")
    shift = float(np.logaddexp.reduce(others))
    below = " + ".join(["e^x", *(f"e^{{x_{i}}}" for i in range(2, others.size + 2))])
    return Activation(
        key="softmax",
        name="Softmax",
        formula=rf"s_1 = \frac{{e^x}}{{{below}}}",
        derivative="s_1\\,(1 - s_1)",
        about="Against its own logit each output is a sigmoid, moved by the log-sum-exp of the other logits.",
        function=lambda x: (tensor(x) - shift).sigmoid(),
        source="Goodfellow, Bengio and Courville, Deep Learning, section 6.2.2.3",
    )


def linear_partials(x: float, weight: float, bias: float) -> dict[str, float]:
    """The partial derivatives of y = w x + b at numbers: ∂y/∂w = x, ∂y/∂b = 1 and ∂y/∂x = w, from one backward pass."""
    given = {"w": Tensor(weight), "b": Tensor(bias), "x": Tensor(x)}
    (given["w"] * given["x"] + given["b"]).backward()
    return {name: float(each.grad) for name, each in given.items() if each.grad is not None}


def _erfc(x: Array) -> Array:
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(x), np.float64)


def _by_key(*activations: Activation) -> dict[str, Activation]:
    return {each.key: each for each in activations}


ACTIVATIONS = _by_key(
    linear(),
    Activation(
        key="relu",
        name="ReLU",
        formula=r"\max(x, 0)",
        derivative=r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        about="A gradient passes unchanged or not at all: a unit that is negative for every sample learns no more.",
        function=lambda x: tensor(x).relu(),
        source="Nair and Hinton, ICML 2010",
    ),
    Activation(
        key="leaky_relu",
        name="Leaky ReLU",
        formula=r"\begin{cases} x & x > 0 \\ 0.01\,x & x \le 0 \end{cases}",
        derivative=r"\begin{cases} 1 & x > 0 \\ 0.01 & x \le 0 \end{cases}",
        about="A hundredth of the gradient still passes on the negative side, so that no unit is lost for good.",
        function=leaky_relu,
        source="Maas et al., Rectifier nonlinearities improve neural network acoustic models, ICML 2013",
    ),
    Activation(
        key="sigmoid",
        name="Sigmoid",
        formula=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
        derivative=r"\sigma(x)\,(1 - \sigma(x))",
        about="Its slope is 1/4 at most, so every layer of it takes at least three quarters of the gradient away.",
        function=lambda x: tensor(x).sigmoid(),
        source="Rumelhart, Hinton and Williams, Nature 323, 1986",
    ),
    Activation(
        key="tanh",
        name="Tanh",
        formula=r"\tanh x",
        derivative=r"1 - \tanh^2 x",
        about="A sigmoid around zero with slope 1 in its middle; it saturates on both sides.",
        function=lambda x: tensor(x).tanh(),
        source="LeCun et al., Efficient BackProp, 1998",
    ),
    Activation(
        key="softplus",
        name="Softplus",
        formula=r"\ln(1 + e^x)",
        derivative=r"\sigma(x) = \frac{1}{1 + e^{-x}}",
        about="ReLU without its corner: the slope is the sigmoid, never quite 0 and never quite 1.",
        function=softplus,
        source="Dugas et al., Incorporating second-order functional knowledge, NIPS 2000",
    ),
    Activation(
        key="gelu",
        name="GELU",
        formula=r"x\,\Phi(x)",
        derivative=r"\Phi(x) + x\,\varphi(x)",
        about="ReLU smoothed by the normal distribution Φ. It falls a little before it rises: its slope changes sign.",
        function=gelu,
        source="Hendrycks and Gimpel, Gaussian error linear units, arXiv 1606.08415, 2016",
    ),
)
