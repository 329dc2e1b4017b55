"""The page of a laboratory about a function: its choice, what stands still, and what moves, which runs alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, Self, TypeVar

import streamlit as st

from landscape.objectives.formula import FormulaError
from landscape.pages.address import current, publish, translate
from landscape.pages.header import header
from landscape.pages.markdown import quoted
from landscape.pages.page import Page

__all__ = ["laboratory", "shown", "shown_instead"]

Translate = Callable[[str], str]


class Subject(Protocol):
    """Settings that name what is looked at, and can name something else."""

    @property
    def named(self) -> tuple[str, str, str]:
        """Which kind of thing it is; its key, or "" for the formula that was typed; that formula."""

    @property
    def subject(self) -> Any:
        """What they name. FormulaError."""

    def naming(self, key: str, formula: str) -> Self:
        """The same about something else."""


Chosen = TypeVar("Chosen", bound=Subject)


def shown(settings: Chosen) -> Chosen:
    """These settings, or about what was shown before, or is at first, while the formula that is being typed is none."""
    kind, *name = settings.named
    last: dict[str, list[str]] = st.session_state.setdefault("last_shown", {})
    try:
        settings.subject  # noqa: B018
    except FormulaError:
        return settings.naming(*last.get(kind, type(settings)().named[1:]))
    last[kind] = name
    return settings


def shown_instead(settings: Subject, _: Translate) -> str:
    """The sentence that says what is shown, where it is not what the settings name."""
    now = shown(settings)
    _kind, key, formula = now.named
    name = _(now.subject.name) if key else quoted(formula)
    return "" if now == settings else _("What is shown is {name}.").format(name=name)


def laboratory(
    choose: Callable[[Any, Translate], None],
    still: Callable[[Page, Any, str, Translate], tuple[Any, ...]],
    moving: Callable[..., None],
    below: Callable[[Any, Translate], None] = lambda settings, _: None,
) -> Callable[[Page], None]:
    """The drawing of a page, from above: `choose` what is looked at; what is `still`, called with the page, the
    settings and the theme; what is `moving`, called with the settings, the theme and what `still` returned; `below`.

    What moves runs alone when something in it is changed, and the browser lays out anew every element that it sends:
    it is to be few.
    """

    @st.fragment
    @wraps(moving)
    def fragment(theme: str, *stood: Any) -> None:
        moving(shown(current()), theme, *stood)
        publish("moving")

    def draw(page: Page) -> None:
        header(page)
        settings, theme = current(), st.context.theme.type or "light"
        _ = translate(settings)[1]
        choose(settings, _)
        fragment(theme, *still(page, shown(settings), theme, _))
        below(settings, _)
        publish()

    return draw
