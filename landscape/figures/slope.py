"""A curve with the secant that turns into its tangent, whole and magnified around the point.

What moves with the point and with h is laid over the figures as lines.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES, Theme
from landscape.gradients.numerical import DIFFERENCES
from landscape.gradients.secant import Secant
from landscape.objectives.curve import Curve

__all__ = ["CURVE", "DIFFERENCE_STYLES", "Words", "graph", "magnified", "magnifier", "secant_lines"]

DIFFERENCE_STYLES = dict(zip(DIFFERENCES, RUNS[1:], strict=False))
"""The colour, dash and marker of each way to take a difference; the first of RUNS is the curve's."""

CURVE = "f(x)"
"""The name of the curve's trace."""

SAMPLES = 401
SINGLE = 1e37  # up to where heights are sent as float32
FLAT = 1000  # how much higher the view may be than what the curve rises and falls around the point
REACH = 2.5  # how many h the magnifier shows on each side

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Words:
    """What the legend says."""

    tangent: str
    secant: str


def graph(curve: Curve, view: tuple[float, float], *, theme: str, size: int = 12) -> go.Figure:
    """The curve over a part of the axis."""
    colours = THEMES[theme]
    x = np.linspace(*view, SAMPLES)
    heights = curve(x)
    low, high = _range(x, heights, curve.point if view[0] <= curve.point <= view[1] else sum(view) / 2)
    # At a pole the pen lifts.
    with np.errstate(all="ignore"):  # ∞ − ∞
        heights[:-1][abs(np.diff(heights)) > high - low] = math.nan
    pen = {"color": RUNS[0].colour[theme], "width": size / 5}
    axis = _axis(colours)
    if not (abs(heights[np.isfinite(heights)]) > SINGLE).any():  # else 32 bits do not hold them
        x, heights = x.astype(np.float32), heights.astype(np.float32)
    trace = {"type": "scatter", "x": x, "y": heights, "name": CURVE, "mode": "lines", "line": pen, "hoverinfo": "skip"}
    return go.Figure(
        [trace],
        layout(colours, size)
        | {
            "xaxis": {**axis, "range": list(view), "title": {"text": "x", "standoff": 2}},
            "yaxis": {**axis, "range": [low, high], "nticks": 8, "automargin": True},
            "margin": margin(size, left=3.6),
            "dragmode": False,
        },
    )


def secant_lines(
    curve: Curve,
    secant: Secant,
    view: tuple[float, float],
    *,
    theme: str,
    words: Words,
    size: int = 12,
    veiled: bool = False,
) -> list[Line]:
    """Over the graph: the tangent at the point, a broad band; the secant, which comes to lie on it; what is divided.

    `veiled`: neither line, where a question asks for their slopes.
    """
    ends = np.array([view[0], secant.x, view[1]])
    with np.errstate(all="ignore"):
        tangent = float(curve(secant.x)) + secant.exact * (ends - secant.x)
    lines = [Line([], [], RUNS[0].colour[theme], size / 5, CURVE)]
    if not veiled:
        lines += _pair(ends, tangent, secant.line(ends), secant, theme, words, size)
    if len(secant.points) == 2:
        (left, right), (bottom, top) = ([each.real for each in pair] for pair in (secant.points, secant.values))
        corner = Line([left, right, right], [bottom, bottom, top], THEMES[theme].muted, size / 8, dash="dot")
        lines += [corner, _points([left, right], [bottom, top], secant, theme, size)]
    return lines


def magnifier(*, theme: str, size: int = 12) -> go.Figure:
    """The empty figure between x − 2.5h and x + 2.5h, in units of h: there a secant is seen however small h is."""
    axis = _axis(THEMES[theme])
    names = ["x − 2h", "x − h", "x", "x + h", "x + 2h"]
    return go.Figure(
        layout=layout(THEMES[theme], size)
        | {
            "xaxis": {**axis, "range": [-REACH, REACH], "tickvals": [-2, -1, 0, 1, 2], "ticktext": names},
            "yaxis": {**axis, "range": [-1.1, 1.1], "showticklabels": False, "showgrid": False},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 2.2 * size},
            "dragmode": False,
        }
    )


def magnified(curve: Curve, secant: Secant, *, theme: str, size: int = 12, veiled: bool = False) -> list[Line]:
    """What lies over the magnifier. The curve is what 64-bit numbers make of it: where h comes near their spacing, a
    stair. `veiled`: neither tangent nor secant."""
    x, h, here = secant.x, secant.h, float(curve(secant.x))
    steps, ends = np.linspace(-REACH, REACH, SAMPLES), np.array([-REACH, REACH])
    left, height = secant.through
    with np.errstate(all="ignore"):
        rise = (curve(x + steps * h) - here) / h
        through = (height - here) / h + secant.slope * (ends - (left - x) / h)
        # As high as what is seen of the curve, or as its slope, where nothing is left of the curve.
        seen = abs(np.append(rise, secant.exact))
        scale = 1 / (float(np.quantile(seen[np.isfinite(seen)], 0.98)) or 1.0) if np.isfinite(seen).any() else 1.0
        tangent = scale * secant.exact * ends
        lines = [] if veiled else _pair(ends, tangent, scale * through, secant, theme, Words("", ""), size)
        lines.append(Line(steps.astype(np.float32), (scale * rise).astype(np.float32), RUNS[0].colour[theme], size / 5))
    if len(secant.points) == 2:
        across = [(each.real - x) / h for each in secant.points]
        up = [scale * (each.real - here) / h for each in secant.values]
        lines.append(_points(across, up, secant, theme, size))
    return lines


def _pair(x: Array, tangent: Array, through: Array, secant: Secant, theme: str, words: Words, size: int) -> list[Line]:
    style = DIFFERENCE_STYLES[secant.method]
    return [
        Line(x, tangent, THEMES[theme].contour, 0.7 * size, words.tangent, opacity=0.55),
        Line(x, through, style.colour[theme], size / 5, words.secant, style.dash),
    ]


def _points(x: list[float], y: Any, secant: Secant, theme: str, size: int) -> Line:
    style = DIFFERENCE_STYLES[secant.method]
    return Line(x, y, style.colour[theme], 0, marker=style.symbol, size=0.4 * size)


def _axis(colours: Theme) -> dict[str, Any]:
    return {
        "gridcolor": colours.rule,
        "zerolinecolor": colours.contour,
        "linecolor": colours.rule,
        "fixedrange": True,
    }


def _range(x: Array, heights: Array, point: float) -> tuple[float, float]:
    """What of the heights is shown: all, but for poles, and for what would leave nothing to see around the point."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return -1.0, 1.0
    low, high = (float(end) for end in np.quantile(finite, [0.04, 0.96]))
    spread = high - low
    low, high = max(float(finite.min()), low - 1.5 * spread), min(float(finite.max()), high + 1.5 * spread)
    near = heights[(abs(x - point) <= (x[-1] - x[0]) / 16) & np.isfinite(heights)]
    rise = float(np.ptp(near)) if near.size else 0.0
    if 0 < FLAT * rise < high - low:
        low, high = max(low, float(near.min()) - 2 * rise), min(high, float(near.max()) + 2 * rise)
    room = 0.08 * (high - low) or max(1.0, abs(high)) / 2
    return low - room, high + room
