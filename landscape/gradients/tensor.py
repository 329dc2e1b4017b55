"""Automatic differentiation: operations on tensors are recorded, then walked backwards by the chain rule.

An operation is written once, with both directions side by side. Forward: the value of the result. Backward: for each
operand a rule that turns the gradient of the loss in the result into its gradient in the operand. Tensors are the nodes
of the computational graph, rules its edges; backward() walks along them, and that is all there is to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, Union

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Axis = int | tuple[int, ...] | None
Operand = Union["Tensor", npt.ArrayLike]
Rule = Callable[[Any], npt.ArrayLike]  # gradient in the result -> gradient in the operand
Directions = tuple[npt.ArrayLike, *tuple[tuple[Operand, Rule], ...]]  # forward: value; backward: (operand, rule)s
P = ParamSpec("P")

_recording = ContextVar("recording", default=True)
_births = count()


@contextmanager
def no_grad() -> Iterator[None]:
    """Record nothing inside the block: for updates of parameters (`w -= 0.1 * w.grad`) and for mere evaluation."""
    before = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(before)


def operation(directions: Callable[P, Directions]) -> Callable[P, "Tensor"]:
    """Make an operation of a function that returns its value and an (operand, rule) pair for each operand.

    All operations here are made by it, and one of your own is made the same way:

    @operation
    def my_relu(x):
        return np.maximum(x.data, 0), (x, lambda gradient: gradient * (x.data > 0))

    Broadcasting needs no care: a gradient is summed back to its operand's shape.
    """

    @wraps(directions)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> "Tensor":
        with np.errstate(all="ignore"):
            value, *pairs = directions(*args, **kwargs)
        result = Tensor(value, requires_grad=False)
        edges = tuple((tensor(operand), rule) for operand, rule in pairs)
        if _recording.get() and any(operand.requires_grad for operand, _ in edges):
            result.requires_grad, result.operation, result.edges = True, directions.__name__.strip("_"), edges
        return result

    return recorded


class Tensor:
    """An array that remembers how it was computed.

    data: float64 array of any shape, a copy of what is given.
    grad: gradient of the loss in this tensor, of the same shape; None until backward() has come by.
    requires_grad: whether backward() computes it. Numbers and arrays met in an operation are constants.
    operation, edges: name of the operation ("" if given by hand) and its (operand, rule) pairs. Between single numbers
    rule(1.0) is the local derivative.
    """

    __array_ufunc__ = None  # array + tensor is for the tensor to compute

    def __init__(self, data: npt.ArrayLike, requires_grad: bool = True) -> None:
        self.data: Array = np.array(data, dtype=np.float64)
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.operation = ""
        self.edges: tuple[tuple[Tensor, Rule], ...] = ()
        self._birth = next(_births)

    def backward(self) -> None:
        """Compute the gradient of this single number in every tensor it was computed from.

        A tensor given by hand adds it to its grad, call after call, until zero_grad(); a result holds that of the last
        call. Raises RuntimeError if this is not a single number or was not recorded.
        Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2 (reverse mode).
        """
        if not self.edges:
            raise RuntimeError(
                "backward() follows recorded operations, and none led to this tensor: it was given by "
                "hand, computed from constants, or computed under no_grad()."
            )
        if self.data.size != 1:
            raise RuntimeError(f"backward() starts from one number, not from shape {self.shape}: take its sum() first.")
        nodes = [node for node in self.graph() if node.requires_grad]
        for node in nodes:
            if node.edges:
                node.grad = None
        self.grad = np.ones(self.shape)
        with np.errstate(all="ignore"):
            for node in reversed(nodes):
                for operand, rule in node.edges:
                    if operand.requires_grad:
                        share = _summed_to(operand, rule(node.grad), node.operation)
                        operand.grad = share.copy() if operand.grad is None else operand.grad + share

    def graph(self) -> "list[Tensor]":
        """This tensor and all that it was computed from, operands before results."""
        found, waiting = {self}, [self]
        while waiting:
            for operand, _ in waiting.pop().edges:
                if operand not in found:
                    found.add(operand)
                    waiting.append(operand)
        return sorted(found, key=lambda node: node._birth)  # an operand is older than its result

    def zero_grad(self) -> None:
        """Forget the gradient accumulated so far."""
        self.grad = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    def __repr__(self) -> str:
        return f"Tensor({np.array2string(self.data, separator=', ')})"

    # Arithmetic, broadcasting as NumPy does.

    @operation
    def __add__(self, other: Operand) -> Directions:
        return self.data + values(other), (self, lambda g: g), (other, lambda g: g)

    @operation
    def __sub__(self, other: Operand) -> Directions:
        return self.data - values(other), (self, lambda g: g), (other, lambda g: -g)

    @operation
    def __mul__(self, other: Operand) -> Directions:
        a, b = self.data, values(other)
        return a * b, (self, lambda g: g * b), (other, lambda g: g * a)

    @operation
    def __truediv__(self, other: Operand) -> Directions:
        a, b = self.data, values(other)
        return a / b, (self, lambda g: g / b), (other, lambda g: -g * a / b**2)

    @operation
    def __pow__(self, other: Operand) -> Directions:
        a, b = self.data, values(other)
        y, flat = a**b, (a == 0) & (b >= 0)
        in_base = (self, lambda g: g * np.where(b == 0, 0, b * a ** (b - 1)))
        return y, in_base, (other, lambda g: g * np.where(flat, 0, y * np.log(a)))

    @operation
    def __matmul__(self, other: Operand) -> Directions:
        a, b = self.data, values(other)
        if b.ndim == 1:
            return a @ b, (self, lambda g: g[..., None] * b), (other, lambda g: g[..., None] * a)
        if a.ndim == 1:
            return a @ b, (self, lambda g: (b @ g[..., None])[..., 0]), (other, lambda g: a[:, None] * g[..., None, :])
        return a @ b, (self, lambda g: g @ b.swapaxes(-1, -2)), (other, lambda g: a.swapaxes(-1, -2) @ g)

    @operation
    def __neg__(self) -> Directions:
        return -self.data, (self, lambda g: -g)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: npt.ArrayLike) -> "Tensor":
        return tensor(other) - self

    def __rtruediv__(self, other: npt.ArrayLike) -> "Tensor":
        return tensor(other) / self

    def __rpow__(self, other: npt.ArrayLike) -> "Tensor":
        return tensor(other) ** self

    def __rmatmul__(self, other: npt.ArrayLike) -> "Tensor":
        return tensor(other) @ self

    def __isub__(self, other: Operand) -> "Tensor":
        """Recorded like any difference; under no_grad() the tensor itself moves and stays the parameter it is."""
        difference = self - other
        if _recording.get():
            return difference
        self.data = difference.data
        return self

    # Functions of each element.

    @operation
    def exp(self) -> Directions:
        y = np.exp(self.data)
        return y, (self, lambda g: g * y)

    @operation
    def log(self) -> Directions:
        x = self.data
        return np.log(x), (self, lambda g: g / x)

    @operation
    def sqrt(self) -> Directions:
        y = np.sqrt(self.data)
        return y, (self, lambda g: g / (2 * y))

    @operation
    def tanh(self) -> Directions:
        y = np.tanh(self.data)
        return y, (self, lambda g: g * (1 - y**2))

    @operation
    def sigmoid(self) -> Directions:
        power = np.exp(-np.abs(self.data))  # at most 1: large inputs cannot overflow
        y = np.where(self.data < 0, power, 1) / (1 + power)
        return y, (self, lambda g: g * y * (1 - y))

    @operation
    def relu(self) -> Directions:
        x = self.data
        return np.maximum(x, 0), (self, lambda g: g * (x > 0))

    # Functions along an axis; None means over all elements.

    @operation
    def sum(self, axis: Axis = None, keepdims: bool = False) -> Directions:
        return self.data.sum(axis, keepdims=keepdims), (self, self._spread(axis, keepdims))

    @operation
    def mean(self, axis: Axis = None, keepdims: bool = False) -> Directions:
        y, spread = self.data.mean(axis, keepdims=keepdims), self._spread(axis, keepdims)
        return y, (self, lambda g: spread(g) * (y.size / self.data.size))

    @operation
    def max(self, axis: Axis = None, keepdims: bool = False) -> Directions:
        """The largest elements; equal ones share the gradient."""
        y, spread = self.data.max(axis, keepdims=keepdims), self._spread(axis, keepdims)
        largest = self.data == spread(y)
        return y, (self, lambda g: spread(g) * largest / largest.sum(axis, keepdims=True))

    @operation
    def softmax(self, axis: int = -1) -> Directions:
        powers = np.exp(self.data - self.data.max(axis, keepdims=True))  # the largest is 1: nothing overflows
        y = powers / powers.sum(axis, keepdims=True)
        return y, (self, lambda g: y * (g - (g * y).sum(axis, keepdims=True)))

    @operation
    def logsumexp(self, axis: int = -1) -> Directions:
        x, spread = self.data, self._spread(axis, keepdims=False)
        y = np.logaddexp.reduce(x, axis)
        return y, (self, lambda g: spread(g) * np.exp(x - spread(y)))

    def _spread(self, axis: Axis, keepdims: bool) -> Callable[[Array], Array]:
        """Give every element the number that it was reduced to."""
        return lambda g: np.broadcast_to(g if keepdims or axis is None else np.expand_dims(g, axis), self.shape)

    # The same elements, arranged or chosen.

    @operation
    def reshape(self, *shape: int) -> Directions:
        return self.data.reshape(*shape), (self, lambda g: g.reshape(self.shape))

    @operation
    def transpose(self, *axes: int) -> Directions:
        """The axes in the order given, as in NumPy; reversed if none is given."""
        order = [axis % self.data.ndim for axis in axes] or range(self.data.ndim)[::-1]
        return self.data.transpose(order), (self, lambda g: g.transpose(np.argsort(order)))

    @property
    def T(self) -> "Tensor":
        return self.transpose()

    @operation
    def __getitem__(self, index: Any) -> Directions:
        def scattered(g: Array) -> Array:
            whole = np.zeros(self.shape)
            np.add.at(whole, index, g)  # an element chosen twice gets both
            return whole

        return self.data[index], (self, scattered)


def tensor(operand: Operand) -> Tensor:
    """The operand itself, or a constant tensor of a number or an array."""
    return operand if isinstance(operand, Tensor) else Tensor(operand, requires_grad=False)


def values(operand: Operand) -> Array:
    return operand.data if isinstance(operand, Tensor) else np.asarray(operand, np.float64)


def _summed_to(operand: Tensor, gradient: npt.ArrayLike, operation: str) -> Array:
    """Undo broadcasting: every copy of an element has its own gradient, and the element's is their sum."""
    given, shape = np.asarray(gradient, np.float64), operand.shape
    if given.shape == shape:
        return given
    added = given.ndim - len(shape)
    total = np.asarray(given.sum(tuple(i for i in range(given.ndim) if i < added or shape[i - added] == 1)))
    if total.size != operand.data.size:
        raise ValueError(f"{operation}: its rule returned shape {given.shape} for an operand of shape {shape}.")
    return total.reshape(shape)
