"""A network by hand in the browser: its picture, one step in numbers, every array so far; a Streamlit component."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from landscape.stage import playback
from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["network"]

HERE = Path(__file__).parent

_network = st.components.v2.component(
    "landscape_network",
    html=(HERE / "network.html").read_text(encoding="utf-8").replace("{playback}", playback.HTML),
    css=(HERE / "network.css").read_text(encoding="utf-8") + playback.CSS,
    js=script("network.js", "network"),
    isolate_styles=False,
)


def network(message: str, *, on_key: Callable[[str], None], key: str = "network") -> None:
    """Show one pass. `message` is its JSON; `on_key` is called with a key that is meant for the page."""
    _network(
        key=key,
        data={"network": message},
        on_key_change=hears(key, "key", on_key),
    )
