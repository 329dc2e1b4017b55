"""A slider over a ladder of numbers; one that is not on it stands between its rungs."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from landscape.figures.numeral import plain
from landscape.pages.address import bound

__all__ = ["ladder"]


def ladder(
    label: str,
    rungs: Iterable[float],
    value: float,
    *,
    key: str,
    act: Callable[[Any], None],
    name: Callable[[Any], str] = plain,
    place: Any = st,
    **look: Any,
) -> None:
    """Show `value` among the rungs; `act` gets the one that a person chooses instead. `name` writes a number.

    No two numbers may be written alike, for the browser tells what is written. What it tells of another ladder, which
    it showed before, is taken for the default: nothing was chosen.
    """
    told_apart = (rung for rung in rungs if name(rung) != name(value))
    place.select_slider(label, sorted({*told_apart, value}), value, format_func=name, **bound(key, value, act), **look)
