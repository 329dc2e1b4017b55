"""What a person does on the stage, as changes of the settings: called by the component of the paths."""

from dataclasses import replace

import streamlit as st

from landscape.pages.address import change, current
from landscape.pages.stage_settings import QUANTITIES

__all__ = ["on_curve", "on_focus", "on_numbers", "on_remedy", "on_start"]


def on_start() -> None:
    told = st.session_state.paths.start
    x, y = told["point"]
    change(replace(current(), start=(float(x), float(y))))
    st.session_state.dragged = not told["final"]


def on_curve() -> None:
    chosen = st.session_state.paths.curve
    if chosen["quantity"] in QUANTITIES:
        change(replace(current(), curve=chosen["quantity"], logarithmic=bool(chosen["logarithmic"])))


def on_focus() -> None:
    now = current()
    change(replace(now, focus=max(0, min(int(st.session_state.paths.focus), len(now.runs) - 1))))


def on_numbers() -> None:
    st.session_state.numbers_seen = True  # what a person has scrolled to is no setting of the page


def on_remedy() -> None:
    chosen, now = st.session_state.paths.remedy, current()
    index = int(chosen["run"])
    if 0 <= index < len(now.runs):
        better = replace(now.runs[index], learning_rate=float(chosen["learning_rate"]))
        change(replace(now.with_run(index, better), focus=index))
