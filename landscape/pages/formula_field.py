"""The field of a formula that a person types: applied while they type, with what is wrong with it and where."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.locale.sentence import filled
from landscape.objectives.notation import FormulaError
from landscape.pages.address import bound, change, current
from landscape.pages.markdown import literal
from landscape.stage.live_field import drafting, live_field

__all__ = ["formula_field"]

KEY = "set_formula"
POINTED = 60  # letters of a text in which a place is shown
Translate = Callable[[str], str]


def formula_field(
    label: str,
    text: str,
    *,
    understand: Callable[[str], Any],
    there: Callable[[str], Any],
    instead: str = "",
    below: Any = None,
    _: Translate,
    **look: Any,
) -> None:
    """Show the page's `formula`. A text that `understand` takes gives the settings that `there` makes of it.

    One that is none, FormulaError, changes nothing else; the sentence that says why stands `below`, by default under
    the field, with the one that says what is shown `instead`. A text may be of any length, so that whoever pastes too
    much is told.
    """

    def mistake(typed: str) -> FormulaError | None:
        try:
            understand(typed)
        except FormulaError as error:
            return error
        return None

    def apply(typed: str) -> None:
        # What is no formula yet, and what is still typed at, is no place to go back to.
        if mistake(typed):
            change(replace(current(), formula=typed), final=False)
        else:
            change(there(typed), final=not drafting(KEY))

    st.text_input(label, **look, **bound("formula", text, apply))
    live_field(KEY, on_rest=lambda: change(current()))
    below = below or st.container()  # empty or not, so that what follows keeps its place
    if error := mistake(text):
        with below.container(key="formula_error"):
            explain(error, text, instead, _)


def explain(error: FormulaError, text: str, instead: str, _: Translate) -> None:
    """What is wrong, and under the text the place where."""
    values = {name: literal(value) if isinstance(value, str) else value for name, value in error.values.items()}
    sentence = filled(_(error.template), **values)
    st.error(_("{finding} {advice}").format(finding=sentence, advice=instead) if instead else sentence)
    if error.position is not None:
        st.code(pointed(text, error.position), language=None)


def pointed(text: str, position: int) -> str:
    """The text, of a long one what stands around the place, and the place under it."""
    start = max(0, min(position - POINTED // 2, len(text) - POINTED))
    before, after = ("…" if start else ""), ("…" if start + POINTED < len(text) else "")
    return f"{before}{text[start : start + POINTED]}{after}\n{' ' * (len(before) + position - start)}^"
