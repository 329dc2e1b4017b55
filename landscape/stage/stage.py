"""The drawing surface: contour plot, surface and curves with one playhead, as a Streamlit component.

Two messages feed it, because they change at different times: `landscape` carries the figures, `paths` the runs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from landscape.stage import playback
from landscape.stage.assets import address

__all__ = ["details", "landscape", "paths"]

HERE = Path(__file__).parent


def _load(function: str) -> str:
    """The script of a component: it loads the stage's modules once, from an address that a base path does not break."""
    return f"""
const loaded = import(new URL("{address("stage/stage.js")}", document.baseURI).href);
export default function (component) {{
  loaded.then((stage) => stage.{function}(component));
  return () => loaded.then((stage) => stage.leave(component.parentElement));
}}
"""


_landscape = st.components.v2.component(
    "landscape_stage",
    html=(HERE / "stage.html").read_text(encoding="utf-8").replace("{playback}", playback.HTML),
    css=(HERE / "stage.css").read_text(encoding="utf-8") + playback.CSS,
    js=_load("landscape"),
    isolate_styles=False,
)
_details = st.components.v2.component(
    "landscape_details",
    html=(HERE / "details.html").read_text(encoding="utf-8"),
    js=_load("details"),
    isolate_styles=False,
)
_paths = st.components.v2.component("landscape_paths", js=_load("paths"), isolate_styles=False)


def landscape(message: str, *, on_key: Callable[[], None], key: str = "stage") -> None:
    """Show the stage. `message` is the landscape's JSON; `on_key` is called after a key that is meant for the page."""
    _landscape(key=key, data={"landscape": message}, on_key_change=on_key)


def details(*, key: str = "details") -> None:
    """Show the table of the runs and the step in numbers, which the stage fills."""
    _details(key=key)


def paths(message: str, *, key: str = "paths", **triggers: Callable[[], None]) -> Any:
    """Lay runs over the landscape. `message` is their JSON; `triggers` are called when the person acts on the stage."""
    calls: dict[str, Any] = {f"on_{name}_change": call for name, call in triggers.items()}
    return _paths(key=key, data={"paths": message}, height=1, **calls)
