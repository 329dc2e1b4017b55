"""The V-curve: the error of difference quotients against their step h, measured and predicted."""

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

__all__ = ["LEAST", "MARKED", "Measured", "difference_error", "legend"]

LEAST = 1e-18  # where the errors stand that are exactly zero, below all others
MARKED = (1e-4, 1e-6)
"""Steps that textbooks and programs take by default."""

PREDICTED = {"truncation": "dash", "rounding": "dot"}
"""The parts of the error that are predicted, with the dashes of their lines."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """One curve of the figure: a method in 64 or 32 bit, its name, its errors."""

    method: str
    bits: int
    name: str
    curve: ErrorCurve


def difference_error(
    shown: list[Measured],
    focus: int,
    *,
    theme: str,
    words: dict[str, str],
    size: int = 12,
) -> go.Figure:
    """Errors of all methods shown, logarithmic in both directions, with what is predicted for the one in focus.

    words: truncation, rounding, best, step, error.
    """
    colours = THEMES[theme]
    top = _top(shown)
    axis: dict[str, Any] = {
        "type": "log",
        "gridcolor": colours.rule,
        "linecolor": colours.rule,
        "fixedrange": True,
        "zeroline": False,
    }
    steps = [10.0**power for power in range(-16, 1, 2)]
    powers = [10.0**power for power in range(-16, 100, 2 if top < 8 else 10) if power < top]
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
            "range": [np.log10(LEAST) - 0.5, top],
            "tickvals": [LEAST, *powers],
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
    if shown:
        told = shown[focus].curve
        for name, dash in PREDICTED.items():
            line = getattr(told, name)
            figure.add_scatter(
                x=told.h,
                y=np.where(line > 0, line, np.nan),
                name=words[name],
                mode="lines",
                line={"color": colours.muted, "width": size / 5, "dash": dash},
                hoverinfo="skip",
            )
    for i, each in enumerate(shown):
        style, curve = DIFFERENCE_STYLES[each.method], each.curve
        colour, single = style.colour[theme], each.bits == 32
        with np.errstate(over="ignore"):
            error = np.maximum(curve.error, LEAST).astype(np.float32)
        figure.add_scatter(
            x=curve.h.astype(np.float32),
            y=error,
            name=each.name,
            mode="lines+markers",
            line={"color": colour, "width": size / (7 if single else 5), "dash": "dot" if single else "solid"},
            marker={"symbol": style.symbol + ("-open" if single else ""), "size": size / 2.4, "maxdisplayed": 60},
            opacity=1 if i == focus else 0.75,
            hovertemplate=f"h = %{{x:.2g}}<br>{words['error']} %{{y:.2g}}<extra>{each.name}</extra>",
        )
    for each in shown:
        best = each.curve.measured_best
        if np.isfinite(best):
            at = int(np.nanargmin(each.curve.error))
            figure.add_scatter(
                x=[best],
                y=[max(float(each.curve.error[at]), LEAST)],
                mode="markers",
                marker={
                    "symbol": "star",
                    "size": 1.3 * size,
                    "color": colours.page,
                    "line": {"color": DIFFERENCE_STYLES[each.method].colour[theme], "width": size / 6},
                },
                hovertemplate=f"{words['best']}<br>h = {plain(best, 2)}<extra>{each.name}</extra>",
            )
    return figure


def legend(shown: list[Measured], *, theme: str, words: dict[str, str], size: int = 12) -> list[Line]:
    """What explains the lines of the figure."""
    muted = THEMES[theme].muted
    lines = [Line([], [], muted, size / 5, words[name], dash) for name, dash in PREDICTED.items()]
    for each in reversed(shown):
        style = DIFFERENCE_STYLES[each.method]
        dash = "dot" if each.bits == 32 else "solid"
        lines.append(Line([], [], style.colour[theme], size / 5, each.name, dash, marker=style.symbol))
    return lines


def _top(shown: list[Measured]) -> float:
    """The upper end of the axis, as a power of ten: the largest error, whole decades."""
    errors = np.concatenate([each.curve.error for each in shown] or [np.ones(1)])
    finite = errors[np.isfinite(errors) & (errors > 0)]
    return float(np.ceil(np.log10(finite.max()))) + 0.3 if finite.size else 1.0
