"""The loss of a training against its step."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES

__all__ = ["loss_curve"]


def loss_curve(
    loss: NDArray[np.float64], *, theme: str, step: str, name: str, logarithmic: bool, size: int = 12
) -> go.Figure:
    """The losses (n+1,) before the first step and after each; a marker shows where the training stands.

    `step` and `name` are the words for the axes. On a logarithmic axis losses of 0 are left out.
    """
    colours, style = THEMES[theme], RUNS[1]
    finite = np.where(np.isfinite(loss) & ((loss > 0) | (not logarithmic)), loss, np.nan)
    axis = {"gridcolor": colours.rule, "zeroline": False, "linecolor": colours.rule, "fixedrange": True}
    view = {
        "xaxis": {**axis, "title": {"text": step, "standoff": 2}, "showgrid": False, "nticks": 5},
        "yaxis": {
            **axis,
            "title": {"text": name, "standoff": 4},
            "type": "log" if logarithmic else "linear",
            "nticks": 5,
            **({} if logarithmic else {"rangemode": "tozero"}),
        },
        "margin": margin(size, left=4.5),
        "dragmode": False,
    }
    figure = go.Figure(layout=layout(colours, size) | view)
    hover = f"{step} %{{x}}<br>{name} %{{y:.5g}}<extra></extra>"
    line = {"color": style.colour[theme], "width": size / 6}
    figure.add_trace(go.Scatter(x=np.arange(len(loss)), y=finite, mode="lines", line=line, hovertemplate=hover))
    figure.add_trace(
        go.Scatter(
            x=[len(loss) - 1],
            y=finite[-1:],
            mode="markers",
            marker={"color": style.colour[theme], "size": 0.8 * size, "symbol": style.symbol},
            hovertemplate=hover,
        )
    )
    return figure
