"""What was on its way while the page set something anew.

Each message of the browser's tells the address and all widgets, also those that nobody touched, as they looked when it
was sent. A hidden field that is set at the end of every run tells up to which run the browser had followed by then.
"""

from collections import deque
from typing import Any, NamedTuple

import streamlit as st

__all__ = ["acknowledged", "heard_of", "moved_by_hand", "tell", "untouched"]

MOST_TOLD = 64  # a browser that is further behind has lost its connection


class Told(NamedTuple):
    """A value that the browser shows from a run on."""

    run: int
    value: Any


def tell(name: str, before: Any, value: Any) -> None:
    """Note that this run sets what the browser shows under a name, and what it showed before."""
    told = _told().setdefault(name, deque(maxlen=MOST_TOLD))
    run = _run()
    if not told:
        told.append(Told(run - 1, before))
    told.append(Told(run, value))


def heard_of(name: str) -> bool:
    """Does the browser know what was last set under this name?"""
    told = _told().get(name)
    return not told or told[-1].run <= _followed()


def untouched(name: str, said: Any) -> bool:
    """May the browser have said this only because it did not know better yet?"""
    if heard_of(name):
        return False
    told, followed = _told()[name], _followed()
    known = [each.value for each in told if each.run <= followed]
    return said in [*known[-1:], *(each.value for each in told if each.run > followed)]


def moved_by_hand(name: str) -> None:
    """Note that the browser shows what a person has set there."""
    _told().pop(name, None)


def acknowledged(part: str) -> None:
    """Draw the hidden field at the end of a part of the page that runs by itself."""
    key = f"followed_{part}"
    _fields().add(key)
    st.session_state[key] = str(_run())
    st.text_input("#", key=key, label_visibility="collapsed")
    st.session_state.run = _run() + 1


def _followed() -> int:
    """The last run that the browser had followed when it sent what it said last."""
    state = st.session_state
    return max((int(state[key]) for key in _fields() if key in state), default=0)


def _run() -> int:
    run: int = st.session_state.get("run", 1)
    return run


def _fields() -> set[str]:
    """The keys of the hidden fields; the style sheet hides them."""
    fields: set[str] = st.session_state.setdefault("followed", set())
    return fields


def _told() -> dict[str, deque[Told]]:
    told: dict[str, deque[Told]] = st.session_state.setdefault("told", {})
    return told
