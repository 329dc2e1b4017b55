"""What a person does on the stage, as changes of the settings: called by the component of the paths."""

from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.pages.address import change, current
from landscape.pages.stage_settings import QUANTITIES

__all__ = ["on_curve", "on_focus", "on_numbers", "on_remedy", "on_start"]


def on_start(told: dict[str, Any]) -> None:
    x, y = told["point"]
    change(current().with_start((float(x), float(y))), final=told["final"])


def on_curve(chosen: dict[str, Any]) -> None:
    if chosen["quantity"] in QUANTITIES:
        change(replace(current(), curve=chosen["quantity"], logarithmic=bool(chosen["logarithmic"])))


def on_focus(run: Any) -> None:
    now = current()
    change(replace(now, focus=max(0, min(int(run), len(now.runs) - 1))))


def on_numbers(_seen: Any) -> None:
    st.session_state.numbers_seen = True  # what a person has scrolled to is no setting of the page


def on_remedy(chosen: dict[str, Any]) -> None:
    now, index = current(), int(chosen["run"])
    if 0 <= index < len(now.runs):
        better = replace(now.runs[index], learning_rate=float(chosen["learning_rate"]))
        change(replace(now.with_run(index, better), focus=index))
