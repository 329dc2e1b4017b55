"""The landscape's own figures in Plotly: contour plot, surface, and empty axes for the curves; paths come later."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from landscape.analysis.field import Field
from landscape.figures.height import Height
from landscape.figures.layout import layout, margin
from landscape.figures.palette import THEMES, Theme

__all__ = ["Marks", "contour", "curves", "line_count", "surface"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Marks:
    """Points to mark on the landscape, (x, y) each, with the words of their hover."""

    minima: tuple[tuple[float, float], ...] = ()
    minimum: str = "minimum"
    saddles: tuple[tuple[float, float], ...] = ()
    saddle: str = "saddle point"


def _f4(values: Array) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return np.asarray(values, dtype=np.float32)


MOST_LINES, LEAST_LINES = 24, 8
HEAD = 0.16  # of an arrow's cell
CROSSED = 50  # lines on the way across a plot, on average: about ten pixels from one to the next


def line_count(field: Field, height: Height) -> int:
    """How many contour lines suit a field: fewer where many hills would crowd them."""
    heights = height(field.loss)
    slopes = np.hypot(*np.gradient(heights))[1:-1, 1:-1]
    across = float(np.nanmean(slopes)) * (len(field.x) - 1) if np.isfinite(slopes).any() else 0.0
    rise = float(np.nanmax(heights) - np.nanmin(heights)) if across else 0.0
    return round(min(max(CROSSED * rise / across, LEAST_LINES), MOST_LINES)) if across else MOST_LINES


def contour(
    field: Field,
    height: Height,
    *,
    theme: str,
    lines: int,
    marks: Marks,
    arrows: Field | None,
    loss: str,
    axes: tuple[str, str] = ("x", "y"),
    size: int = 12,
) -> go.Figure:
    """The contour plot of a field; `arrows` is a coarser field whose gradients are drawn, `loss` the word for it."""
    across, up = axes
    colours = THEMES[theme]
    heights = height(field.loss)
    finite = heights[np.isfinite(heights)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    step = (high - low) / (lines + 1) or 1.0
    traces = [
        go.Contour(
            x=field.x,
            y=field.y,
            z=_f4(heights),
            # The contour is drawn from heights; a person reads losses.
            customdata=_f4(np.stack([field.loss, *field.gradient], axis=-1)),
            hovertemplate=f"{across} = %{{x:.4g}}, {up} = %{{y:.4g}}<br>{loss} %{{customdata[0]:.5g}}<br>"
            "∇f = (%{customdata[1]:.4g}, %{customdata[2]:.4g})<extra></extra>",
            colorscale=[list(stop) for stop in colours.landscape],
            contours={"start": low + step, "end": high - step / 2, "size": step},
            line={"color": colours.contour, "width": 0.8, "smoothing": 1},
            showscale=False,  # the surface's axis is the scale; the plot has better use for the width
        )
    ]
    if arrows is not None:
        traces += _arrows(arrows, colours)
    for symbol, bigger, width, points, word in (
        ("x-thin", -4, 1.8, marks.saddles, marks.saddle),
        ("star", 2, 1.4, marks.minima, marks.minimum),
    ):
        if points:
            traces.append(
                go.Scatter(
                    x=[x for x, _ in points],
                    y=[y for _, y in points],
                    mode="markers",
                    marker={
                        "symbol": symbol,
                        "size": size + bigger,
                        "color": colours.page,
                        "line": {"color": colours.mark, "width": width},
                    },
                    name=word,
                    hovertemplate=f"{word}<br>{across} = %{{x:.5g}}, {up} = %{{y:.5g}}<extra></extra>",
                )
            )
    (left, right), (bottom, top) = (field.x[[0, -1]].tolist(), field.y[[0, -1]].tolist())
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": colours.rule,
        "ticks": "outside",
        "tickcolor": colours.rule,
    }
    view = {
        "xaxis": {**axis, "range": [left, right], "title": {"text": across, "standoff": 2}, "constrain": "domain"},
        "yaxis": {
            **axis,
            "range": [bottom, top],
            "title": {"text": up, "standoff": 2},
            "constrain": "domain",
            "constraintoward": "top",
            # Right angles look right only with equal scales; a view far from square needs its space more.
            **({"scaleanchor": "x"} if _square(field) else {}),
        },
        "dragmode": "zoom",
        "uirevision": f"{left} {right} {bottom} {top}",
        "margin": margin(size, left=3.4),
    }
    return go.Figure(traces, layout(colours, size) | view)


def _square(field: Field) -> bool:
    """Is the view near enough to square for equal scales?"""
    (left, right), (bottom, top) = field.x[[0, -1]], field.y[[0, -1]]
    return bool(0.4 < (right - left) / (top - bottom) < 2.5)


def _arrows(field: Field, colours: Theme) -> list[go.Scatter]:
    """The gradient's arrows: the direction is exact, the length grows with the logarithm of the magnitude."""
    magnitude, direction = field.magnitude, field.direction
    with np.errstate(divide="ignore", invalid="ignore"):
        decades = np.log10(magnitude)
    usable = np.isfinite(decades) & np.isfinite(direction).all(axis=0)
    if not usable.any():
        return []
    low, high = float(decades[usable].min()), float(decades[usable].max())
    share = 0.35 + 0.65 * (decades - max(low, high - 4)).clip(0) / ((high - max(low, high - 4)) or 1)
    cell = np.array([field.x[1] - field.x[0], field.y[1] - field.y[0]]) * 0.86
    length = share * cell.min()
    grid = np.stack(np.meshgrid(field.x, field.y))
    half = direction * length / 2
    tail, head = (grid - half)[:, usable], (grid + half)[:, usable]
    # Far from square the axes have two scales, and a right angle is one in cells of the grid.
    unit = np.ones((2, 1)) if _square(field) else cell[:, None] / cell.min()
    along = direction[:, usable] / unit
    along *= HEAD * cell.min() / np.hypot(*along)
    across = np.stack([-along[1], along[0]]) * 0.4
    corners = [head, head + (across - along) * unit, head - (across + along) * unit]
    # No marks: a browser lays out and paints each of those by itself.
    shafts, heads = (np.stack([*points, np.full_like(head, np.nan)], axis=-1) for points in ([tail, head], corners))
    ink = f"{colours.mark}{round(0.75 * 255):02X}"
    style: dict[str, Any] = {"mode": "lines", "hoverinfo": "skip"}
    (x0, y0), (x1, y1) = (_f4(points.reshape(2, -1)) for points in (shafts, heads))
    return [
        go.Scatter(x=x0, y=y0, line={"color": ink, "width": 1}, **style),
        go.Scatter(x=x1, y=y1, line={"width": 0}, fill="toself", fillcolor=ink, **style),
    ]


def surface(
    field: Field, height: Height, *, theme: str, lines: int, axes: tuple[str, str] = ("x", "y"), size: int = 12
) -> go.Figure:
    """The surface over the plane, with the same heights and lines as the contour plot."""
    colours = THEMES[theme]
    heights = height(field.loss)
    finite = heights[np.isfinite(heights)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    step = (high - low) / (lines / 2 + 1) or 1.0
    positions, labels = height.ticks()
    axis = {
        "backgroundcolor": "rgba(0,0,0,0)",
        "gridcolor": colours.rule,
        "zeroline": False,
        "showspikes": False,
        "color": colours.muted,
        "nticks": 6,
        "tickfont": {"size": min(size, 14)},  # the axes are short: larger labels would overlap
    }
    sheet = go.Surface(
        x=field.x,
        y=field.y,
        z=_f4(heights),
        colorscale=[list(stop) for stop in colours.landscape],
        showscale=False,
        hoverinfo="skip",
        lighting={"ambient": 0.72, "diffuse": 0.6, "specular": 0.06, "roughness": 0.9, "fresnel": 0.05},
        lightposition={"x": -4e4, "y": -2e4, "z": 8e4},
        contours={
            "z": {
                # Plotly's lines on a surface with holes hold a software WebGL, and with it the page, for minutes.
                "show": bool(np.isfinite(heights).all()),
                "start": low + step,
                "end": high,
                "size": step,
                "color": colours.contour,
                "width": 1,
            },
        },
    )
    view = {
        "scene": {
            "xaxis": {**axis, "title": {"text": axes[0]}},
            "yaxis": {**axis, "title": {"text": axes[1]}},
            "zaxis": {
                **axis,
                "title": {"text": "f"},
                **({"tickvals": positions, "ticktext": labels} if positions else {}),
            },
            "aspectmode": "manual",
            "aspectratio": {"x": 1.15, "y": 1.15, "z": 0.72},
            "camera": {"eye": {"x": -1.24, "y": -1.62, "z": 1.19}, "center": {"x": 0, "y": 0, "z": -0.14}},
            "uirevision": "camera",
            "dragmode": "turntable",
        },
        "uirevision": "camera",
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
    }
    return go.Figure(sheet, layout(colours, size) | view)


def curves(*, theme: str, step: str, size: int = 12) -> go.Figure:
    """Empty axes for a quantity against the step; the stage fills in the lines it already has."""
    colours = THEMES[theme]
    axis = {"gridcolor": colours.rule, "zeroline": False, "linecolor": colours.rule, "fixedrange": True}
    view = {
        "xaxis": {**axis, "title": {"text": step, "standoff": 2}, "showgrid": False},
        "yaxis": {**axis, "nticks": 6},
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": margin(size, left=5),
        "dragmode": False,
    }
    return go.Figure(layout=layout(colours, size) | view)
