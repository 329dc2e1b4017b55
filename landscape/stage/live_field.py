"""A text field of Streamlit's that is applied while somebody types, by a Streamlit component beside it."""

from collections.abc import Callable

import streamlit as st

from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["drafting", "live_field"]

_live_field = st.components.v2.component(
    "landscape_live_field", js=script("live_field.js", "live_field"), isolate_styles=False
)


def live_field(key: str, *, on_rest: Callable[[], None]) -> None:
    """Apply the text field of that key whenever whoever types in it pauses, as Enter does.

    `on_rest` is called when they have left it or pressed Enter; until then what is applied is a draft: see `drafting`.
    """

    def heard(draft: bool) -> None:
        if not draft:
            on_rest()

    name = f"live_{key}"
    _live_field(key=name, data={"field": key}, height=1, on_draft_change=hears(name, "draft", heard))


def drafting(key: str) -> bool:
    """Does somebody still type in the field of that key?"""
    return bool(getattr(st.session_state.get(f"live_{key}"), "draft", False))
