"""The widgets with which a person chooses a function of two variables, or types one."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from landscape.objectives.formula import FormulaError, formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import bound, change, current
from landscape.pages.formula_error import formula_error

__all__ = ["formula_field", "function_menu"]

Translate = Callable[[str], str]
FIRST_FORMULA = "x^2/2 + 10y^2"


def function_menu(settings: Any, _: Translate) -> None:
    """The menu of FUNCTIONS, for settings with `function`, `formula` and `with_function`."""
    own = _("Your own formula …")
    st.selectbox(
        _("Function"),
        [*FUNCTIONS, ""],
        format_func=lambda key: _(FUNCTIONS[key].name) if key else own,
        **bound("function", settings.function, choose_function),
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
        help=_("For example x^2/2 + 10y^2, sin(x) cos(y) or exp(-(x^2 + y^2)). Enter applies it."),
        **bound("formula", settings.formula, lambda text: change(current().with_function("", formula=text))),
    )
    try:
        formula(settings.formula)
    except FormulaError as error:
        formula_error(error, settings.formula, _)
