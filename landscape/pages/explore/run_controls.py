"""The widgets of the Explore page's runs, of their start, and of what ends them."""

from collections.abc import Callable

import streamlit as st

from landscape.descent.optimizers import OPTIMIZERS
from landscape.figures.numeral import plain
from landscape.pages.address import bound, setter
from landscape.pages.explore.scene import Scene
from landscape.pages.explore.settings import MOST_STEPS, Settings
from landscape.pages.number_field import number_field
from landscape.pages.popover import popover
from landscape.pages.run_controls import numbered, option_name, point_fields, run_editor, run_list, set_run
from landscape.pages.run_settings import RATES, Descent, RunSettings

__all__ = ["run_controls", "run_names"]

Translate = Callable[[str], str]


def run_names(descents: list[Descent], _: Translate) -> list[str]:
    """The runs' names: the optimizer and its learning rate, and what else tells one from the others."""
    return numbered([_name(each, descents, _) for each in descents])


def _name(descent: Descent, among: list[Descent], _: Translate) -> str:
    alike = [other for other in among if _plain(other) == _plain(descent)]
    name = f"{_(OPTIMIZERS[descent.settings.optimizer].name)} {plain(descent.learning_rate, 4)}"
    if len(alike) < 2:
        return name
    run = descent.settings
    common = set.intersection(*(set(other.settings.options) for other in alike))
    parts = [f"{option_name(key, _)} {plain(value, 4)}" for key, value in run.options if (key, value) not in common]
    if len({other.settings.schedule for other in alike}) > 1:
        parts.insert(0, _(RATES[run.schedule].name))
    if len({other.settings.start for other in alike}) > 1 and run.start:
        parts.append(f"({plain(run.start[0], 4)}, {plain(run.start[1], 4)})")
    return ", ".join([name, *parts])


def _plain(descent: Descent) -> tuple[str, float]:
    return descent.settings.optimizer, descent.learning_rate


def run_controls(scene: Scene, _: Translate) -> None:
    """The runs as chips, the editor of the one in focus, the start."""
    settings, descents = scene.settings, scene.descents
    run_list(settings, run_names(descents, _), new_run, _)
    if settings.runs:
        run_editor(descents[settings.focus], _)
    start_controls(scene, _)


def new_run(settings: Settings) -> RunSettings:
    """A run with an optimizer that is not on the page yet."""
    used = {run.optimizer for run in settings.runs}
    return RunSettings(next((key for key in OPTIMIZERS if key not in used), "adam"))


def start_controls(scene: Scene, _: Translate) -> None:
    settings = scene.settings
    x_field, y_field, steps_field = st.columns(3, vertical_alignment="bottom")
    below = st.container(gap="small")
    labels = _("Start x"), _("Start y")
    point_fields((x_field, y_field), labels, "start", scene.start, setter("start"), below, _)
    number_field(
        _("Steps"),
        1,
        MOST_STEPS,
        whole=True,
        key="steps",
        value=settings.steps,
        act=setter("steps"),
        place=steps_field,
        below=below,
        _=_,
    )
    popover(
        _("Stopping, arrows, own start"), lambda: ending(scene, _), icon=":material/flag:", key="ending", height=440
    )


def ending(scene: Scene, _: Translate) -> None:
    """What ends the runs early; the arrows; a start of its own for the run in focus."""
    settings = scene.settings
    stop = scene.stopping(settings.runs[settings.focus] if settings.runs else None)
    st.caption(_("A run ends early"))
    for name, value, low, high, text in (
        ("stop_gradient", stop.gradient, 0.0, 1e9, _("when the gradient is shorter than")),
        ("stop_step", stop.step, 0.0, 1e9, _("when a step is shorter than")),
        ("stop_loss", stop.loss, -1e12, 1e12, _("when the loss is at most")),
        ("divergence", stop.divergence, 1.0, 1e300, _("when the loss or a coordinate is beyond")),
    ):
        number_field(text, low, high, key=name, value=value, act=setter(name), _=_)
    st.toggle(_("−gradient and step at the playhead"), **bound("arrows", settings.arrows, setter("arrows")))
    if settings.runs:
        own_start(scene, _)


def own_start(scene: Scene, _: Translate) -> None:
    """A start of its own for the run in focus."""
    run = scene.settings.runs[scene.settings.focus]
    st.toggle(
        _("This run has a start of its own"),
        **bound("own_start", run.start is not None, lambda own: set_run(start=scene.start if own else None)),
    )
    if run.start is not None:
        x, y = run.start
        columns, below = st.columns(2), st.container(gap="small")
        point_fields(columns, ("x", "y"), "own", (x, y), lambda start: set_run(start=start), below, _)
