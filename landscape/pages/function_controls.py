"""The widgets with which a person chooses a function of two variables, or types one."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from landscape.objectives.formula import FormulaError, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import bound, change, current
from landscape.pages.formula_error import formula_error
from landscape.pages.popover import popover
from landscape.stage.assets import pictured
from landscape.stage.gallery import Picture, gallery
from landscape.stage.live_field import live_field

__all__ = ["formula_field", "function_menu"]

Translate = Callable[[str], str]
FIRST_FORMULA = "x^2/2 + 10y^2"


def function_menu(settings: Any, _: Translate) -> None:
    """The menu of FUNCTIONS, for settings with `function`, `formula` and `with_function`: by name, or by picture."""
    own = _("Your own formula …")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="function_menu"):
        st.selectbox(
            _("Function"),
            ["", *FUNCTIONS],
            format_func=lambda key: _(FUNCTIONS[key].name) if key else own,
            **bound("function", settings.function, choose_function),
        )
        # Its text is for screen readers, for the style sheet hides it; the eye is told under the pointer.
        popover(
            _("Functions in pictures"),
            lambda: pictures(settings.function, own, _),
            icon=":material/grid_view:",
            help=_("Functions in pictures"),
            key="pictures",
            height=560,
            width="content",
        )


def pictures(chosen: str, own: str, _: Translate) -> None:
    """All functions, each with its picture; choosing one closes the popover."""
    theme = st.context.theme.type or "light"

    def choose(key: str) -> None:
        st.session_state.pictures = False
        choose_function(key)

    gallery(
        [Picture("", own, text="f(x, y)")]
        + [Picture(key, _(each.name), pictured(key, theme)) for key, each in FUNCTIONS.items()],
        label=_("Function"),
        chosen=chosen,
        on_choice=choose,
        key="gallery",
    )


def choose_function(key: str) -> None:
    typed = current().formula  # it comes back when the person does
    change(current().with_function(key, formula=typed if key else typed or FIRST_FORMULA))


def formula_field(settings: Any, _: Translate) -> None:
    """The field of a formula, and what is wrong with it."""
    st.text_input(
        "f(x, y) =",
        max_chars=1000,
        placeholder=FIRST_FORMULA,
        help=_("For example x^2/2 + 10y^2, sin(x) cos(y) or exp(-(x^2 + y^2))."),
        **bound("formula", settings.formula, type_formula),
    )
    live_field("set_formula")
    if error := mistake(settings.formula):
        formula_error(error, settings.formula, _)


def type_formula(text: str) -> None:
    # What is no formula yet is no place to go back to.
    change(current().with_function("", formula=text), final=not mistake(text))


def mistake(text: str) -> FormulaError | None:
    """What is wrong with a formula of two variables."""
    try:
        formula(text)
    except FormulaError as error:
        return error
    return None
