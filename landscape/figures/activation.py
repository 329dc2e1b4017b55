"""An activation function with its slope and where it saturates.

What moves with the point is laid over the figure as lines.
"""

import math

import numpy as np
import plotly.graph_objects as go

from landscape.figures.layout import layout, margin
from landscape.figures.line import Line
from landscape.figures.palette import RUNS, THEMES
from landscape.gradients.activations import Activation

__all__ = ["REACH", "SLOPE", "VALUE", "activation_curves", "tangent"]

VALUE, SLOPE = RUNS[1], RUNS[2]
"""How the function and its slope look."""
REACH = 8.0  # of the picture, to the left and to the right
BOUNDED = 1.5  # a function that stays within it is drawn within it


def activation_curves(activation: Activation, *, theme: str, size: int, saturated: str) -> go.Figure:
    """f above and f′ below over one x axis; shaded, with the word for it, where it saturates."""
    colours = THEMES[theme]
    wide = size / 5
    across = np.linspace(-REACH, REACH, 641)
    value, slope = activation.value_and_slope(across)
    bounded = np.abs(value).max() <= BOUNDED
    pen = {"width": wide, "simplify": False}
    traces = [
        go.Scatter(
            x=across.astype(np.float32),
            y=value.astype(np.float32),
            name="f",
            mode="lines",
            line={**pen, "color": VALUE.colour[theme]},
            hovertemplate="f(%{x:.3g}) = %{y:.4g}<extra></extra>",
        ),
        go.Scatter(
            x=across.astype(np.float32),
            y=slope.astype(np.float32),
            yaxis="y2",
            mode="lines",
            line={**pen, "color": SLOPE.colour[theme], "dash": SLOPE.dash},
            hovertemplate="f′(%{x:.3g}) = %{y:.4g}<extra></extra>",
        ),
    ]
    below, above = activation.saturation
    shaded = [ends for ends in ((-REACH, below), (above, REACH)) if ends[0] < ends[1]]
    axis = {"gridcolor": colours.rule, "zerolinecolor": colours.muted, "zerolinewidth": 1, "fixedrange": True}
    low, high = float(slope.min()), float(slope.max())
    room = 0.15 * (high - low) or 0.5
    return go.Figure(
        data=traces,
        layout=layout(colours, size)
        | {
            "xaxis": {
                **axis,
                "range": [-REACH, REACH],
                "title": {"text": "x", "standoff": 2},
                "anchor": "y2",
                "nticks": 9,
            },
            "yaxis": {
                **axis,
                "range": [-1.25, 1.25] if bounded else [-3, 7],
                "domain": [0.47, 1],
                "title": {"text": "f(x)", "standoff": 4},
            },
            "yaxis2": {
                **axis,
                "range": [low - room, high + room],
                "domain": [0, 0.37],
                "title": {"text": "f′(x)", "standoff": 4},
                "nticks": 4,
            },
            "shapes": [
                {
                    "type": "rect",
                    "x0": left,
                    "x1": right,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "fillcolor": colours.muted,
                    "opacity": 0.16,
                    "line": {"width": 0},
                    "layer": "below",
                }
                for left, right in shaded
            ],
            "annotations": [
                {
                    "x": -REACH if left == -REACH else REACH,  # from the edge on: a narrow part is narrower than it
                    "xanchor": "left" if left == -REACH else "right",
                    "y": 0.42,
                    "yref": "paper",
                    "text": saturated,
                    "showarrow": False,
                    "font": {"color": colours.text, "size": size},
                }
                for left, right in shaded
            ],
            "margin": margin(size, left=4.6),
            "dragmode": False,
        },
    )


def tangent(activation: Activation, x: float, *, theme: str, size: int) -> list[Line]:
    """The tangent at x, and its slope as a point of f′."""
    height, rise = (float(each) for each in activation.value_and_slope(x))
    half = 1.5 / math.hypot(1, rise)
    return [
        Line(
            [x - half, x + half],
            [height - half * rise, height + half * rise],
            THEMES[theme].text,
            size / 10,
            dash="dash",
        ),
        Line([x], [rise], SLOPE.colour[theme], 0, marker=SLOPE.symbol, size=size / 2, yaxis="y2"),
    ]
