"""The widgets with which a person chooses a function of two variables, or types one."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import bound, change, current
from landscape.pages.formula_field import formula_field
from landscape.pages.popover import popover
from landscape.stage.assets import pictured
from landscape.stage.gallery import Picture, gallery

__all__ = ["function_menu", "own_formula"]

Translate = Callable[[str], str]
FIRST_FORMULA = "x^2/2 + 10y^2"


def function_menu(settings: Any, _: Translate, **look: Any) -> None:
    """The menu of FUNCTIONS, for settings with `function`, `formula` and `with_function`: by name, or by picture."""
    own = _("Your own formula …")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="function_menu"):
        st.selectbox(
            _("Function"),
            ["", *FUNCTIONS],
            format_func=lambda key: _(FUNCTIONS[key].name) if key else own,
            **bound("function", settings.function, choose_function),
            **look,
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


def own_formula(settings: Any, _: Translate, instead: str = "", **look: Any) -> None:
    """The field of one's own formula of two variables; `instead`: see formula_field."""
    formula_field(
        "f(x, y) =",
        settings.formula,
        understand=formula,
        there=lambda text: current().with_function("", formula=text),
        instead=instead,
        placeholder=FIRST_FORMULA,
        help=_("For example x^2/2 + 10y^2, sin(x) cos(y) or exp(-(x^2 + y^2))."),
        _=_,
        **look,
    )
