"""A page's settings and the address: one truth, which widgets show and change and the address repeats."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landscape.locale import LANGUAGES, best_language, translation
from landscape.pages.in_flight import acknowledged, browser_knows, moved_by_hand, tell, untouched
from landscape.pages.page import Page
from landscape.pages.parameters import PageSettings
from landscape.stage.heard import enter, while_here
from landscape.stage.landed import landed

__all__ = [
    "arrive",
    "bound",
    "change",
    "current",
    "head_shown",
    "publish",
    "publish_when_landed",
    "refused",
    "setter",
    "spoken",
    "translate",
]


def arrive(page: Page) -> None:
    """Take over what the address says, at the first run of a visit and where a person changed it, as by going back.

    A link of the navigation says nothing: whoever comes back to a page by one finds it as it was left. Whoever goes
    back to such an empty address finds the page as it was there; it stays empty, or nobody could go back further.
    """
    state = st.session_state
    visited: dict[str, PageSettings] = state.setdefault("visited", {})
    unsaid: dict[str, PageSettings] = state.setdefault("unsaid", {})
    before: Page | None = state.get("page")
    moved = before is None or page.key != before.key
    address = st.query_params.to_dict() if moved else _meant_address()
    state.page = page
    enter(page.key)
    if moved:
        state.refused, state.refused_numbers = [], {}
    went_back = not moved and not address and state.address != {} and page.key in unsaid
    if went_back:
        visited[page.key], state.refused = unsaid[page.key], []
    elif page.key not in visited or address != ({} if moved else state.address):
        base = _base(address.get("scenario", ""))
        known = {name: text for name, text in address.items() if name != "scenario" or text in page.scenarios}
        visited[page.key], state.refused = page.settings.read(known, base)
        state.refused += [name for name in address if name not in known]
    if before and moved:
        here = visited[page.key].carried(visited[before.key])
        visited[page.key] = replace(here, lang=visited[page.key].lang) if "lang" in address else here
    if not address and moved:
        unsaid[page.key] = visited[page.key]
    state.stays_empty = went_back or (state.get("stays_empty", False) and not moved and not address)
    # A name that no other visit has told the browser either, which may outlive this one.
    state.landing = uuid4().hex if before and moved and not _went_through_history() else ""
    if address != state.get("address"):
        moved_by_hand("address")
    state.address = address
    language, old = translate(current())[0], state.get("language")
    if moved or language != old:
        # The widgets of another page are others, though they have the same keys, and the browser tells in words what
        # they show, which are others in another language.
        state.language, state.widgets = language, set()
        if old not in (None, language):
            tell("language", old, language)


def _went_through_history() -> bool:
    """Was this run asked for by the browser's buttons for the way back and forward? Streamlit alone can tell."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _meant_address() -> dict[str, str]:
    """What the browser says that the address is, or what it is about to be."""
    address: dict[str, str] = st.query_params.to_dict()
    return st.session_state.address if untouched("address", address) else address


def current() -> Any:
    """The settings of the page that this visit is on."""
    return st.session_state.visited[st.session_state.page.key]


def spoken() -> str:
    """The language of this visit, before it is known which page is open."""
    address, state = _meant_address(), st.session_state
    asked = address.get("lang", "") if address != state.get("address") else ""
    known = current().lang if "page" in state else ""
    return asked if asked in LANGUAGES else known or best_language(st.context.locale)


def _base(scenario: str) -> Any:
    """What an address tells only the differences from: the defaults, or a scenario's settings."""
    page: Page = st.session_state.page
    return page.scenarios[scenario].settings if scenario in page.scenarios else page.settings()


def refused() -> list[str]:
    """The parameters of the address that were not understood."""
    return list(st.session_state.get("refused", []))


def change(settings: PageSettings, *, final: bool = True) -> None:
    """Set everything anew; the next run of the page shows it. What an address could not carry is not taken.

    What is not final, as a place on the way of a drag, is told by no address.
    """
    state = st.session_state
    state.address = _meant_address()  # a component may have written there what it tells now
    state.dragged = not final
    base = _base(settings.scenario)
    if type(settings).read(settings.address(base), base) == (settings.told, []):
        state.visited[state.page.key] = settings
        state.refused = []
        state.stays_empty = False
    else:
        _ = translate(current())[1]
        st.toast(_("This value is out of range. The old one is kept."), icon=":material/undo:")


def publish(part: str = "page") -> None:
    """Write the settings into the address, where a change of it is due, at the end of a part that runs by itself.

    What a hand drags is told where it comes to rest: each place on the way would be one more that the way back leads
    through. A fragment may have changed what the head of the page shows, as by a key: then the whole page is run again.
    """
    state = st.session_state
    if not state.get("dragged") and not state.landing:
        _write()
    acknowledged(part)
    if state.get("head") != _head():
        st.rerun()


def _write() -> None:
    settings, state = current(), st.session_state
    address = {} if state.stays_empty else settings.address(_base(settings.scenario))
    if address != state.address:
        tell("address", state.address, address)
        st.query_params.from_dict(address)
        state.address = address


def publish_when_landed() -> None:
    """Write the settings into the address of a page that a link has opened, once the browser has come there.

    Until then Streamlit would write them behind the path of the page before, as one more place on the way back.
    """
    if st.session_state.landing:
        _landing()


@st.fragment
def _landing() -> None:
    """A fragment, so that nothing is drawn anew for it."""
    landed(st.session_state.landing, _has_landed)


def _has_landed() -> None:
    st.session_state.landing = ""
    _write()


def head_shown() -> None:
    """Tell that the head of the page shows the settings as they are."""
    st.session_state.head = _head()


def _head() -> tuple[Any, ...]:
    settings = current()
    as_opened = settings.same_subject(_base(settings.scenario)) if settings.scenario and settings.revealed else None
    return settings.scenario, settings.revealed, settings.lang, settings.projector, as_opened, *refused()


def bound(name: str, value: Any, act: Any) -> dict[str, Any]:
    """Arguments for a widget that shows `value` and calls `act` with what the person chose instead."""
    key, state = f"set_{name}", st.session_state
    set_here: set[str] = state.setdefault("widgets", set())
    if key not in state or key not in set_here or state[key] != value:
        if key in state:
            tell(key, state[key], value)
        state[key] = value
        set_here.add(key)

    def heard() -> None:
        said = st.session_state[key]
        if not browser_knows("language") or untouched(key, said):
            return
        if browser_knows(key):
            moved_by_hand(key)
        else:  # what is on its way there will set it back: it is to be set again
            st.session_state.widgets.discard(key)
        act(said)

    return {"key": key, "on_change": while_here(heard)}


def setter(name: str) -> Callable[[Any], None]:
    """The action of a widget that shows a field of the settings as it is; None gives the default back."""

    def act(value: Any) -> None:
        now = current()
        change(replace(now, **{name: getattr(type(now), name) if value is None else value}))

    return act


def translate(settings: PageSettings) -> tuple[str, Any]:
    """The language of the page, chosen or the browser's, and its translation of a text."""
    language = settings.lang or best_language(st.context.locale)
    return language, translation(language)
