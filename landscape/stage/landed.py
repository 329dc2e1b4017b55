"""When the browser has come to the page that a link has opened, by a Streamlit component."""

from collections.abc import Callable

import streamlit as st

from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["landed"]

_landed = st.components.v2.component("landscape_landed", js=script("landed.js", "landed"), isolate_styles=False)


def landed(visit: str, act: Callable[[], None]) -> None:
    """Call `act` once in a visit, when the browser has come to the page."""
    heard = hears("landed", "landed", lambda said: act())
    _landed(key="landed", data={"visit": visit}, height=1, on_landed_change=heard)
