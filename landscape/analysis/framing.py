"""framing: the view of a landscape that shows a descent, its start and the minimum, for parameters of unlike sizes."""

from typing import Any

import numpy as np

from landscape.analysis.curvature import curvature
from landscape.analysis.field import FARTHEST, View
from landscape.descent.descend import descend
from landscape.descent.line_search import Backtracking
from landscape.descent.stopping import LARGEST

__all__ = ["framing"]

MARGIN = 0.4  # of the longer side, for runs that overshoot
MOST_UNEQUAL = 20.0  # up to this the sides are made equal: only on one scale a ravine looks like one
FAR = 50.0  # times as long as a descent's way: a minimum beyond it would hide the way,
LITTLE = 0.05  # unless more than this part of the loss is still to be gained there
STEPS = 300


def framing(objective: Any, start: tuple[float, float]) -> View:
    """((x0, x1), (y0, y1)) around the start, the floor of the valley below it and the minimum, if the loss has one.

    Gradient descent shows the way. Its first step, of learning rate 1/λmax, the inverse of the largest curvature at the
    start, leads to the valley's floor, and its last one towards a minimum that is too far away, or nowhere. Where one
    parameter moves less than a 20th as far as the other, each axis has its own scale.
    """
    place = np.array(start, dtype=float)
    largest = float(curvature(objective, place).eigenvalues[-1])
    rate = Backtracking(initial=min(1 / largest, LARGEST) if largest > 0 else 1.0)
    path = descend(objective, start=start, learning_rate=rate, max_steps=STEPS).theta
    floor, end = path[:, min(1, path.shape[1] - 1)], path[:, -1]
    goals = [np.array(minimum) for minimum in objective.minima if _in_reach(objective, place, end, np.array(minimum))]
    points = np.clip([place, floor, *(goals or [end])], -FARTHEST / 2, FARTHEST / 2)
    low, high = points.min(axis=0), points.max(axis=0)
    sides = _sides(high - low, objective, points[-1])
    half, middle = sides * (0.5 + MARGIN), (low + high) / 2
    (x0, y0), (x1, y1) = np.clip([middle - half, middle + half], -FARTHEST, FARTHEST).tolist()
    return (x0, x1), (y0, y1)


def _in_reach(objective: Any, place: Any, end: Any, minimum: Any) -> bool:
    """Is a minimum worth a view that reaches so far?"""
    loss, left, lowest = (float(objective(point)) for point in (place, end, minimum))
    near = np.hypot(*(minimum - place)) <= FAR * np.hypot(*(end - place))
    return bool(near or left - lowest > LITTLE * (loss - lowest))


def _sides(sides: Any, objective: Any, place: Any) -> Any:
    """The lengths of both sides: equal, or where one is much shorter, as long as the curvature along it makes it."""
    longest = sides.max()
    if longest <= 1e-9 * np.abs(place).max():
        return np.full(2, max(1.0, float(np.abs(place).max())))
    if sides.min() * MOST_UNEQUAL >= longest:
        return np.full(2, longest)
    bends = np.abs(np.diagonal(objective.hessian(place)))
    shorter = int(np.argmin(sides))
    with np.errstate(all="ignore"):
        ratio = bends[1 - shorter] / bends[shorter] if bends[shorter] > 0 else 1.0
    sides[shorter] = max(sides[shorter], longest * min(1.0, float(np.sqrt(ratio))))
    return sides
