"""The Explore page: a function, optimizers descending on it, and the numbers behind every step."""

import json
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from landscape.locale import LANGUAGES
from landscape.locale.sentence import filled
from landscape.pages import computed
from landscape.pages.address import bound, change, current, publish, refused, setter, translate
from landscape.pages.landscape_controls import landscape_controls
from landscape.pages.markdown import literal
from landscape.pages.run_controls import run_controls, run_name
from landscape.pages.scenarios import SCENARIOS, facts
from landscape.pages.scene import Scene, on_stage
from landscape.pages.settings import QUANTITIES, Settings
from landscape.pages.style import style
from landscape.stage import stage
from landscape.stage.message import ShownRun, paths_message

__all__ = ["page"]

Translate = Callable[[str], str]


def page() -> None:
    """Draw the page."""
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    style(settings, theme)
    header(settings, language, _)
    controls, view = st.columns([1, 3.4], gap="medium")
    with controls, st.container(key="controls", gap="small"):
        landscape_controls(settings, _)
        with view:
            scene = on_stage(settings)
            overview(scene, _)
            message = scene.landscape(theme, language)
            stage.landscape(message, on_key=on_key)
        runs(json.loads(message)["id"], theme)
    stage.details()
    publish()


def header(settings: Settings, language: str, _: Translate) -> None:
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"## {_('Loss landscape explorer')}", width="content")
        st.selectbox(
            _("Example"),
            ["", *SCENARIOS],
            format_func=lambda key: _(SCENARIOS[key].title) if key else _("Examples, each with a question"),
            label_visibility="collapsed",
            width=260,
            **bound("scenario", settings.scenario if settings.scenario in SCENARIOS else "", open_scenario),
        )
        st.selectbox(
            "Language · 语言 · 語言",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            label_visibility="collapsed",
            width=130,
            **bound("lang", language, setter("lang")),
        )
        st.toggle(
            _("Projector"),
            help=_("Larger text and thicker lines, for a room. Key: P"),
            **bound("projector", settings.projector, setter("projector")),
        )
        st.button(
            _("Reset"),
            icon=":material/restart_alt:",
            type="tertiary",
            help=_("Everything as at first. Key: 0"),
            on_click=reset,
        )
    # One container, empty or not: what comes and goes must not move the stage to another place in the page's tree,
    # where it would be made anew.
    with st.container(key="notices", gap="small"):
        if refused():
            text = _("Not understood in the address, and left at the default: {names}.")
            st.info(text.format(names=", ".join(map(literal, refused()))))
        if settings.scenario in SCENARIOS:
            question(settings, _)


def question(settings: Settings, _: Translate) -> None:
    """Predict, play, reveal."""
    scenario = SCENARIOS[settings.scenario]
    with st.container(key="question", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{_(scenario.question)}**", width="content")
        st.pills(
            _("Your prediction"),
            range(len(scenario.choices)),
            format_func=lambda i: _(scenario.choices[i]),
            label_visibility="collapsed",
            key=f"prediction_{scenario.key}",
            width="content",
        )
        if not settings.revealed:
            st.button(_("Show the answer"), on_click=setter("revealed"), args=(True,))
    if settings.revealed:
        # The answer is about the scenario's own runs, whatever was changed since.
        descents = Scene(scenario.settings).descents
        answer = filled(_(scenario.answer), **facts([descent.trajectory for descent in descents]))
        st.success(answer, icon=":material/lightbulb:")


def overview(scene: Scene, _: Translate) -> None:
    """The line that says what one sees."""
    function = scene.function
    name = f"**{_(function.name)}** — {_(function.about)}" if function else f"**{_('Your formula')}**"
    with st.container(key="overview"):
        st.markdown(f"{name} $\\;f(x, y) = {scene.objective.latex}$")
        if not scene.drawable:
            st.warning(_("The function has no finite value anywhere in this view, so there is nothing to draw."))


@st.fragment
def runs(landscape: str, theme: str) -> None:
    """The runs with their controls. A fragment: changing a run draws nothing else anew."""
    scene = on_stage(current())
    settings, descents = scene.settings, scene.descents
    _ = translate(settings)[1]
    run_controls(scene, _)
    message = paths_message(
        scene.objective,
        scene.height,
        [
            ShownRun(
                run_name(each, descents, _), each.trajectory, computed.diagnosis(each.trajectory), each.settings.visible
            )
            for each in descents
        ],
        landscape=landscape,
        start=scene.start,
        focus=settings.focus,
        with_numbers=st.session_state.get("numbers_seen", False),
        arrows=settings.arrows,
        curve=settings.curve,
        logarithmic=settings.logarithmic,
        scenario=settings.scenario,
        veiled=settings.scenario in SCENARIOS and not settings.revealed,
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
    publish()


def open_scenario(key: str) -> None:
    change(SCENARIOS[key].opened(current()) if key else replace(current(), scenario="", revealed=False))


def reset() -> None:
    now = current()
    change(Settings(lang=now.lang, projector=now.projector))


def on_start() -> None:
    x, y = st.session_state.paths.start
    change(replace(current(), start=(float(f"{x:.6g}"), float(f"{y:.6g}"))))


def on_curve() -> None:
    chosen = st.session_state.paths.curve
    if chosen["quantity"] in QUANTITIES:
        change(replace(current(), curve=chosen["quantity"], logarithmic=bool(chosen["logarithmic"])))


def on_focus() -> None:
    now = current()
    change(replace(now, focus=max(0, min(int(st.session_state.paths.focus), len(now.runs) - 1))))


def on_remedy() -> None:
    chosen, now = st.session_state.paths.remedy, current()
    index = int(chosen["run"])
    if 0 <= index < len(now.runs):
        better = replace(now.runs[index], learning_rate=float(chosen["learning_rate"]))
        change(replace(now.with_run(index, better), focus=index))


def on_numbers() -> None:
    st.session_state.numbers_seen = True  # what a person has scrolled to is no setting of the page


def on_key() -> None:
    key = st.session_state.stage.key
    if key == "p":
        change(replace(current(), projector=not current().projector))
    elif key == "0":
        reset()
    elif key.isdigit() and int(key) <= len(SCENARIOS):
        open_scenario(list(SCENARIOS)[int(key) - 1])
