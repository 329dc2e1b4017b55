"""A text field of Streamlit's that is applied while somebody types, by a Streamlit component beside it."""

import streamlit as st

from landscape.stage.assets import script

__all__ = ["live_field"]

_live_field = st.components.v2.component(
    "landscape_live_field", js=script("live_field.js", "live_field"), isolate_styles=False
)


def live_field(key: str) -> None:
    """Apply the text field of that key whenever whoever types in it pauses, as Enter does."""
    _live_field(key=f"live_{key}", data={"field": key}, height=1)
