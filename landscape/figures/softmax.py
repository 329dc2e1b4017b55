"""Logits as bars, softmax's Jacobian as a map with its numbers, and what the cross-entropy pushes.

All that moves with a logit is laid over empty axes as lines.
"""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from landscape.figures.layout import layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES
from landscape.gradients.softmax import SoftmaxLoss
from landscape.locale.sentence import filled

__all__ = [
    "LOGITS",
    "decimals",
    "jacobian_axes",
    "jacobian_map",
    "logit_axes",
    "logit_bars",
    "push_axes",
    "push_bars",
]

Array = NDArray[np.float64]
PROBABILITY, TARGET, PUSH = RUNS[1], RUNS[3], RUNS[2]
LOGITS = 8.0  # the largest that can be dragged to, and the smallest with a minus: as far as curves are drawn
CELL = 0.97  # of the Jacobian: the rest is a gap
LARGEST = 0.5  # colours reach twice as far as the entries, ¼ at most, so that dark numbers are read on them


def decimals(value: float) -> str:
    """A probability, or a difference of some, as it is written here."""
    return filled("{value:.3f}", value=value)


def logit_axes(classes: int, *, theme: str, size: int) -> go.Figure:
    """The empty figure of the logits."""
    axes = _axes(classes, theme, "x")
    axes["yaxis"] |= {"range": [-LOGITS - 0.5, LOGITS + 0.5]}
    return go.Figure(layout=layout(THEMES[theme], size) | axes | {"margin": margin(size, left=3.4)})


def logit_bars(logits: tuple[float, ...], *, theme: str) -> list[Line]:
    """A bar for each logit; handles at their ends move them."""
    return [_bar(place, 0.5, value, THEMES[theme].muted) for place, value in enumerate(logits, 1)]


def jacobian_axes(classes: int, *, theme: str, size: int) -> go.Figure:
    """The empty figure of the Jacobian: row i and column j of ∂sᵢ/∂xⱼ."""
    axes = _axes(classes, theme, "∂x")
    axes["yaxis"] |= {
        "range": [classes + 0.5, 0.5],
        "tickvals": axes["xaxis"]["tickvals"],
        "ticktext": [f"∂s{_index(place)}" for place in range(1, classes + 1)],
        "showgrid": False,
        "zeroline": False,
    }
    return go.Figure(layout=layout(THEMES[theme], size) | axes | {"margin": margin(size, left=3.4)})


def jacobian_map(jacobian: Array, *, theme: str) -> list[Line]:
    """∂sᵢ/∂xⱼ in row i and column j: a colour and a number for each."""
    colours = THEMES[theme]
    scale = [PROBABILITY.colour[theme], colours.panel, PUSH.colour[theme]]
    lines = []
    for (row, column), entry in np.ndenumerate(jacobian):
        share = min(max(0.5 + entry / (2 * LARGEST), 0.0), 1.0)
        x, y = column + 1, row + 1
        left, right, bottom, top = x - CELL / 2, x + CELL / 2, y - CELL / 2, y + CELL / 2
        colour: str = sample_colorscale(scale, [share])[0]
        lines += [
            Line([left, right, right, left], [bottom, bottom, top, top], colour, 0, fill=colour),
            Line([x], [y], colours.text, 0, text=decimals(float(entry))),
        ]
    return lines


def push_axes(classes: int, *, theme: str, size: int) -> go.Figure:
    """The empty figure of what the cross-entropy pushes."""
    axes = _axes(classes, theme, "")
    axes["yaxis"] |= {"range": [-1.25, 1.25]}
    return go.Figure(layout=layout(THEMES[theme], size) | axes | {"margin": margin(size, left=3.4)})


def push_bars(loss: SoftmaxLoss, *, theme: str) -> list[Line]:
    """For each class the probability s, the target y, and s − y: the gradient that the cross-entropy sends back.

    That one has its numbers, for which there is just room where letters are large.
    """
    lines = []
    for name, values, style, hatch, shift in (
        ("s", loss.probabilities, PROBABILITY, "", -0.27),
        ("y", loss.target, TARGET, "/", 0.0),
        ("s − y", loss.gradient, PUSH, "x", 0.27),
    ):
        for place, value in enumerate(values.tolist(), 1):
            lines.append(_bar(place + shift, 0.25, value, style.colour[theme], hatch, name if place == 1 else ""))
    for place, value in enumerate(loss.gradient.tolist(), 1):
        outside = [value - math.copysign(0.1, value), value]
        lines.append(Line([place + 0.27] * 2, outside, THEMES[theme].text, 0, text=decimals(value)))
    return lines


def _bar(x: float, wide: float, value: float, colour: str, hatch: str = "", name: str = "") -> Line:
    left, right = x - wide / 2, x + wide / 2
    return Line([left, right, right, left], [0.0, 0.0, value, value], colour, 0, name, fill=colour, hatch=hatch)


def _axes(classes: int, theme: str, name: str) -> dict[str, Any]:
    colours, places = THEMES[theme], list(range(1, classes + 1))
    axis = {"gridcolor": colours.rule, "zerolinecolor": colours.muted, "zerolinewidth": 1, "fixedrange": True}
    return {
        "xaxis": {
            **axis,
            "range": [0.5, classes + 0.5],
            "tickvals": places,
            "ticktext": [f"{name}{_index(place)}" if name else str(place) for place in places],
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": {**axis, "nticks": 7},
        "dragmode": False,
    }


def _index(place: int) -> str:
    return str(place).translate(str.maketrans("1234", "₁₂₃₄"))
