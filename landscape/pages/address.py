"""The page's settings and the address: one truth, which widgets show and change and the address repeats."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.locale import best_language, translation
from landscape.pages.scenarios import SCENARIOS
from landscape.pages.settings import Settings

__all__ = ["arrive", "bound", "change", "current", "publish", "refused", "setter", "translate"]


def arrive() -> None:
    """Take over what the address says, at the first run of a visit and where a person changed it, as by going back."""
    address = st.query_params.to_dict()
    state = st.session_state
    if "settings" not in state or address != state.address:
        scenario = address.get("scenario", "")
        known = {name: text for name, text in address.items() if name != "scenario" or text in SCENARIOS}
        state.settings, state.refused = Settings.read(known, _base(scenario))
        state.refused += [name for name in address if name not in known]
        state.address = address


def current() -> Settings:
    """The settings of this visit."""
    settings: Settings = st.session_state.settings
    return settings


def _base(scenario: str) -> Settings:
    """What an address tells only the differences from: the defaults, or a scenario's settings."""
    return SCENARIOS[scenario].settings if scenario in SCENARIOS else Settings()


def refused() -> list[str]:
    """The parameters of the address that were not understood."""
    return list(st.session_state.get("refused", []))


def change(settings: Settings) -> None:
    """Set everything anew; the next run of the page shows it. What an address could not carry is not taken."""
    # The browser may not have the last address yet: what it sent with this action is no wish to go back there.
    st.session_state.address = st.query_params.to_dict()
    base = _base(settings.scenario)
    if Settings.read(settings.address(base), base) == (settings, []):
        st.session_state.settings = settings
        st.session_state.refused = []
    else:
        _ = translate(current())[1]
        st.toast(_("This value is out of range. The old one is kept."), icon=":material/undo:")


def publish() -> None:
    """Write the settings into the address, where a change of it is due."""
    settings = st.session_state.settings
    address = settings.address(_base(settings.scenario))
    if address != st.query_params.to_dict():
        st.query_params.from_dict(address)
    st.session_state.address = address


def bound(name: str, value: Any, act: Any) -> dict[str, Any]:
    """Arguments for a widget that shows `value` and calls `act` with what the person chose instead."""
    key = f"set_{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: act(st.session_state[key])}


def setter(name: str) -> Callable[[Any], None]:
    """The action of a widget that shows a field of the settings as it is."""
    return lambda value: change(replace(current(), **{name: value}))


def translate(settings: Settings) -> tuple[str, Any]:
    """The language of the page, chosen or the browser's, and its translation of a text."""
    language = settings.lang or best_language(st.context.locale)
    return language, translation(language)
