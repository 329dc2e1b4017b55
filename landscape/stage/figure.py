"""One figure of Plotly's on a page, with handles over it that a person drags, as a Streamlit component.

The figure is drawn anew only where it differs from the last one; zoom stays as long as `layout.uirevision` does. A
ground, such as a contour plot, goes in a message of its own, so that what moves over it is a small one.
"""

import base64
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from landscape.figures.cells import Cells
from landscape.figures.line import Line
from landscape.figures.palette import THEMES
from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["Handle", "figure", "ground"]

HERE = Path(__file__).parent
EMPTY = '{"data": [], "layout": {}}'  # over a ground that has everything but what moves


@dataclass(frozen=True)
class Handle:
    """A point of a figure, in its data's coordinates, that a pointer drags and the arrow keys move.

    `label` stands beside it and names it, `text` says in words where it is, `marker` is a shape of ink.js. `along` is
    the name of a trace of lines, or the key of a line over the figure, from left to right, on which a handle that moves
    by x slides. No hand moves it left of `least` or right of `most`.
    """

    id: str
    x: float
    y: float
    label: str
    text: str
    colour: str
    moves: Literal["x", "y", "xy"] = "xy"
    marker: str = "circle"
    along: str | None = None
    least: float | None = None
    most: float | None = None


_figure = st.components.v2.component(
    "landscape_figure",
    html="""<div class="figure">
      <ul class="legend"></ul>
      <div class="area"><div class="plot" role="img"></div><canvas class="lines" aria-hidden="true"></canvas></div>
    </div>""",
    css=(HERE / "figure.css").read_text(encoding="utf-8"),
    js=script("figure.js", "figure"),
    isolate_styles=False,
)
_ground = st.components.v2.component("landscape_ground", js=script("figure.js", "ground"), isolate_styles=False)


def ground(drawn: go.Figure | str, *, key: str, lines: Sequence[Line] = ()) -> dict[str, str]:
    """Send what lies under a figure: a figure, or its JSON from a cache, and `lines`. It returns the `on` of the one
    above.

    Its layout holds for both, as far as the figure's own says nothing else. The browser has it once: where it stays
    the same, Streamlit sends a mark in its place.
    """
    text, over = _json(drawn), json.dumps([_told(line) for line in lines])
    name = {"key": key, "id": _digest(text + over)}
    _ground(key=key, data={**name, "figure": text, "lines": over}, height=1)
    return name


def figure(
    drawn: go.Figure | str = EMPTY,
    *,
    key: str,
    summary: str,
    theme: str,
    projector: bool,
    cells: Cells | None = None,
    lines: Sequence[Line] = (),
    handles: Sequence[Handle] = (),
    click: str = "",
    moved: Callable[[str, float, float, bool], None] | None = None,
    on: dict[str, str] | None = None,
    tall: float = 0.6,
) -> None:
    """Show a figure, or the JSON of one from a cache.

    `summary` tells in words what it shows; `cells` and `lines` are painted over it; `moved` is called with a handle's
    id, its new x and y, and whether it rests there, for else a hand still holds it; `click` is the id of the handle
    that jumps to where one clicks; `tall` is height over width, as far as the window is high enough.
    """

    def on_moved(told: dict[str, Any]) -> None:
        if moved and _finite(told["x"], told["y"]):
            moved(told["id"], float(told["x"]), float(told["y"]), bool(told["final"]))

    before = getattr(st.session_state.get(key), "moved", None) or {}
    over: dict[str, Any] = {
        # Where there is no y, as outside a curve's domain, the handle stands at the foot of the figure.
        "handles": [{**vars(handle), "y": handle.y if _finite(handle.y) else None} for handle in handles],
        "cells": cells and {**vars(cells), "shares": _packed(cells.shares), "columns": cells.shares.shape[1]},
        "lines": [_told(line) for line in lines],
        "click": click,
        "summary": summary,
        "ground": on,
        "tall": tall,
        "look": {"font": 20 if projector else 14, "marker": 11 if projector else 8, "casing": THEMES[theme].page},
        # Which question of the browser's this message answers.
        "answered": before.get("asked"),
    }
    text = _json(drawn)
    over["serial"] = _digest(text + json.dumps(over))
    _figure(key=key, data={"figure": text, "over": json.dumps(over)}, on_moved_change=hears(key, "moved", on_moved))


def _json(drawn: go.Figure | str) -> str:
    text: str = drawn if isinstance(drawn, str) else drawn.to_json(validate=False)
    return text


def _told(line: Line) -> dict[str, Any]:
    return {**vars(line), "x": _packed(line.x), "y": _packed(line.y)}


def _packed(values: Any) -> dict[str, str]:
    """Numbers as Plotly packs them too: base64 of float32, or float64."""
    array = np.ascontiguousarray(values)
    array = array if array.dtype == np.float32 else array.astype(np.float64)
    return {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode()}


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _finite(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) and math.isfinite(value) for value in values)
