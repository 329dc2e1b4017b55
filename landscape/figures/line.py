"""A line or an area laid over a figure: painted by the page itself, so moving it draws nothing of the figure anew."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Line"]


@dataclass(frozen=True)
class Line:
    """A line through points in the figure's data, broken where one is not finite, with marks at them, or the area that
    it encloses.

    `name` puts it into the legend, also without points. `dash` is one of Plotly's names, `marker` a shape of ink.js
    and `size` its radius, or "arrow", a head at the end, or "arrows", one at the end of every piece and as long as
    `size`; no width, no line. `text` stands beyond the end, or on the only point. `fill` is the area's colour, `hatch`
    "/" or "x" over it. `yaxis` is Plotly's name of its axis. `key` names it for a handle that slides along it.
    """

    x: Any
    y: Any
    colour: str
    width: float
    name: str = ""
    dash: str = "solid"
    opacity: float = 1.0
    marker: str = ""
    size: float = 0.0
    text: str = ""
    fill: str = ""
    hatch: str = ""
    yaxis: str = "y"
    key: str = ""
