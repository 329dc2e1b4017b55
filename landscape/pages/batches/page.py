"""The Batches page: batch, mini-batch and stochastic descent on the same data, side by side."""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from landscape.analysis.efficiency import AXES
from landscape.locale.sentence import filled
from landscape.objectives.samples import SAMPLES
from landscape.pages.address import current, publish, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.batches.data_controls import data_controls
from landscape.pages.batches.points import on_points
from landscape.pages.batches.results import axis_names, results
from landscape.pages.batches.run_controls import run_controls, run_names
from landscape.pages.batches.scenarios import SCENARIOS, facts, minimum_asked
from landscape.pages.batches.scene import Scene, on_stage, owned
from landscape.pages.batches.settings import Settings
from landscape.pages.header import header, press
from landscape.pages.markdown import literal
from landscape.pages.page import Page
from landscape.pages.stage_actions import on_curve, on_focus, on_numbers, on_remedy, on_start
from landscape.stage import stage
from landscape.stage.batch_message import MOST_GLIMPSED, glimpse_message
from landscape.stage.message import ShownRun, ShownSeeds, paths_message

__all__ = ["BATCHES"]

Translate = Callable[[str], str]
SWITCHES = ("batch_lines", "gradients", "features")
"""What is shown or hidden on the stage itself."""


def draw(page: Page) -> None:
    header(page)
    body()
    stage.details()
    publish()


@st.fragment
def body() -> None:
    """The page below its top. A fragment: a sample that is dragged, a run that is changed draw nothing else anew."""
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    st.session_state.drawn = standing()
    scene = on_stage(settings)
    names = run_names(scene, _)
    controls, view = st.columns([1, 3.4], gap="medium")
    with view:
        if not settings.projector:  # in a room the height is for the plots
            overview(scene, _)
        message = scene.landscape(theme, language, starred=not minimum_asked(settings))
        stage.batches(message, scene.samples(language), on_key=on_key, on_points=on_points)
        paths(scene, names, json.loads(message)["id"], theme, _)
        drawn_ahead()
        with st.container(key="results", gap="small"):
            told(scene, names, _)
    with controls, st.container(key="controls", gap="xsmall"):
        data_controls(scene, _)
        run_controls(scene, names, _)
    publish("body")


def standing() -> tuple[Any, ...]:
    """What the page shows, and whether a hand still drags a part of it, which the address waits for."""
    return current(), owned(), st.session_state.get("dragged", False)


def overview(scene: Scene, _: Translate) -> None:
    """The line that says what one sees."""
    settings, own = scene.settings, owned()
    data_set = SAMPLES.get(settings.data)
    if data_set:
        name, about = _(data_set.name), _(data_set.about)
    else:
        name, about = literal(own.name) if own and own.name else _("Your own data"), ""
    if settings.edits:
        about = filled(_("Samples changed by hand: {count}."), count=len(settings.edits))
    with st.container(key="overview"):
        st.markdown(f"**{name}** — {about}" if about else f"**{name}**")


def paths(scene: Scene, names: list[str], landscape: str, theme: str, _: Translate) -> None:
    """The runs on the stage."""
    settings = scene.settings
    seen = st.session_state.get("numbers_seen", False)
    message = paths_message(
        [shown(scene, i, name) for i, name in enumerate(names)],
        landscape=landscape,
        start=scene.start,
        focus=settings.focus,
        with_numbers=seen and bool(names),
        arrows=settings.arrows,
        curve=settings.curve,
        logarithmic=settings.logarithmic,
        scenario=settings.scenario,
        veiled=settings.asking,
        axes=axes(_),
        axis=settings.axis,
        switches={name: getattr(settings, name) for name in SWITCHES},
        opening=st.session_state.get("resets", 0),
        theme=theme,
        _=_,
    )
    stage.paths(
        json.dumps(message, separators=(",", ":")),
        start=on_start,
        curve=on_curve_or_axis,
        focus=on_focus,
        remedy=on_remedy,
        numbers=on_numbers,
        switch=on_switch,
    )
    glimpse(landscape, message["serial"])


def told(scene: Scene, names: list[str], _: Translate) -> None:
    """What the race came to; not before the answer to the question, which it would be."""
    settings = scene.settings
    if settings.asking:
        st.caption(_("Who is first, and what each run costs, is told with the answer."))
    else:
        results(scene, names, _)


@st.fragment
def glimpse(landscape: str, serial: str) -> None:
    """What the updates at the playhead see. A fragment: the playhead moves often."""
    settings = current()
    if standing() != st.session_state.drawn:
        # The browser sends what is done within a moment as one, and names only the first fragment that it concerns.
        st.rerun()
    asked, message = st.session_state.get("glimpsed"), None
    if asked and asked["paths"] == serial:
        scene = on_stage(settings)
        record = scene.records[asked["run"]]
        message = glimpse_message(
            record.trajectory,
            asked=asked,
            landscape=landscape,
            kept=record.frames.kept,
            height=scene.height,
            view=scene.view,
            _=translate(settings)[1],
        )
    stage.glimpse(json.dumps(message, separators=(",", ":")), on_glimpse=on_glimpse)


def shown(scene: Scene, i: int, name: str) -> ShownRun:
    """A run as the stage shows it."""
    record, frames = scene.records[i], scene.records[i].frames
    repeated = scene.repeated[i] if scene.settings.seeds else None
    return ShownRun(
        name,
        frames,
        record.diagnosis,
        scene.settings.runs[i].visible,
        scene.settings.looks[i],
        positions=frames.positions(scene.seconds[i]),
        batch_loss=frames.batch_loss,
        seeds=ShownSeeds(*frames.quartiles(repeated), repeated.ends) if repeated else None,
    )


def axes(_: Translate) -> list[dict[str, Any]]:
    """The horizontal axes of the curves, for the stage."""
    names = axis_names(_)
    titles = {**names, "seconds": _("computing time (ms)")}
    counts = {
        "updates": _("update {k} of {n}"),
        "epochs": _("epoch {k} of {n}"),
        "samples": _("sample {k} of {n}"),
        "seconds": _("{k} of {n} ms"),
    }
    whole = ("updates", "samples")
    return [
        {"key": key, "name": names[key], "title": titles[key], "of": counts[key], "whole": key in whole} for key in AXES
    ]


def on_curve_or_axis(chosen: dict[str, Any]) -> None:
    if chosen.get("axis") in AXES:
        setter("axis")(chosen["axis"])
    on_curve(chosen)


def on_switch(wanted: dict[str, Any]) -> None:
    for name in set(SWITCHES) & set(wanted):
        setter(name)(bool(wanted[name]))


def on_glimpse(asked: dict[str, Any]) -> None:
    frames = [max(0, int(frame)) for frame in asked["frames"][:MOST_GLIMPSED]]
    run = max(0, min(int(asked["run"]), len(current().runs) - 1))
    st.session_state.glimpsed = {**asked, "frames": frames, "run": run}


def on_key(key: str) -> None:
    press(BATCHES, key)


BATCHES = Page(
    key="batches",
    name="Batches",
    title="Batches: whole, mini and one by one",
    settings=Settings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
)
