"""The drawing surface: contour plot, surface and curves with one playhead, as a Streamlit component.

Two messages feed it, because they change at different times: `landscape` carries the figures, `paths` the runs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.stage import playback
from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["batches", "details", "glimpse", "landscape", "paths"]

HERE = Path(__file__).parent


STAGE = (HERE / "stage.html").read_text(encoding="utf-8").replace("{playback}", playback.HTML)
CSS = (HERE / "stage.css").read_text(encoding="utf-8") + playback.CSS

_landscape = st.components.v2.component(
    "landscape_stage",
    html=STAGE.replace("{more}", ""),
    css=CSS,
    js=script("stage.js", "landscape"),
    isolate_styles=False,
)
_batches = st.components.v2.component(
    "batches_stage",
    html=STAGE.replace("{more}", (HERE / "batches.html").read_text(encoding="utf-8")),
    css=CSS + (HERE / "batches.css").read_text(encoding="utf-8"),
    js=script("stage.js", "landscape"),
    isolate_styles=False,
)
_details = st.components.v2.component(
    "landscape_details",
    html=(HERE / "details.html").read_text(encoding="utf-8"),
    js=script("stage.js", "details"),
    isolate_styles=False,
)
_paths = st.components.v2.component("landscape_paths", js=script("stage.js", "paths"), isolate_styles=False)
_glimpse = st.components.v2.component("batches_glimpse", js=script("stage.js", "glimpse"), isolate_styles=False)


def landscape(message: str, *, on_key: Callable[[str], None], key: str = "stage") -> None:
    """Show the stage. `message` is the landscape's JSON; `on_key` is called with a key that is meant for the page."""
    _landscape(key=key, data={"landscape": message}, on_key_change=hears(key, "key", on_key))


def batches(
    landscape: str, data: str, *, on_key: Callable[[str], None], on_points: Callable[[Any], None], key: str = "stage"
) -> None:
    """Show the stage with the samples, `data` as JSON; `on_points` is called with what a person does with a sample."""
    _batches(
        key=key,
        data={"landscape": landscape, "data": data},
        on_key_change=hears(key, "key", on_key),
        on_points_change=hears(key, "points", on_points),
    )


def glimpse(message: str, *, on_glimpse: Callable[[Any], None], key: str = "glimpse") -> None:
    """Tell the stage what the updates at the playhead see; `on_glimpse` is called with where it is about to move."""
    _glimpse(key=key, data={"glimpse": message}, height=1, on_glimpse_change=hears(key, "glimpse", on_glimpse))


def details(*, key: str = "details") -> None:
    """Show the table of the runs and the step in numbers, which the stage fills."""
    _details(key=key)


def paths(message: str, *, key: str = "paths", **triggers: Callable[[Any], None]) -> Any:
    """Lay runs over the landscape. `message` is their JSON; `triggers` are called with what a person does there."""
    calls: dict[str, Any] = {f"on_{name}_change": hears(key, name, act) for name, act in triggers.items()}
    return _paths(key=key, data={"paths": message}, height=1, **calls)
