"""Where a mean of sample losses with penalties is lowest, to full precision; θ = (p, q).

    f(θ) = 1/n Σ ℓ(uᵢ p + vᵢ q − tᵢ) + Σⱼ l2ⱼ θⱼ² + Σⱼ l1ⱼ |θⱼ|

All of it is convex, so that a point from which no direction leads down is the lowest there is.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from landscape.objectives.sample_loss import CROSS_ENTROPY, SampleLoss

__all__ = ["lowest_point"]

MOST_STEPS = 200
ROUNDING = 1e-14

Array = NDArray[np.float64]
Point = tuple[float, float]


def lowest_point(rows: Array, targets: Array, loss: SampleLoss, l2: Array, l1: Array) -> Point | None:
    """A lowest point of f for rows (n, 2) and targets (n,); None if f falls for ever.

    l2 and l1 hold the strength of each parameter's penalty, shape (2,).
    """
    with np.errstate(all="ignore"):
        if loss.kinked:
            return _by_medians(rows, targets, l2, l1)
        if loss is CROSS_ENTROPY and _separable(np.where((l2 > 0) | (l1 > 0), 0.0, rows)):
            return None
        return _by_signs(rows, targets, loss, l2, l1)


def _separable(rows: Array) -> bool:
    """Whether some direction makes no residual larger and some of them smaller, so that every step along it pays.

    It does if the rows leave out more than half of all directions, or exactly a half but not both
    (Albert and Anderson, On the existence of maximum likelihood estimates in logistic regression models, 1984).
    """
    rows = rows[rows.any(axis=1)]
    if not len(rows):
        return False
    angles = np.sort(np.arctan2(rows[:, 1], rows[:, 0]))
    *_, second, widest = np.sort([0.0, *np.diff(angles), angles[0] + 2 * math.pi - angles[-1]])
    half = math.pi - 1e-12
    return bool(second < half <= widest)


def _by_signs(rows: Array, targets: Array, loss: SampleLoss, l2: Array, l1: Array) -> Point:
    """The lowest of the smooth problems that remain once the sign of every l1-penalised parameter is given.

    With the sign given, |θⱼ| is linear, or θⱼ is 0. The true signs make one of the problems the true one, and none
    can reach lower. Zero comes first, so that a weight that might as well be zero is.
    """
    points = [
        _by_newton(rows, targets, loss, l2, np.array(signs) * l1, np.array(signs) != 0)
        for signs in product(*((0, 1, -1) if strength else (1,) for strength in l1))
    ]

    def f(theta: Array) -> float:
        value = float(loss.value(rows @ theta - targets).mean() + l2 @ theta**2 + l1 @ np.abs(theta))
        return value if math.isfinite(value) else math.inf

    p, q = min(points, key=f).tolist()
    return p, q


def _by_newton(rows: Array, targets: Array, loss: SampleLoss, l2: Array, tilt: Array, free: NDArray[np.bool_]) -> Array:
    """The lowest point of 1/n Σ ℓ + Σ l2 θ² + tilt · θ over the free parameters, the others being 0.

    At every step the lower of two points is taken: that of Newton's method, which is quadratic in the end, and that of
    the parabola which touches f from above (for Huber's loss, iteratively reweighted least squares), which never rises;
    and it is doubled as long as that leads further down.
    The steps end when neither the loss nor the gradient, measured by the step that it asks for, shrinks any more.
    """
    rows, l2, tilt = rows[:, free], l2[free], tilt[free]

    def f(at: Array) -> float:
        value = float(loss.value(rows @ at - targets).mean() + l2 @ at**2 + tilt @ at)
        return value if math.isfinite(value) else math.inf

    def steps(at: Array) -> tuple[Array, list[Array]]:
        r = rows @ at - targets
        gradient = rows.T @ loss.slope(r) / len(r) + 2 * l2 * at + tilt
        bends = loss.curvature(r), loss.majorizer(r)
        return gradient, [_solution((rows.T * bend) @ rows / len(r) + 2 * np.diag(l2), gradient) for bend in bends]

    at = np.zeros(rows.shape[1])
    lowest, smallest = f(at), math.inf
    for _ in range(MOST_STEPS if free.any() else 0):
        gradient, downward = steps(at)
        size = float(gradient @ downward[1])
        to = min((at - step for step in downward), key=f)
        value = f(to)
        while (further := f(2 * to - at)) < value:  # where f is straight, neither step is of the right length
            to, value = 2 * to - at, further
        if lowest < 0 or not (value < lowest or size < smallest):  # f is never below 0: the signs are the wrong ones
            break
        at, lowest, smallest = to, min(lowest, value), min(smallest, size)
    theta = np.zeros(2)
    theta[free] = at
    return theta


def _solution(matrix: Array, vector: Array) -> Array:
    """The least-squares solution of a symmetric system that may be singular; 0 if it is not finite."""
    if not np.isfinite(matrix).all():
        return np.zeros_like(vector)
    size = np.sqrt(np.diagonal(matrix))
    size = np.where(size > 0, size, 1.0)
    solution: Array = np.linalg.lstsq(matrix / np.outer(size, size), vector / size, rcond=ROUNDING)[0] / size
    return solution


def _by_medians(rows: Array, targets: Array, l2: Array, l1: Array) -> Point:
    """The lowest point of 1/n Σ |u p + v q − t| with penalties: bisection in p, with the exact median in q inside.

    A penalty l1 |θⱼ| is the absolute loss of one more sample. For a given p the best q is the weighted median of all
    (t − u p) / v, or with l2 that of Li and Osher (A new median formula with applications to PDE based denoising,
    2009). It comes with a subgradient of the loss in p, whose sign says on which side the lowest p lies.
    """
    table = np.vstack([np.column_stack([rows, targets]) / len(rows), np.diag([*l1, 0.0])[:2]])
    level = table[(table[:, 1] == 0) & (table[:, 0] != 0)]  # these do not depend on q
    u, v, t = table[table[:, 1] != 0].T
    weight, total = np.abs(v), float(np.abs(v).sum())

    def best(p: float) -> tuple[float, float]:
        """The best q for a p, and the slope of the loss in p there."""
        kinks = (t - u * p) / v
        order = np.argsort(kinks)
        slopes = 2 * np.concatenate([[0.0], np.cumsum(weight[order])]) - total  # in q, between the kinks
        q = 0.0
        if l2[1]:
            q = float(np.median(np.concatenate([kinks, slopes / (-2 * l2[1])])))
        elif len(kinks):
            q = float(kinks[order[np.argmax(slopes[1:] >= 0)]])
        signs = np.sign(q - kinks)
        here = signs == 0
        if here.any():  # the subgradients with which the slope in q vanishes
            signs[here] = np.clip(-(weight @ signs + 2 * l2[1] * q) / weight[here].sum(), -1.0, 1.0)
        slope = (u * np.sign(v)) @ signs + level[:, 0] @ np.sign(level[:, 0] * p - level[:, 2]) + 2 * l2[0] * p
        return q, float(slope)

    slope = best(0.0)[1]
    flat = ROUNDING * float(np.abs(table[:, 0]).sum())
    if abs(slope) <= flat:
        return 0.0, best(0.0)[0]
    down = -math.copysign(1.0, slope)
    near, far = 0.0, down * (float(np.abs(t).max(initial=0.0)) or 1.0) / float(np.abs(table[:, 0]).max())
    while best(far)[1] * down < -flat:
        near, far = far, 2 * far
    for _ in range(MOST_STEPS):
        middle = (near + far) / 2
        if middle in (near, far):
            break
        near, far = (middle, far) if best(middle)[1] * down < 0 else (near, middle)

    def f(p: float) -> float:
        theta = np.array([p, best(p)[0]])
        return float(np.abs(table[:, :2] @ theta - table[:, 2]).sum() + l2 @ theta**2)

    level_kinks = level[:, 2] / level[:, 0]  # where 0 is one of them, bisection only comes very close
    between = level_kinks[(level_kinks >= min(near, far)) & (level_kinks <= max(near, far))].tolist()
    p = min([*between, near, far], key=f)
    return p, best(p)[0]
