"""Where a runner was at the times that were measured, and below how fast, from differences of neighbours."""

import plotly.graph_objects as go

from landscape.figures.layout import layout, margin
from landscape.figures.palette import RUNS, THEMES
from landscape.gradients.sprint import METRES, SECONDS, speeds

__all__ = ["sprint"]


def sprint(*, theme: str, size: int, words: dict[str, str]) -> go.Figure:
    """Distance above and speed below over one axis of time. `words`: time, distance, speed."""
    colours = THEMES[theme]
    traces = [
        {
            "type": "scatter",
            "x": SECONDS,
            "y": values,
            "yaxis": axis,
            "mode": "lines+markers",
            "line": {"color": look.colour[theme], "width": size / 6, "dash": "dot"},
            "marker": {"symbol": symbol, "size": 0.8 * size},
            "hovertemplate": f"%{{x:.4g}} s<br>%{{y:.4g}} {unit}<extra></extra>",
        }
        for values, axis, look, symbol, unit in (
            (METRES, "y", RUNS[1], "square", "m"),
            (speeds(), "y2", RUNS[2], "diamond", "m/s"),
        )
    ]
    axis = {"gridcolor": colours.rule, "linecolor": colours.rule, "zeroline": False, "fixedrange": True}
    return go.Figure(
        traces,
        layout(colours, size)
        | {
            "xaxis": {
                **axis,
                "range": [0, 10],
                "dtick": 2,
                "title": {"text": words["time"], "standoff": 2},
                "anchor": "y2",
            },
            "yaxis": {
                **axis,
                "range": [-8, 108],
                "domain": [0.55, 1],
                "dtick": 20,
                "title": {"text": words["distance"], "standoff": 4},
            },
            "yaxis2": {
                **axis,
                "range": [6, 13.4],
                "domain": [0, 0.45],
                "nticks": 5,
                "title": {"text": words["speed"], "standoff": 4},
            },
            "margin": margin(size, left=4.6),
            "dragmode": False,
        },
    )
