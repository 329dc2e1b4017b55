"""Logits as bars, softmax's Jacobian as a map with its numbers, and what the cross-entropy pushes."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES
from landscape.gradients.softmax import SoftmaxLoss
from landscape.locale.sentence import filled

__all__ = ["LOGITS", "decimals", "jacobian_map", "logit_bars", "push_bars"]

Array = NDArray[np.float64]
PROBABILITY, TARGET, PUSH = RUNS[1], RUNS[3], RUNS[2]
LOGITS = 8.0  # the largest that can be dragged to, and the smallest with a minus: as far as curves are drawn
LARGEST = 0.5  # colours reach twice as far as the entries, ¼ at most, so that dark numbers are read on them


def decimals(value: float) -> str:
    """A probability, or a difference of some, as it is written here."""
    return filled("{value:.3f}", value=value)


def logit_bars(logits: tuple[float, ...], *, theme: str, size: int) -> go.Figure:
    """A bar for each logit; handles at their ends move them."""
    places, colours = list(range(1, len(logits) + 1)), THEMES[theme]
    bars = go.Bar(x=places, y=list(logits), width=0.5, marker={"color": colours.muted}, hoverinfo="skip")
    axes = _axes(len(logits), theme, "x")
    axes["yaxis"] |= {"range": [-LOGITS - 0.5, LOGITS + 0.5]}
    return go.Figure(data=[bars], layout=layout(colours, size) | axes | {"margin": margin(size, left=3.4)})


def jacobian_map(jacobian: Array, *, theme: str, size: int) -> go.Figure:
    """∂sᵢ/∂xⱼ in row i and column j: a colour and a number for each."""
    colours, places = THEMES[theme], list(range(1, len(jacobian) + 1))
    entries = go.Heatmap(
        x=places,
        y=places,
        z=jacobian,
        text=[[decimals(float(entry)) for entry in row] for row in jacobian],
        texttemplate="%{text}",
        textfont={"color": colours.text, "size": size + 2},
        zmin=-LARGEST,
        zmax=LARGEST,
        colorscale=[[0, PROBABILITY.colour[theme]], [0.5, colours.panel], [1, PUSH.colour[theme]]],
        showscale=False,
        hovertemplate="∂s%{y}/∂x%{x} = %{text}<extra></extra>",
        xgap=2,
        ygap=2,
    )
    axes = _axes(len(jacobian), theme, "∂x")
    axes["yaxis"] |= {
        "tickvals": places,
        "ticktext": [f"∂s{_index(place)}" for place in places],
        "autorange": "reversed",
        "showgrid": False,
    }
    return go.Figure(data=[entries], layout=layout(colours, size) | axes | {"margin": margin(size, left=3.4)})


def push_bars(loss: SoftmaxLoss, *, theme: str, size: int) -> go.Figure:
    """For each class the probability s, the target y, and s − y: the gradient that the cross-entropy sends back."""
    colours, places = THEMES[theme], np.arange(1, loss.target.size + 1)
    bars = [
        go.Bar(
            x=places + shift,
            y=values,
            name=name,
            width=0.25,
            marker={
                "color": style.colour[theme],
                "pattern": {
                    "shape": pattern,
                    "bgcolor": style.colour[theme],
                    "fgcolor": colours.page,
                    "size": size / 2,
                    "solidity": 0.2,
                },
            },
            text=[decimals(float(value)) for value in values],
            textposition="outside",
            textfont={"color": colours.text, "size": size},
            cliponaxis=False,
            hovertemplate=f"{name} = %{{text}}<extra></extra>",
        )
        for name, values, style, pattern, shift in (
            ("s", loss.probabilities, PROBABILITY, "", -0.27),
            ("y", loss.target, TARGET, "/", 0.0),
            ("s − y", loss.gradient, PUSH, "x", 0.27),
        )
    ]
    axes = _axes(len(places), theme, "")
    axes["yaxis"] |= {"range": [-1.25, 1.25]}
    return go.Figure(
        data=bars,
        layout=layout(colours, size)
        | axes
        | {
            "margin": margin(size, left=3.4) | {"t": 2.4 * size},
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": size}},
            "barmode": "overlay",
        },
    )


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
