"""What the server draws follows the system's theme, as the page itself does, by a Streamlit component."""

import streamlit as st

from landscape.stage.assets import script

__all__ = ["theme"]

_theme = st.components.v2.component("landscape_theme", js=script("theme.js", "theme"), isolate_styles=False)


def theme() -> None:
    """Run the page again when the theme changes. It stands outside all fragments, for every one has its colours."""
    _theme(key="theme", height=1, on_changed_change=_run_again)


def _run_again() -> None:
    """Nothing: the run that the call comes with draws everything in the other colours."""
