"""The Batches page: batch, mini-batch and stochastic descent on the same data, side by side."""

import json
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from landscape.objectives.samples import SAMPLES
from landscape.pages.address import current, publish, refused, translate
from landscape.pages.batches import computed
from landscape.pages.batches.data_controls import data_controls
from landscape.pages.batches.results import results
from landscape.pages.batches.run_controls import run_controls, run_names
from landscape.pages.batches.scenarios import SCENARIOS, facts
from landscape.pages.batches.scene import Scene, on_stage, owned
from landscape.pages.batches.settings import Settings
from landscape.pages.header import header, press
from landscape.pages.markdown import literal
from landscape.pages.page import Page
from landscape.pages.stage_actions import on_curve, on_focus, on_remedy, on_start
from landscape.stage import stage
from landscape.stage.message import ShownRun, paths_message

__all__ = ["BATCHES"]

Translate = Callable[[str], str]


def draw(page: Page) -> None:
    header(page)
    body(above())
    stage.details()
    publish()


def above() -> tuple[object, ...]:
    """What the top of the page is made from."""
    settings = current()
    return settings.scenario, settings.revealed, settings.lang, settings.projector, tuple(refused())


@st.fragment
def body(drawn: tuple[object, ...]) -> None:
    """The page below its top. A fragment: a sample that is dragged draws nothing else anew."""
    if above() != drawn:
        st.rerun()
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    controls, view = st.columns([1, 3.4], gap="medium")
    with controls, st.container(key="controls", gap="xsmall"):
        scene = on_stage(settings)
        with view:
            overview(scene, _)
            message = scene.landscape(theme, language)
            stage.landscape(message, on_key=on_key)
            told = st.empty()
        data_controls(scene, _)
        runs(json.loads(message)["id"], theme, told)
    publish()


def overview(scene: Scene, _: Translate) -> None:
    """The line that says what one sees."""
    with st.container(key="overview"):
        data_set, own = SAMPLES.get(scene.settings.data), owned()
        if data_set:
            text = f"**{_(data_set.name)}** — {_(data_set.about)}"
        else:
            text = f"**{literal(own.name) if own and own.name else _('Your own data')}**"
        st.markdown(text)


@st.fragment
def runs(landscape: str, theme: str, told: DeltaGenerator) -> None:
    """The runs with their controls. A fragment: changing a run draws nothing else anew.

    What is told of the runs stands elsewhere on the page, so that its place has to be given.
    """
    scene = on_stage(current())
    settings = scene.settings
    _ = translate(settings)[1]
    names = run_names(scene, _)
    run_controls(scene, names, _)
    veiled = settings.scenario in SCENARIOS and not settings.revealed
    message = paths_message(
        scene.objective,
        scene.height,
        [
            ShownRun(
                name,
                computed.frames(each.trajectory),
                computed.diagnosis(each.trajectory),
                each.settings.visible,
            )
            for name, each in zip(names, scene.descents, strict=True)
        ],
        landscape=landscape,
        start=scene.start,
        focus=settings.focus,
        with_numbers=st.session_state.get("numbers_seen", False),
        arrows=settings.arrows,
        curve=settings.curve,
        logarithmic=settings.logarithmic,
        scenario=settings.scenario,
        veiled=veiled,
        theme=theme,
        _=_,
    )
    stage.paths(
        json.dumps(message, separators=(",", ":")),
        start=on_start,
        curve=on_curve,
        focus=on_focus,
        remedy=on_remedy,
        numbers=on_numbers,
    )
    with told.container():
        if veiled:
            st.caption(_("Who is first, and what each run costs, is told with the answer."))
        else:
            results(scene, names, _)
    publish()


def on_numbers() -> None:
    st.session_state.numbers_seen = True  # what a person has scrolled to is no setting of the page


def on_key() -> None:
    press(BATCHES, st.session_state.stage.key)


BATCHES = Page(
    key="batches",
    name="Batches",
    title="Batches: whole, mini and one by one",
    settings=Settings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
)
