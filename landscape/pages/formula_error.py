"""What a page says about a text that is no formula: what is wrong with it, and where."""

from collections.abc import Callable

import streamlit as st

from landscape.locale.sentence import filled
from landscape.objectives.notation import FormulaError
from landscape.pages.markdown import literal

__all__ = ["formula_error"]


def formula_error(error: FormulaError, text: str, _: Callable[[str], str]) -> None:
    """Show an error of a formula under the field it was typed into."""
    values = {name: literal(value) if isinstance(value, str) else value for name, value in error.values.items()}
    st.error(filled(_(error.template), **values))
    if error.position is not None:
        st.code(f"{text}\n{' ' * error.position}^", language=None)
