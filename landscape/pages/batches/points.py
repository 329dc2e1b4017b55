"""What a person does with the samples on the stage: adding one, moving one, removing one."""

from dataclasses import replace
from typing import Any

import streamlit as st

from landscape.objectives.samples import SAMPLES
from landscape.pages.address import change, current, translate
from landscape.pages.batches.data import Own
from landscape.pages.batches.edits import FARTHEST, MOST_EDITS, Edit, added, moved, removed
from landscape.pages.batches.scene import Scene, on_stage, owned
from landscape.pages.batches.settings import OWN

__all__ = ["on_points"]


def on_points(wish: dict[str, Any]) -> None:
    """Do what a person wishes, or say why not."""
    now, final = current(), bool(wish.get("final", True))  # adding and removing are done at once
    scene, _ = on_stage(now), translate(now)[1]
    if wish["act"] == "remove" and scene.data.count == 1:
        st.toast(_("One sample has to stay."), icon=":material/info:")
        return
    edits = edited(scene, wish)
    if edits is None or scene.settings.data != now.data:  # the data have changed meanwhile, or are still to come
        return
    if len(edits) <= MOST_EDITS:
        change(replace(now, edits=edits), final=final)
        return
    own = owned()
    name = own.name if now.data == OWN and own else _(SAMPLES[now.data].name)
    st.session_state.own_table = Own.kept(scene.unedited.edited(edits), name)
    st.toast(_("So many changes do not fit into the address: these data are now yours, for this visit."))
    change(replace(now, data=OWN, size=None, noise=None, data_seed=None, edits=(), start=scene.start), final=final)


def edited(scene: Scene, wish: dict[str, Any]) -> tuple[Edit, ...] | None:
    """The edits with what a person wishes; None for a sample that is not there."""
    edits, n, data = scene.settings.edits, scene.unedited.count, scene.data
    index = int(wish.get("index") or 0)
    if wish["act"] != "add" and not 0 <= index < data.count:
        return None
    if wish["act"] == "remove":
        return removed(edits, n, index)
    axes = ("x", "y", "target") if data.two_features else ("x", "y")
    sample = tuple(max(-FARTHEST, min(float(f"{float(wish[axis]):.6g}"), FARTHEST)) for axis in axes)
    if data.classes:
        sample = *sample[:-1], float(sample[-1] >= 0.5)
    return added(edits, sample) if wish["act"] == "add" else moved(edits, n, index, sample)
