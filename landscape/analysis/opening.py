"""opening: where to look and where to start when nobody has chosen: the first sight of a function or formula."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from landscape.analysis.curvature import PointKind, curvature
from landscape.analysis.field import Array, Field, View, field
from landscape.objectives.functions import Function

__all__ = ["Opening", "opening"]

HALF_WIDTHS = (6.0, 60.0, 600.0, 6e3, 1.0, 0.1)
"""Of the views that are tried. The first one holds what most people type, and the point (3, 4) of textbooks."""
PLACES = tuple((scale * x, scale * y) for scale in (0.5, 0.3, 0.2, 0.1, 0.9) for x in (-1, 1) for y in (0.8, -0.8))
"""Starts that are tried, in halves of the view: off the axes and the diagonals, along which much is special."""
EXTREME = 0.1  # of the view's losses, the lowest and the highest, are where to arrive, or beside a pole
STEEP = 0.5  # of the way down to them: less than this over half the view, a start is on a plateau
SIZE = 41  # rows and columns of losses that are looked at
OFF = 0.99  # of half the view is where they begin, for at round numbers much is special: a tie, a sieve as of x^y
ENOUGH = 0.1  # of a view that has a finite loss: with less, it shows hardly anything


@dataclass(frozen=True)
class Opening:
    """A view ((x0, x1), (y0, y1)), as high as it is wide, for angles look right on one scale only, and a start.

    `bare` is a view whose lowest losses are all at its edge: it goes down out of it.
    """

    view: View
    start: tuple[float, float]
    bare: bool = False


@lru_cache(maxsize=128)
def opening(objective: Any) -> Opening:
    """The Opening of a formula, or of a Function, which knows where it is at its best.

    A formula is looked at about the origin, 6 to each side; from farther away or nearer where that shows no minimum
    but another distance does, or no finite loss at all. The start is a place from which it goes down in earnest: in the
    domain, at no stationary point, on no plateau.
    """
    if isinstance(objective, Function):
        (left, right), (bottom, top) = objective.domain
        half, x, y = max(right - left, top - bottom) / 2, (left + right) / 2, (bottom + top) / 2
        return Opening(((x - half, x + half), (y - half, y + half)), objective.start)
    fields = [field(objective, ((-OFF * half, half),) * 2, (SIZE, SIZE)) for half in HALF_WIDTHS]
    drawable = [each for each in fields if _part(each) >= ENOUGH] or [max(fields, key=_part)]
    shown = next(filter(_has_minimum, drawable), drawable[0])
    half = float(shown.x[-1])
    return Opening(((-half, half), (-half, half)), _start(objective, half, shown.loss), _is_bare(shown))


def _part(around: Field) -> float:
    """How much of a view has a finite loss."""
    return float(np.isfinite(around.loss).mean())


def _has_minimum(around: Field) -> bool:
    """Whether a loss of the grid is lower than those on its four sides."""
    inner, rows, columns = slice(1, -1), around.loss[:, 1:-1], around.loss[1:-1]
    middle = rows[inner]
    sides = (rows[:-2], rows[2:], columns[:, :-2], columns[:, 2:])
    return bool(np.all([middle < side for side in sides], axis=0).any())


def _is_bare(around: Field) -> bool:
    """Whether every loss inside a view is higher than one at its edge: the floor of a trough or a tip is inside too."""
    losses = np.where(np.isfinite(around.loss), around.loss, np.inf)
    return bool(losses[1:-1, 1:-1].min() > losses.min())


def _start(objective: Any, half: float, around: Array) -> tuple[float, float]:
    """The first of PLACES that is steep enough, or at least a slope, or else the first."""
    finite = around[np.isfinite(around)]
    low, high = np.quantile(finite, [EXTREME, 1 - EXTREME]) if finite.size else (0.0, 0.0)
    places = np.round(half * np.array(PLACES).T, 4)
    with np.errstate(all="ignore"):
        losses, slopes = objective(places), np.hypot(*objective.gradient(places))
        between = (low < losses) & (losses < high) & np.isfinite(slopes)
        steep = between & (slopes * half >= STEEP * (losses - low))
        sloping = np.isfinite(losses) & (curvature(objective, places).kind == PointKind.SLOPE)
    chosen = int(np.argmax(steep if steep.any() else sloping))
    x, y = places[:, chosen].tolist()
    return x, y
