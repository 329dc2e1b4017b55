"""Backpropagation with every array kept: one pass forwards and backwards through a network, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.gradients.layers import Layer, ReLU, Sequential
from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.tensor import Array, Tensor, no_grad

Loss = Callable[[Tensor], Tensor]  # the network's output -> a single number


@dataclass(frozen=True, eq=False)
class LayerPass:
    """What went through one layer, forwards and backwards; copies, so that training on does not change them.

    input, output: samples along the first axes, features along the last.
    output_gradient, input_gradient: ∂L/∂output, which arrives from behind, and ∂L/∂input, which is passed on.
    parameters, gradients: the layer's own, (weight, bias) for Linear and empty for an activation; ∂L/∂parameter.
    """

    layer: Layer
    input: Array
    output: Array
    output_gradient: Array
    input_gradient: Array
    parameters: tuple[Array, ...]
    gradients: tuple[Array, ...]

    @property
    def slope(self) -> Array:
        """Of an activation: its derivative at each number of the input, by which output_gradient is multiplied."""
        x = Tensor(self.input)
        self.layer(x).sum().backward()
        return _gradient(x)

    @property
    def gradient_norm(self) -> float:
        """Euclidean length of ∂L/∂weight, all its numbers in one vector; NaN for a layer that has no weight."""
        with np.errstate(all="ignore"):
            return float(np.linalg.norm(self.gradients[0])) if self.gradients else np.nan

    @property
    def dead(self) -> npt.NDArray[np.bool_]:
        """(features,): the units of a ReLU that are 0 for every sample of the batch; none in any other layer.

        No gradient gets through such a unit, so that its weights do not learn from this batch.
        Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013.
        """
        if not isinstance(self.layer, ReLU):
            return np.zeros(self.output.shape[-1], bool)
        silent: npt.NDArray[np.bool_] = (self.output == 0).reshape(-1, self.output.shape[-1]).all(0)
        return silent


@dataclass(frozen=True, eq=False)
class NetworkPass:
    """One pass through a network: the layers in their order, and the loss in the end."""

    layers: tuple[LayerPass, ...]
    loss: float

    @property
    def output(self) -> Array:
        """The network's output for the batch."""
        return self.layers[-1].output

    @property
    def learning(self) -> tuple[LayerPass, ...]:
        """The layers that have weights."""
        return tuple(each for each in self.layers if each.gradients)

    @property
    def shrinkage(self) -> float:
        """How many times shorter the gradient of the first weights is than that of the last: above 1 it vanishes.

        NaN where one of them is zero or not finite.
        Source: Bengio, Simard and Frasconi, IEEE Transactions on Neural Networks 5 (1994) 157–166.
        """
        first, last = self.learning[0].gradient_norm, self.learning[-1].gradient_norm
        return last / first if 0 < first < np.inf and 0 < last < np.inf else np.nan

    @property
    def dead_share(self) -> float:
        """The share of dead units among the units of all ReLU layers; 0 if there is none."""
        dead = [each.dead for each in self.layers if isinstance(each.layer, ReLU)]
        return float(np.concatenate(dead).mean()) if dead else 0.0

    @property
    def at_kink(self) -> bool:
        """Whether the input of some ReLU is exactly 0, where its slope is taken as 0 and differences see both sides."""
        return any(bool((each.input == 0).any()) for each in self.layers if isinstance(each.layer, ReLU))


def backpropagate(model: Sequential, x: npt.ArrayLike, loss: Loss) -> NetworkPass:
    """Send a batch forwards through a network and the gradient of its loss back, and keep every array.

    x: (n, features), or any shape that the first layer takes. loss: of the output, such as
    `lambda output: cross_entropy(output, y)`. The gradients stored in the model are left as they are.
    Raises ValueError for a model without weights, and RuntimeError if the loss is not a single number.
    Source: Rumelhart, Hinton and Williams, Nature 323 (1986) 533–536.
    """
    if not model.parameters():
        raise ValueError("the network has no weights: give it at least one Linear layer.")
    before = [parameter.grad for parameter in model.parameters()]
    for parameter in model.parameters():
        parameter.zero_grad()
    # Each layer starts from a tensor of its own, so that one layer's gradients are asked for at a time.
    arrays = [Tensor(x)]
    for layer in model.layers:
        arrays.append(layer(arrays[-1]))
    value = loss(arrays[-1])
    value.backward()
    layers = tuple(
        LayerPass(
            layer,
            np.array(entering.data),
            np.array(leaving.data),
            _gradient(leaving),
            _gradient(entering),
            tuple(parameter.data.copy() for parameter in layer.parameters()),
            tuple(_gradient(parameter) for parameter in layer.parameters()),
        )
        for layer, entering, leaving in zip(model.layers, arrays, arrays[1:], strict=False)
    )
    for parameter, grad in zip(model.parameters(), before, strict=True):
        parameter.grad = grad
    return NetworkPass(layers, float(value.data))


def gradient_by_differences(
    model: Sequential, parameter: Tensor, x: npt.ArrayLike, loss: Loss, h: float = 1e-5, method: str = "central"
) -> Array:
    """∂L/∂parameter by one difference quotient for each of its numbers, of the parameter's shape; nothing is changed.

    Arguments as for `backpropagate`; h and method as for `numerical_gradient`, without its complex step.
    """
    exact = parameter.data

    def moved(values: Array) -> float:
        parameter.data = values
        return float(loss(model(x)).data)

    try:
        with no_grad():
            difference: Array = numerical_gradient(moved, exact, h, method)
    finally:
        parameter.data = exact
    return difference


def _gradient(tensor: Tensor) -> Array:
    """A copy of a tensor's gradient; zeros if none came by."""
    return np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.copy()
