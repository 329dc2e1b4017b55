"""LinearRegression and LogisticRegression: losses in two parameters that are a mean over samples.

With one feature θ is (weight, bias); with two it is (weight, weight), and there is no bias. The loss is

    f(θ) = 1/n Σ ℓ(rᵢ) + l2 ‖w‖² + l1 ‖w‖₁,

without a ½ before squares. The penalties are on weights only: with a penalised bias, the line would depend on where
the zero of y lies (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2009, section 3.4.1).
At a kink, be it of the absolute loss or of l1, the subgradient is 0, as in PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.objectives.batched_loss import BatchedLoss
from landscape.objectives.lowest_point import lowest_point
from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES, SampleLoss

__all__ = ["LinearRegression", "LogisticRegression"]

BLOCK = 2**15  # numbers at a time: they stay in the processor's cache, and memory stays small
ROUNDING = 1e-13

Array = NDArray[np.float64]
Point = tuple[float, float]
OnFloats = Callable[[float, float], tuple[float, float, float]]


class _Squares(NamedTuple):
    """A sum of squares (a p + b q − c)² + (d q − e)² + rest over θ = (p, q): six numbers stand for all samples.

    They are the R of a QR decomposition, whose condition number is the root of that of the normal equations
    (Björck, Numerical Methods for Least Squares Problems, 1996, section 1.3).
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    rest: float

    @classmethod
    def of(cls, table: Array) -> Self:
        """The sum of (u p + v q − t)² over the rows (u, v, t) of a table of at least 3 rows."""
        (a, b, c), (_, d, e), (_, _, f) = np.asarray(np.linalg.qr(table, mode="r")).tolist()
        if abs(d) <= ROUNDING * math.hypot(b, d):  # both columns are parallel, and e is a part of the rest
            return cls(a, b, c, 0.0, 0.0, e * e + f * f)
        return cls(a, b, c, d, e, f * f)

    def value(self, p: Any, q: Any) -> Any:
        a, b, c, d, e, rest = self
        first, second = a * p + b * q - c, d * q - e
        return first * first + second * second + rest

    def gradient(self, p: Any, q: Any) -> tuple[Any, Any]:
        a, b, c, d, e, _ = self
        first, second = a * p + b * q - c, d * q - e
        return 2 * a * first, 2 * (b * first + d * second)

    def hessian(self) -> Array:
        a, b, d = self.a, self.b, self.d
        return 2 * np.array([[a * a, a * b], [a * b, b * b + d * d]])

    def minimum(self) -> Point:
        a, b, c, d, e, _ = self
        if a and d:
            return (c - b * e / d) / a, e / d
        p, q = np.linalg.lstsq(np.array([[a, b], [0.0, d]]), np.array([c, e]), rcond=None)[0].tolist()
        return p, q


class _Regression:
    """What the regressions share: a mean over samples of ℓ(u p + v q − t) plus penalties, over θ = (p, q).

    θ has shape (2, *lanes); results are float64.
    """

    x: Any
    y: Any
    l2: float
    l1: float

    domain = None

    @property
    def sample_loss(self) -> SampleLoss:
        """ℓ, the loss of one sample."""
        raise NotImplementedError

    @cached_property
    def _samples(self) -> tuple[Array, Array]:
        """The rows (u, v), shape (n, 2), and the targets t, shape (n,)."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        strengths = {name: _strength(name, getattr(self, name)) for name in ("l2", "l1")}
        for name, value in (_data(self.x, self.y) | strengths).items():
            object.__setattr__(self, name, value)

    def __getstate__(self) -> dict[str, Any]:  # what is computed from the samples need not be pickled, or cannot be
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]

    def __call__(self, theta: ArrayLike) -> Array:
        """f(θ), shape lanes."""

        def values(block: Array, r: Array) -> Array:
            value: Array = self._squares.value(*block)
            if self.l1:
                value += self.l1 * np.abs(block[: self._weights]).sum(axis=0)
            if self._beyond_squares:
                value += self._beyond_squares.mean(r)
            return value

        return self._in_blocks(values, theta)[()]

    def gradient(self, theta: ArrayLike) -> Array:
        """∇f(θ), shape (2, *lanes)."""

        def gradients(block: Array, r: Array) -> Array:
            gradient = np.array(self._squares.gradient(*block))
            gradient[: self._weights] += self.l1 * np.sign(block[: self._weights])
            if self._beyond_squares:
                gradient += self._samples[0].T @ self._beyond_squares.slope(r) / len(r)
            return gradient

        return self._in_blocks(gradients, theta)

    def hessian(self, theta: ArrayLike) -> Array:
        """∇²f(θ), shape (2, 2, *lanes); kinks have none and count as straight."""

        def hessians(block: Array, r: Array) -> Array:
            hessian = np.repeat(self._squares.hessian().reshape(4, 1), block.shape[1], axis=1)
            if self._beyond_squares:
                rows, _ = self._samples
                products = rows.repeat(2, axis=1) * np.tile(rows, 2)
                hessian += products.T @ self._beyond_squares.curvature(r) / len(r)
            return hessian.reshape(2, 2, -1)

        return self._in_blocks(hessians, theta)

    def sample_gradients(self, theta: ArrayLike) -> Array:
        """Every sample's gradient with the penalties', shape (n, 2, *lanes): their mean is the gradient."""
        return np.moveaxis(self._gradients(theta, np.arange(len(self.y))), 0, 1)

    def batch_gradient(self, theta: ArrayLike, indices: ArrayLike) -> Array:
        """The mean of the sample gradients over a batch, shape (2, *lanes).

        The batch is given by its samples' indices, shape (b,), or (b, *lanes) for a batch of its own in every lane.
        """
        chosen = np.asarray(indices)
        if not chosen.size or chosen.dtype.kind not in "iu":
            raise ValueError(f"A batch is the indices of at least one sample, but it is {indices!r}.")
        gradient: Array = self._gradients(theta, chosen).mean(axis=1)
        return gradient

    def batch(self, indices: ArrayLike) -> Self:
        """The same loss over a batch of samples alone, given by their indices, shape (b,)."""
        chosen = np.asarray(indices)
        return replace(self, x=self.x[chosen], y=self.y[chosen])  # type: ignore[type-var]

    def over_batches(self, indices: NDArray[np.intp], starts: NDArray[np.intp]) -> BatchedLoss:
        """The loss over consecutive batches, batch k being indices[..., starts[k] : starts[k + 1]]."""
        return BatchedLoss(*self._samples, self.sample_loss, *self._strengths, indices, starts)

    @property
    def sample_count(self) -> int:
        """n, how many samples the loss is a mean over."""
        return len(self.y)

    @cached_property
    def value_and_gradient(self) -> OnFloats:
        """(p, q) -> (f, ∂f/∂p, ∂f/∂q), on plain floats: the quick way along a single path."""
        a, b, c, d, e, rest = self._squares

        def squares(p: float, q: float) -> tuple[float, float, float]:
            first, second = a * p + b * q - c, d * q - e
            return first * first + second * second + rest, 2 * a * first, 2 * (b * first + d * second)

        (u, v), t, n = self._samples[0].T.copy(), self._samples[1], len(self.y)
        loss, in_p, in_q = self._beyond_squares, self.l1, self.l1 if self._weights == 2 else 0.0

        def on_floats(p: float, q: float) -> tuple[float, float, float]:
            value, slope_p, slope_q = squares(p, q)
            if loss:
                r = u * p + v * q - t
                slope = loss.slope(r)
                value += float(loss.value(r).sum()) / n
                slope_p += float(u @ slope) / n
                slope_q += float(v @ slope) / n
            value += in_p * abs(p) + in_q * abs(q)
            return value, slope_p + _signed(in_p, p), slope_q + _signed(in_q, q)

        return on_floats if loss or self.l1 else squares

    @cached_property
    def minimum(self) -> Point | None:
        """The lowest point, one of them where several are, or None where the loss falls for ever.

        In closed form for squares without l1; otherwise to full precision by the methods of lowest_point.py.
        """
        if not (self._beyond_squares or self.l1):
            return self._squares.minimum()
        return lowest_point(*self._samples, self.sample_loss, *self._strengths)

    @cached_property
    def many_minima(self) -> bool:
        """Is the minimum one of many, because the features tell no two directions apart, as a constant one does?"""
        if self.minimum is None:
            return False
        _, sizes, axes = np.linalg.svd(np.vstack([self._samples[0], np.zeros(2)]), full_matrices=False)
        if sizes[1] > ROUNDING * sizes[0]:
            return False
        # Along the last axis only the penalties can change.
        minimum, level = np.array(self.minimum[: self._weights]), axes[1, : self._weights]
        if not self.l1:
            return not (self.l2 and level.any())
        size = 1e-3 * (1 + np.abs(minimum).max())
        beside = [np.abs(minimum + way * size * level).sum() for way in (-1, 1)]
        return not self.l2 and bool(min(beside) <= np.abs(minimum).sum() + ROUNDING * size)

    @property
    def minima(self) -> tuple[Point, ...]:
        """The minimum if there is one, as the test functions have theirs."""
        return () if self.minimum is None else (self.minimum,)

    @property
    def _weights(self) -> int:
        """How many of the parameters are weights: the first 1 or both 2."""
        return int(self.x.ndim)

    @property
    def _strengths(self) -> tuple[Array, Array]:
        """l2 and l1 of each parameter, (2,) and (2,)."""
        penalised = (np.arange(2) < self._weights).astype(np.float64)
        return self.l2 * penalised, self.l1 * penalised

    @property
    def _beyond_squares(self) -> SampleLoss | None:
        return None if self.sample_loss is LOSSES["squared"] else self.sample_loss

    @cached_property
    def _table(self) -> Array:
        """The rows (u, v, −t), shape (n, 3)."""
        rows, targets = self._samples
        return np.column_stack([rows, -targets])

    @cached_property
    def _squares(self) -> _Squares:
        """All that is a sum of squares: the l2 penalty, as of two more samples, and the squared loss."""
        ridge = np.diag(np.sqrt([self.l2, self.l2 if self._weights == 2 else 0.0, 0.0]))
        if self._beyond_squares:
            return _Squares.of(ridge)
        return _Squares.of(np.vstack([self._table * [1, 1, -1] / math.sqrt(len(self.y)), ridge]))

    def _in_blocks(self, function: Callable[[Array, Array], Array], theta: ArrayLike) -> Array:
        """A function of some lanes of θ, (2, lanes), and all residuals there, (n, lanes), for all lanes.

        Where all is squares, nobody needs residuals, and there are none.
        """
        flat, lanes = _flat(theta)
        table = self._table if self._beyond_squares else self._table[:0]
        width = max(1, BLOCK // max(8, len(table)))
        affine = np.vstack([flat, np.ones(flat.shape[1])])
        memory = np.empty((len(table), min(width, flat.shape[1])))  # used again, for fresh memory is slow
        blocks = []
        with np.errstate(all="ignore"):
            for start in range(0, max(1, flat.shape[1]), width):
                block = affine[:, start : start + width]
                blocks.append(function(block[:2], np.matmul(table, block, out=memory[:, : block.shape[1]])))
        joined = np.concatenate(blocks, axis=-1)
        return joined.reshape((*joined.shape[:-1], *lanes))

    def _gradients(self, theta: ArrayLike, chosen: NDArray[np.integer]) -> Array:
        """The gradients of chosen samples, shape (2, b, *lanes)."""
        theta = np.asarray(theta, dtype=np.float64)
        _flat(theta)
        rows, targets = self._samples
        if chosen.ndim == 1:
            chosen = chosen.reshape(-1, *(1,) * (theta.ndim - 1))
        u, v, t = rows[chosen, 0], rows[chosen, 1], targets[chosen]
        with np.errstate(all="ignore"):
            slope = self.sample_loss.slope(u * theta[0] + v * theta[1] - t)
            gradients = np.array([u * slope, v * slope])
            weights = theta[: self._weights]
            gradients[: self._weights] += (2 * self.l2 * weights + self.l1 * np.sign(weights))[:, None]
        return gradients


@dataclass(frozen=True, eq=False)
class LinearRegression(_Regression):
    """The line w x + b, or w₁ x₁ + w₂ x₂, through samples: ℓ is the "squared", "absolute" or "huber" loss of LOSSES.

    x has shape (n,) or (n, 2), y (n,). ValueError for data that are empty, of unequal lengths or not finite.
    """

    x: Any
    y: Any
    loss: str = "squared"
    l2: float = 0.0
    l1: float = 0.0

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise ValueError(f"loss must be one of {', '.join(LOSSES)}, but it is {self.loss!r}.")
        super().__post_init__()

    @property
    def sample_loss(self) -> SampleLoss:
        return LOSSES[self.loss]

    @cached_property
    def _samples(self) -> tuple[Array, Array]:
        return _rows(self.x), self.y


@dataclass(frozen=True, eq=False)
class LogisticRegression(_Regression):
    """The probability 1 / (1 + exp(−(w x + b))), or of w₁ x₁ + w₂ x₂, of class 1: ℓ is the cross-entropy.

    x has shape (n,) or (n, 2), y (n,), each 0 or 1. ValueError as LinearRegression, and for other classes.
    """

    x: Any
    y: Any
    l2: float = 0.0
    l1: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        other = np.flatnonzero((self.y != 0) & (self.y != 1))
        if other.size:
            raise ValueError(f"y must be 0 or 1 everywhere, but y[{other[0]}] is {self.y[other[0]]:g}.")

    @property
    def sample_loss(self) -> SampleLoss:
        return CROSS_ENTROPY

    @cached_property
    def _samples(self) -> tuple[Array, Array]:
        away = 1 - 2 * self.y  # from the sample's class: the residual is the logit of the other one
        return _rows(self.x) * away[:, None], np.zeros(len(away))


def _data(x: ArrayLike, y: ArrayLike) -> dict[str, Array]:
    """x (n,) or (n, 2) and y (n,) by name, copied and read-only."""
    arrays = {"x": _numbers("x", x), "y": _numbers("y", y)}
    if arrays["x"].ndim == 2 and arrays["x"].shape[1] == 1:
        arrays["x"] = arrays["x"][:, 0]
    x, y = arrays.values()
    if x.ndim not in (1, 2) or (x.ndim == 2 and x.shape[1] != 2):
        raise ValueError(f"x must have shape (n,), or (n, 2) for two features, but it has {x.shape}.")
    if y.ndim != 1:
        raise ValueError(f"y must have shape (n,), but it has {y.shape}.")
    if len(x) != len(y):
        raise ValueError(f"x and y must be of equal length, but x has {len(x)} samples and y has {len(y)}.")
    if not len(x):
        raise ValueError("A regression needs at least one sample, but x and y are empty.")
    for name, array in arrays.items():
        wrong = np.argwhere(~np.isfinite(array))
        if wrong.size:
            place = ", ".join(map(str, wrong[0]))
            raise ValueError(f"{name} must be finite everywhere, but {name}[{place}] is {array[tuple(wrong[0])]}.")
        array.flags.writeable = False
    return arrays


def _numbers(name: str, values: ArrayLike) -> Array:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, but it is {values!r:.60}.") from None


def _strength(name: str, value: Any) -> float:
    try:
        strength = float(value)
    except (TypeError, ValueError):
        strength = math.nan
    if not 0 <= strength < math.inf:
        raise ValueError(f"{name} must be a finite number of at least 0, but it is {value!r}.")
    return strength


def _rows(x: Array) -> Array:
    return x if x.ndim == 2 else np.column_stack([x, np.ones(len(x))])


def _flat(theta: ArrayLike) -> tuple[Array, tuple[int, ...]]:
    """θ with its lanes in a row, shape (2, lanes), and the shape that they had."""
    theta = np.asarray(theta, dtype=np.float64)
    if theta.ndim == 0 or len(theta) != 2:
        raise ValueError(f"θ has shape {theta.shape}; it should be (2, …), with both parameters along the first axis.")
    return theta.reshape(2, math.prod(theta.shape[1:])), theta.shape[1:]


def _signed(size: float, by: float) -> float:
    """size · sign(by)."""
    return math.copysign(size, by) if by else 0.0
