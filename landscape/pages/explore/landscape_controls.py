"""The widgets of the landscape: which function, which view, which colours."""

from collections.abc import Callable

import streamlit as st

from landscape.pages.explore.scene import on_stage
from landscape.pages.explore.settings import Settings
from landscape.pages.function_controls import function_menu, own_formula
from landscape.pages.popover import popover
from landscape.pages.view_controls import view_controls

__all__ = ["landscape_controls"]

Translate = Callable[[str], str]


def landscape_controls(settings: Settings, _: Translate) -> None:
    """The function's widgets, and those of the view folded away."""
    function_menu(settings, _)
    with st.container(key="own_formula", gap="small"):  # empty or not, so that what follows keeps its place
        if not settings.function:
            own_formula(settings, _)
    scene = on_stage(settings)
    popover(
        _("View"),
        lambda: view_controls(settings, scene.view, scene.lines, ("x", "y"), _),
        icon=":material/visibility:",
        key="view",
        height=420,
    )
