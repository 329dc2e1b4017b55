"""The widgets of the view: its ends, its heights, its lines and arrows."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from landscape.pages.address import bound, change, current, setter
from landscape.pages.number_field import number_field
from landscape.pages.stage_settings import HEIGHTS, StageSettings
from landscape.stage.heard import while_here

__all__ = ["view_controls"]

Translate = Callable[[str], str]


def view_controls(
    settings: StageSettings, ends: tuple[float, float, float, float], lines: int, axes: tuple[str, str], _: Translate
) -> None:
    """Which part of the landscape is seen, from left to right and bottom to top along these axes, with how many lines,
    and how.
    """

    def move(index: int) -> Callable[[float | None], None]:
        def act(value: float | None) -> None:
            if value is None:
                return
            moved = replace(current(), view=(*ends[:index], value, *ends[index + 1 :]))
            st.session_state.view_refused = not moved.well_formed_view()
            if moved.well_formed_view():
                change(moved)

        return act

    for axis, low, high in zip(axes, (0, 2), (1, 3), strict=True):
        left, right = st.columns(2)
        for column, index, text in ((left, low, _("{axis} from")), (right, high, _("{axis} to"))):
            number_field(
                text.format(axis=axis),
                -1e9,
                1e9,
                key=f"view_{index}",
                value=ends[index],
                act=move(index),
                place=column,
                _=_,
            )
    if st.session_state.pop("view_refused", False):
        st.warning(_("A view runs from a smaller number to a larger one. The old view is kept."))
    names = {"auto": _("Automatic"), "linear": _("Linear"), "logarithmic": _("Logarithmic")}
    st.segmented_control(
        _("Colour and height"),
        HEIGHTS,
        format_func=names.__getitem__,
        required=True,
        **bound("height", settings.height, setter("height")),
    )
    st.slider(_("Contour lines"), 4, 60, **bound("lines", lines, setter("lines")))
    st.toggle(_("Arrows of the gradient (uphill)"), **bound("field", settings.field, setter("field")))
    st.button(
        _("Automatic view"), help=_("Ends, heights and lines that suit the landscape."), on_click=while_here(by_itself)
    )


def by_itself() -> None:
    change(replace(current(), view=None, height="auto", lines=None))
