"""The V-curve: the error of difference quotients against their step h, measured and predicted."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.line import Line
from landscape.figures.numeral import plain
from landscape.figures.palette import THEMES
from landscape.figures.slope import DIFFERENCE_STYLES
from landscape.gradients.numerical import ErrorCurve

__all__ = ["MARKED", "Measured", "axes", "curves", "foot", "legend"]

FOOT = 1e-18  # where errors of zero stand, unless others are as small
SINGLE = 1e37  # up to where errors are sent as float32, and down to its inverse
MARKED = (1e-4, 1e-6)
"""Steps that textbooks and programs take by default."""

PREDICTED = {"truncation": "dash", "rounding": "dot"}  # with the dashes of their lines

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """One curve of the figure: a method in 64 or 32 bit, its name, its errors."""

    method: str
    bits: int
    name: str
    curve: ErrorCurve


def axes(shown: list[Measured], focus: int, *, theme: str, words: dict[str, str], size: int = 12) -> go.Figure:
    """The empty figure, logarithmic in both directions, with the usual steps.

    words: step, error.
    """
    colours = THEMES[theme]
    low, top = foot(shown), _top(shown, focus)
    axis: dict[str, Any] = {
        "type": "log",
        "gridcolor": colours.rule,
        "linecolor": colours.rule,
        "fixedrange": True,
        "zeroline": False,
    }
    steps = [10.0**power for power in range(-16, 1, 2)]
    bottom = np.log10(low)
    every = next(each for each in (2, 5, 10, 50, 100) if top - bottom < 13 * each)
    first = round(bottom) + 1
    powers = [10.0**power for power in range(every * -(-first // every), math.ceil(top), every)]
    view = {
        "xaxis": {
            **axis,
            "range": [-16.2, 0.2],
            "tickvals": steps,
            "ticktext": [*map(plain, steps)],
            "title": {"text": words["step"], "standoff": 2},
        },
        "yaxis": {
            **axis,
            "range": [bottom - 0.5, top],
            "tickvals": [low, *powers],
            "ticktext": ["0", *map(plain, powers)],
            "title": {"text": words["error"], "standoff": 4},
        },
        "margin": margin(size, left=6) | {"t": 1.8 * size},
        "dragmode": False,
    }
    figure = go.Figure(layout=layout(colours, size) | view)
    for step in MARKED:
        figure.add_vline(x=step, line={"color": colours.contour, "width": size / 8, "dash": "dash"})
        figure.add_annotation(
            x=np.log10(step),
            y=1,
            yref="paper",
            yanchor="bottom",
            text=plain(step),
            showarrow=False,
            font={"color": colours.muted},
        )
    return figure


def curves(shown: list[Measured], focus: int, *, theme: str, size: int = 12) -> list[Line]:
    """The errors of all methods shown, their least, and the two parts that are predicted for the one in focus."""
    low, muted = foot(shown), THEMES[theme].muted
    told = shown[focus].curve
    lines = [
        Line(told.h, getattr(told, name), muted, size / 5, dash=dash, key=name) for name, dash in PREDICTED.items()
    ]
    for i, each in enumerate(shown):
        style, curve, wide = DIFFERENCE_STYLES[each.method], each.curve, each.bits == 64
        colour, opacity = style.colour[theme], 1 if i == focus else 0.75
        h, error = curve.h.astype(np.float32), np.maximum(curve.error, low)
        if low > 1 / SINGLE and np.nanmax(error, initial=0) < SINGLE:
            error = error.astype(np.float32)
        dash = "solid" if wide else "dot"
        lines += [
            Line(h, error, colour, size / (5 if wide else 7), dash=dash, opacity=opacity, key=each.name),
            Line(h[::3], error[::3], colour, 0, opacity=opacity, marker=style.symbol, size=size / 4.8),
        ]
    for each in shown:
        best = each.curve.measured_best
        if np.isfinite(best):
            colour, least = DIFFERENCE_STYLES[each.method].colour[theme], max(each.curve.least, low)
            lines.append(Line([best], [least], colour, 0, marker="star", size=size / 2))
    return lines


def legend(shown: list[Measured], *, theme: str, words: dict[str, str], size: int = 12) -> list[Line]:
    """What explains the lines of the figure."""
    muted = THEMES[theme].muted
    lines = [Line([], [], muted, size / 5, words[name], dash) for name, dash in PREDICTED.items()]
    order = list(DIFFERENCE_STYLES)
    for each in sorted(shown, key=lambda each: (-each.bits, order.index(each.method))):
        style = DIFFERENCE_STYLES[each.method]
        dash = "dot" if each.bits == 32 else "solid"
        lines.append(Line([], [], style.colour[theme], size / 5, each.name, dash, marker=style.symbol))
    return [*lines, Line([], [], muted, 0, words["best"], marker="star")]


def foot(shown: list[Measured]) -> float:
    """Where errors that are exactly zero stand: a whole decade below all others."""
    least = min(float(each.curve.error[each.curve.error > 0].min(initial=1.0)) for each in shown)
    return min(FOOT, float(10.0 ** (math.floor(math.log10(least)) - 1)) or least)


def _top(shown: list[Measured], focus: int) -> float:
    """The upper end of the axis, as a power of ten: the largest error of the one in focus, whole decades."""
    errors = shown[focus].curve.error
    finite = errors[np.isfinite(errors) & (errors > 0)]
    return float(np.ceil(np.log10(finite.max()))) + 0.3 if finite.size else 1.0
