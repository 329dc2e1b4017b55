"""The line of equal loss through a point."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.field import View

STEP = 1 / 150  # of the view's width: closer than a pixel can tell
MOST = 1500  # points each way
TURN = math.cos(math.radians(20))  # the sharpest turn from one step to the next
HALVINGS = 12

Array = NDArray[np.float64]
Place = tuple[float, float, float, float]  # x, y and the gradient there


def level_line(objective: Any, point: tuple[float, float], view: View) -> Array:
    """The part of the level set through a point that one can walk to from there: its points in order, (2, n).

    It ends where it leaves the view ((x0, x1), (y0, y1)), where it is back at its beginning, and where there is no
    gradient to cross. The point alone, (2, 1), if it has none.
    Method: a step along the tangent, then Newton's back to the level. Allgower and Georg, Numerical Continuation
    Methods, 1990, chapter 3.
    """
    start = _on_level(objective.value_and_gradient, *point, float(objective.value_and_gradient(*point)[0]))
    if start is None:
        return np.array(point, float).reshape(2, 1)
    ahead, closed = _walk(objective.value_and_gradient, start, view, 1.0)
    behind = [] if closed else _walk(objective.value_and_gradient, start, view, -1.0)[0]
    return np.array([*reversed(behind), point, *ahead], float).T


def _walk(f: Callable[..., Any], start: Place, view: View, way: float) -> tuple[list[tuple[float, float]], bool]:
    """The points of the line after its start, with the higher ground on the right (way 1), and whether it is closed."""
    level, longest = float(f(*start[:2])[0]), STEP * min(high - low for low, high in view)
    points, here, step = list[tuple[float, float]](), start, longest
    while len(points) < MOST and all(low <= value <= high for value, (low, high) in zip(here[:2], view, strict=True)):
        x, y, gx, gy = here
        norm = way * math.hypot(gx, gy)
        for _ in range(HALVINGS):
            there = _on_level(f, x + step * gy / norm, y - step * gx / norm, level, step / 2)
            if there and gx * there[2] + gy * there[3] > TURN * abs(norm) * math.hypot(*there[2:]):
                break
            step /= 2
        else:
            break
        here = there
        if len(points) > 2 and math.dist(here[:2], start[:2]) < 0.9 * step:
            return [*points, start[:2]], True
        points.append(here[:2])
        step = min(2 * step, longest)
    return points, False


def _on_level(f: Callable[..., Any], x: float, y: float, level: float, near: float = math.inf) -> Place | None:
    """The place on a level at most `near` from a point, and the gradient there; None if there is none to be found."""
    left, bottom = x, y
    for _ in range(4):
        value, gx, gy = f(x, y)
        square = gx * gx + gy * gy
        if not 0 < square < math.inf or not math.isfinite(value):
            return None
        away = (value - level) / square
        if abs(away) * math.sqrt(square) < 1e-4 * near or value == level:
            return x, y, gx, gy
        x, y = x - away * gx, y - away * gy
        if math.hypot(x - left, y - bottom) > near:
            return None
    return None
