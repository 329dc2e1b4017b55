"""Neural networks: layers in sequence, and the losses for classes and for numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from landscape.gradients.tensor import Array, Directions, Operand, Tensor, operation, tensor, values


class Layer(ABC):
    """A function of a tensor, with the parameters that training moves."""

    @abstractmethod
    def __call__(self, x: Operand) -> Tensor:
        """The layer's output for x, samples along the first axes and features along the last."""

    def parameters(self) -> list[Tensor]:
        return []


class Linear(Layer):
    """y = W x + b for each sample x. weight: (outputs, inputs), drawn as `init` says; bias: (outputs,), zero at first.

    init: a key of INITIALIZATIONS. seed: a number, or a NumPy generator that the layers of a network share.
    Raises ValueError for an unknown init, and when called on another number of features.
    """

    def __init__(
        self, inputs: int, outputs: int, init: str = "he", seed: int | np.random.Generator | None = None
    ) -> None:
        if init not in INITIALIZATIONS:
            raise ValueError(f"init must be one of {', '.join(INITIALIZATIONS)}, not {init!r}.")
        self.weight = Tensor(INITIALIZATIONS[init](inputs, outputs, np.random.default_rng(seed)))
        self.bias = Tensor(np.zeros(outputs))

    def __call__(self, x: Operand) -> Tensor:
        return linear(x, self.weight, self.bias)

    def parameters(self) -> list[Tensor]:
        return [self.weight, self.bias]


class ReLU(Layer):
    """max(x, 0)."""

    def __call__(self, x: Operand) -> Tensor:
        return tensor(x).relu()


class Tanh(Layer):
    """The hyperbolic tangent."""

    def __call__(self, x: Operand) -> Tensor:
        return tensor(x).tanh()


class Sigmoid(Layer):
    """1 / (1 + exp(−x))."""

    def __call__(self, x: Operand) -> Tensor:
        return tensor(x).sigmoid()


class Sequential(Layer):
    """Layers one after the other, each fed with what the one before returns."""

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers

    def __call__(self, x: Operand) -> Tensor:
        output = tensor(x)
        for layer in self.layers:
            output = layer(output)
        return output

    def parameters(self) -> list[Tensor]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]


@operation
def linear(x: Operand, weight: Tensor, bias: Tensor) -> Directions:
    """W x + b for every sample in x. x: (..., inputs); weight: (outputs, inputs); bias: (outputs,)."""
    samples, matrix = values(x), weight.data
    outputs, inputs = matrix.shape
    if samples.shape[-1:] != (inputs,):
        raise ValueError(f"the layer takes {inputs} features, the last axis of x; x has shape {samples.shape}.")
    return (
        samples @ matrix.T + bias.data,
        (x, lambda g: g @ matrix),
        (weight, lambda g: g.reshape(-1, outputs).T @ samples.reshape(-1, inputs)),
        (bias, lambda g: g),
    )


def cross_entropy(logits: Tensor, labels: npt.ArrayLike) -> Tensor:
    """Mean of −log softmax(logits) at the labels. logits: (..., classes); labels: (...), whole numbers from 0.

    Its gradient in the logits is (softmax − one-hot) / number of labels. Raises ValueError for labels that do not fit.
    """
    given, (*lanes, classes) = values(labels), logits.shape
    if given.shape != tuple(lanes) or not ((given == np.floor(given)) & (given >= 0) & (given < classes)).all():
        raise ValueError(
            f"logits of shape {logits.shape} need labels of shape {tuple(lanes)}, whole numbers from 0 to "
            f"{classes - 1}."
        )
    chosen = (*np.indices(given.shape, sparse=True), given.astype(int))
    return (logits.logsumexp() - logits[chosen]).mean()


def mean_squared_error(output: Tensor, target: npt.ArrayLike) -> Tensor:
    """Mean of the squared differences of all numbers, as torch.nn.MSELoss. target: of the output's shape.

    Raises ValueError for a target of another shape: broadcasting would compare every sample with every other.
    """
    given = values(target)
    if given.shape != output.shape:
        raise ValueError(f"an output of shape {output.shape} needs a target of that shape, not {given.shape}.")
    return ((output - given) ** 2).mean()


def perceptron(
    *widths: int, activation: str = "relu", init: str = "he", seed: int | np.random.Generator | None = None
) -> Sequential:
    """A multilayer perceptron: Linear layers of these widths, with an activation after each but the last.

    widths: features, then units of each hidden layer, then outputs. activation: a key of ACTIVATION_LAYERS. init,
    seed: as for Linear, the generator shared by all layers. ValueError for fewer than two widths and unknown keys.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"a perceptron needs at least two widths, each 1 or more, not {widths!r}.")
    if activation not in ACTIVATION_LAYERS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATION_LAYERS)}, not {activation!r}.")
    generator, layers = np.random.default_rng(seed), list[Layer]()
    for inputs, outputs in pairwise(widths):
        layers += [Linear(inputs, outputs, init, generator), ACTIVATION_LAYERS[activation]()]
    return Sequential(*layers[:-1])


def xavier(inputs: int, outputs: int, generator: np.random.Generator) -> Array:
    """Uniform within ±√(6 / (inputs + outputs)), for tanh and sigmoid. Glorot and Bengio, AISTATS 2010, equation 16."""
    border = (6 / (inputs + outputs)) ** 0.5
    return generator.uniform(-border, border, (outputs, inputs))


def he(inputs: int, outputs: int, generator: np.random.Generator) -> Array:
    """Normal with deviation √(2 / inputs), for ReLU. He et al., ICCV 2015, equation 10."""
    return generator.normal(0, (2 / inputs) ** 0.5, (outputs, inputs))


INITIALIZATIONS: dict[str, Callable[[int, int, np.random.Generator], Array]] = {"he": he, "xavier": xavier}

ACTIVATION_LAYERS: dict[str, type[Layer]] = {"relu": ReLU, "tanh": Tanh, "sigmoid": Sigmoid}
