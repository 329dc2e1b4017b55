"""What the browser says, taken to who acts on it.

A message may be on its way while another page opens. Streamlit then calls what the page that was left has asked for,
although its settings are not the current ones any more and its components are gone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

__all__ = ["enter", "hears", "while_here"]


def enter(page: str) -> None:
    """Note that this page is open from now on."""
    st.session_state.entered = page


def while_here(act: Callable[..., None]) -> Callable[..., None]:
    """The same action, done only as long as the page is open on which this is called."""
    page = st.session_state.get("entered")

    @wraps(act)
    def acted(*args: Any) -> None:
        if st.session_state.get("entered") == page:
            act(*args)

    return acted


def hears(key: str, name: str, act: Callable[[Any], None]) -> Callable[[], None]:
    """What Streamlit is to call when a component says something under a name: `act` is called with it."""

    def heard() -> None:
        said = getattr(st.session_state.get(key), name, None)
        if said is not None:
            act(said)

    return while_here(heard)
