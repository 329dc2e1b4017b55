"""A popover whose widgets are made only while it is open: a browser renders every widget anew at every change."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

__all__ = ["popover"]


def popover(
    text: str,
    content: Callable[[], None],
    *,
    key: str,
    height: int,
    icon: str | None = None,
    help: str | None = None,
    width: Literal["stretch", "content"] = "stretch",
    place: Any = st,
) -> None:
    """A button that opens a popover with that content, about so many pixels high."""
    button = place.popover(text, icon=icon, help=help, width=width, key=key, on_change="rerun")
    with button:
        if button.open:
            content()
        else:
            st.space(height)  # it opens on the side that has room for what is to come
