"""The Explore page: a function, optimizers descending on it, and the numbers behind every step."""

import json
from collections.abc import Callable

import streamlit as st

from landscape.pages.address import current, publish, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.explore import computed
from landscape.pages.explore.landscape_controls import landscape_controls
from landscape.pages.explore.run_controls import run_controls, run_names
from landscape.pages.explore.scenarios import SCENARIOS, facts
from landscape.pages.explore.scene import Scene, on_stage
from landscape.pages.explore.settings import Settings
from landscape.pages.header import header, press
from landscape.pages.markdown import quoted
from landscape.pages.page import Page
from landscape.pages.stage_actions import on_curve, on_focus, on_numbers, on_remedy, on_start
from landscape.stage import stage
from landscape.stage.message import ShownRun, paths_message

__all__ = ["EXPLORE"]

Translate = Callable[[str], str]


def draw(page: Page) -> None:
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    header(page)
    controls, view = st.columns([1, 3.4], gap="medium")
    with controls, st.container(key="controls", gap="small"):
        landscape_controls(settings, _)
        with view:
            scene = on_stage(settings)
            overview(scene, settings, _)
            message = scene.landscape(theme, language)
            stage.landscape(message, on_key=on_key)
        runs(json.loads(message)["id"], theme)
    if scene.function and _lesson_stands_below(settings):
        st.markdown(_(scene.function.about))
    stage.details()
    publish()


def overview(scene: Scene, wanted: Settings, _: Translate) -> None:
    """The line that says what one sees, and that it is not what was wanted where that is no formula."""
    function = scene.function
    name = f"**{_(function.name) if function else _('Your formula')}**"
    about = _(function.about) if function and not _lesson_stands_below(scene.settings) else ""
    if not function and scene.drawable and scene.has_holes:
        about = _("where the plot is blank it has no finite value.")
    if scene.settings != wanted:  # in the place of the sentence, so that nothing moves while somebody types
        shown = _(function.name) if function else quoted(scene.settings.formula)
        about = f":material/warning: {_('What is shown is {name}.').format(name=shown)}"
    formula = f"$\\;f(x, y) = {scene.objective.latex}$"
    # Large letters leave room for one of the two in a line.
    line = f"{name} {formula}  \n{about}" if scene.settings.projector else f"{name} {about and f'— {about}'} {formula}"
    with st.container(key="overview"):
        st.markdown(line)
        if not scene.drawable:
            st.warning(_("The function has no finite value anywhere in this view, so there is nothing to draw."))


def _lesson_stands_below(settings: Settings) -> bool:
    """Does a question need the room that the function's sentence has above the plots? Large letters do."""
    return bool(settings.projector and settings.scenario)


@st.fragment
def runs(landscape: str, theme: str) -> None:
    """The runs with their controls. A fragment: changing a run draws nothing else anew."""
    scene = on_stage(current())
    settings, descents = scene.settings, scene.descents
    _ = translate(settings)[1]
    message = paths_message(
        [
            ShownRun(
                name,
                each.trajectory,
                computed.diagnosis(each.trajectory),
                each.settings.visible,
                look,
            )
            for name, each, look in zip(run_names(descents, _), descents, settings.looks, strict=True)
        ],
        landscape=landscape,
        start=scene.focused_start,
        focus=settings.focus,
        with_numbers=st.session_state.get("numbers_seen", False),
        arrows=settings.arrows,
        curve=settings.curve,
        logarithmic=settings.logarithmic,
        scenario=settings.scenario,
        veiled=settings.asking,
        notice=notice(scene, _),
        opening=st.session_state.get("resets", 0),
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
    drawn_ahead()
    run_controls(scene, _)
    publish("runs")


def notice(scene: Scene, _: Translate) -> str:
    """What is wrong with what is on the plane, or nothing."""
    if scene.defined_at_start or not scene.drawable:  # where nothing is drawn, none is better
        return ""
    return _("The function has no finite value at this start. Choose another, by a click for example.")


def on_key(key: str) -> None:
    press(EXPLORE, key)


EXPLORE = Page(
    key="",
    name="Explore",
    title="Loss landscape explorer",
    settings=Settings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=lambda settings: facts([descent.trajectory for descent in Scene(settings).descents]),
)
