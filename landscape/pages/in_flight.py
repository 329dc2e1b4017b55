"""What was on its way while the page set something anew.

Each message of the browser's tells the address and all widgets, also those that nobody touched, as they looked when it
was sent. A hidden field that is set at every turn, at its end, comes back with each message and tells how far the
browser was by then. A turn is one run of the page's script, or of a part of it.
"""

from collections import deque
from typing import Any, NamedTuple

import streamlit as st

__all__ = ["acknowledged", "browser_knows", "moved_by_hand", "tell", "untouched"]

MOST_TOLD = 64  # a browser that is further behind has lost its connection


class Told(NamedTuple):
    """A value that the browser shows from a turn on."""

    turn: int
    value: Any


def tell(name: str, before: Any, value: Any) -> None:
    """Note that this turn sets what the browser shows under a name, and what it showed before."""
    told = _told().setdefault(name, deque(maxlen=MOST_TOLD))
    if not told:
        told.append(Told(_turn() - 1, before))
    told.append(Told(_turn(), value))


def browser_knows(name: str) -> bool:
    """Had the browser, when it sent what it said last, what was last set under this name?"""
    told = _told().get(name)
    return not told or told[-1].turn <= _followed()


def untouched(name: str, said: Any) -> bool:
    """May the browser have said this only because it did not know better yet, or because it has caught up?"""
    told, followed = _told().get(name), _followed()
    if not told:
        return False
    if browser_knows(name):
        return bool(said == told[-1].value)
    known = [each.value for each in told if each.turn <= followed]
    return said in [*known[-1:], *(each.value for each in told if each.turn > followed)]


def moved_by_hand(name: str) -> None:
    """Note that the browser shows what a person has set there."""
    _told().pop(name, None)


def acknowledged(part: str) -> None:
    """Draw the hidden field of a part of the page that runs by itself, at the end of each of its turns."""
    key = f"followed_{part}"  # the style sheet hides what is named so
    st.session_state.setdefault("followed_fields", set()).add(key)
    st.session_state[key] = str(_turn())
    st.text_input("#", key=key, label_visibility="collapsed")
    st.session_state.turn = _turn() + 1


def _followed() -> int:
    """The last turn that the browser had followed when it sent what it said last."""
    state = st.session_state
    return max((int(state[key]) for key in state.get("followed_fields", ()) if key in state), default=0)


def _turn() -> int:
    turn: int = st.session_state.get("turn", 1)
    return turn


def _told() -> dict[str, deque[Told]]:
    told: dict[str, deque[Told]] = st.session_state.setdefault("told", {})
    return told
