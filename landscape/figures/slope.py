"""A curve with the secant that turns into its tangent, whole and magnified around the point."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES, Theme
from landscape.gradients.numerical import DIFFERENCES
from landscape.gradients.secant import Secant
from landscape.objectives.curve import Curve

__all__ = ["DIFFERENCE_STYLES", "Lines", "magnified", "slope"]

DIFFERENCE_STYLES = dict(zip(DIFFERENCES, RUNS[1:], strict=False))
"""The colour, dash and marker of each way to take a difference; the first of RUNS is the curve's."""

SAMPLES = 401
REACH = 2.5  # how many h a magnified figure shows on each side

Array = NDArray[np.float64]
Trace = dict[str, Any]


@dataclass(frozen=True)
class Lines:
    """The words of the legend."""

    curve: str
    tangent: str
    secant: str


def slope(
    curve: Curve, secant: Secant, view: tuple[float, float], *, theme: str, words: Lines, size: int = 12
) -> go.Figure:
    """The curve over a part of the axis, the tangent at the point, the secant, and what it divides by what."""
    colours = THEMES[theme]
    x, ends = np.linspace(*view, SAMPLES), np.array([view[0], secant.x, view[1]])
    heights = curve(x)
    low, high = _range(heights)
    # At a pole the pen lifts.
    heights[:-1][abs(np.diff(heights)) > high - low] = math.nan
    tangent = float(curve(secant.x)) + secant.exact * (ends - secant.x)
    traces = [
        _line(x, heights, words.curve, RUNS[0].colour[theme], size, zorder=1),
        *_pair(ends, tangent, secant.line(ends), secant, theme, words, size),
    ]
    if len(secant.points) == 2:
        (left, right), (bottom, top) = ([each.real for each in pair] for pair in (secant.points, secant.values))
        pen = {"color": colours.muted, "width": size / 8, "dash": "dot"}
        corner = {"x": [left, right, right], "y": [bottom, bottom, top], "mode": "lines", "line": pen}
        traces += [SILENT | corner | {"showlegend": False}, _points([left, right], [bottom, top], secant, theme, size)]
    axis = _axis(colours)
    return go.Figure(
        traces,
        layout(colours, size)
        | {
            "xaxis": {**axis, "range": list(view), "title": {"text": "x", "standoff": 2}},
            "yaxis": {**axis, "range": [low, high], "nticks": 8, "exponentformat": "power"},
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yanchor": "bottom",
                "bgcolor": "rgba(0,0,0,0)",
                "itemclick": False,
                "itemdoubleclick": False,
            },
            "margin": margin(size, left=3.6) | {"t": 2.4 * size},
            "dragmode": False,
        },
    )


def magnified(curve: Curve, secant: Secant, *, theme: str, words: Lines, size: int = 12) -> go.Figure:
    """The same between x − 2.5h and x + 2.5h, in units of h: there a secant is seen however small h is.

    The curve is what 64-bit numbers make of it. Where h comes near their spacing it is a stair.
    """
    colours = THEMES[theme]
    x, h, here = secant.x, secant.h, float(curve(secant.x))
    steps, ends = np.linspace(-REACH, REACH, SAMPLES), np.array([-REACH, REACH])
    left, height = secant.through
    with np.errstate(all="ignore"):
        rise = (curve(x + steps * h) - here) / h
        through = (height - here) / h + secant.slope * (ends - (left - x) / h)
    traces = [
        _line(steps, rise, words.curve, RUNS[0].colour[theme], size, zorder=1),
        *_pair(ends, secant.exact * ends, through, secant, theme, words, size),
    ]
    if len(secant.points) == 2:
        across = [(each.real - x) / h for each in secant.points]
        traces.append(_points(across, [(each.real - here) / h for each in secant.values], secant, theme, size))
    axis = _axis(colours)
    return go.Figure(
        traces,
        layout(colours, size)
        | {
            "xaxis": {
                **axis,
                "range": [-REACH, REACH],
                "tickvals": [-2, -1, 0, 1, 2],
                "ticktext": ["x − 2h", "x − h", "x", "x + h", "x + 2h"],
            },
            "yaxis": {
                **axis,
                "range": _range(np.append(rise, [secant.exact, -secant.exact])),
                "showticklabels": False,
            },
            "margin": {"l": 8, "r": 8, "t": 8, "b": 2.2 * size},
            "dragmode": False,
        },
    )


SILENT: dict[str, Any] = {"type": "scatter", "hoverinfo": "skip"}


def _pair(x: Array, tangent: Array, through: Array, secant: Secant, theme: str, words: Lines, size: int) -> list[Trace]:
    """The tangent, a broad band, and the secant, which comes to lie on it."""
    style = DIFFERENCE_STYLES[secant.method]
    band = _line(x, tangent, words.tangent, THEMES[theme].contour, size, zorder=0, broad=3.2)
    return [band, _line(x, through, words.secant, style.colour[theme], size, zorder=2, dash=style.dash)]


def _line(
    x: Array, y: Array, name: str, colour: str, size: int, *, zorder: int, broad: float = 1, dash: str = "solid"
) -> Trace:
    with np.errstate(over="ignore"):
        x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    pen = {"color": colour, "width": broad * size / 5, "dash": dash}
    return SILENT | {"x": x, "y": y, "name": name, "mode": "lines", "line": pen, "zorder": zorder}


def _points(x: list[float], y: list[float], secant: Secant, theme: str, size: int) -> Trace:
    style = DIFFERENCE_STYLES[secant.method]
    marker = {"symbol": style.symbol, "size": 0.8 * size, "color": style.colour[theme]}
    return SILENT | {"x": x, "y": y, "mode": "markers", "marker": marker, "zorder": 3, "showlegend": False}


def _axis(colours: Theme) -> dict[str, Any]:
    return {
        "gridcolor": colours.rule,
        "zerolinecolor": colours.contour,
        "linecolor": colours.rule,
        "fixedrange": True,
    }


def _range(heights: Array) -> tuple[float, float]:
    """What of the heights is shown: all, but for poles."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return -1.0, 1.0
    low, high = (float(end) for end in np.quantile(finite, [0.04, 0.96]))
    spread = high - low
    low, high = max(float(finite.min()), low - 1.5 * spread), min(float(finite.max()), high + 1.5 * spread)
    room = 0.08 * (high - low) or max(1.0, abs(high)) / 2
    return low - room, high + room
