"""Small pictures to choose one of several things by, as a Streamlit component."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from landscape.stage.assets import script
from landscape.stage.heard import hears

__all__ = ["Picture", "gallery"]


class Picture(NamedTuple):
    """What can be chosen: its name stands under its picture, at an address, or under a text in its place."""

    key: str
    name: str
    address: str = ""
    text: str = ""


_gallery = st.components.v2.component(
    "landscape_gallery",
    html='<div class="gallery" role="listbox"></div>',
    css=(Path(__file__).parent / "gallery.css").read_text(encoding="utf-8"),
    js=script("gallery.js", "gallery"),
    isolate_styles=False,
)


def gallery(
    pictures: Sequence[Picture], *, label: str, chosen: str, on_choice: Callable[[str], None], key: str
) -> None:
    """Show pictures, of which one is chosen; `on_choice` is called with the key of the one that a person picks."""
    known = {each.key for each in pictures}

    def choose(picked: Any) -> None:
        if picked in known:
            on_choice(picked)

    data = {"label": label, "chosen": chosen, "pictures": [each._asdict() for each in pictures]}
    _gallery(key=key, data=data, on_choice_change=hears(key, "choice", choose))
