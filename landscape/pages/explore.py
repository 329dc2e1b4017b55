"""The Explore page: a function, optimizers descending on it, and the numbers behind every step."""

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from landscape.descent.optimizers import OPTIMIZERS, typeset
from landscape.figures.palette import RUNS
from landscape.locale import LANGUAGES
from landscape.objectives.formula import Formula, FormulaError
from landscape.objectives.functions import FUNCTIONS
from landscape.pages import computed
from landscape.pages.address import bound, change, current, publish, refused, translate
from landscape.pages.scenarios import SCENARIOS, facts
from landscape.pages.settings import HEIGHTS, MOST_RUNS, MOST_STEPS, QUANTITIES, RATES, RunSettings, Settings
from landscape.pages.style import style
from landscape.stage import stage
from landscape.stage.message import ShownRun, paths_message

__all__ = ["page"]

Translate = Callable[[str], str]
GLYPHS = {"circle": "●", "square": "■", "cross": "✚", "diamond": "◆", "triangle-up": "▲", "triangle-down": "▼"}
LADDER = tuple(float(f"{digit}e{power}") for power in range(-5, 2) for digit in (1, 2, 5))[:-2]


def page() -> None:
    """Draw the page."""
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    style(settings, theme)
    header(settings, _)
    for name in refused():
        st.info(
            _("The address has a value for “{name}” that is not understood; the default is used.").format(name=name)
        )
    controls, view = st.columns([1, 3.4], gap="medium")
    with controls, st.container(key="controls", gap="small"):
        shown = landscape_controls(settings, _)
        with view:
            if shown is None:
                # The person's text stays in its field; the landscape of before stays on the stage.
                shown = computed.objective(settings.function or "himmelblau", "")
                settings = replace(settings, function=settings.function or "himmelblau")
            message = landscape(settings, shown, theme, language)
            overview(shown, settings, _)
            stage.landscape(message, on_key=on_key)
        runs(json.loads(message)["id"], theme)
    publish()


def header(settings: Settings, _: Translate) -> None:
    with st.container(key="header", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"## {_('Loss landscape explorer')}", width="content")
        st.selectbox(
            _("Example"),
            ["", *SCENARIOS],
            format_func=lambda key: _(SCENARIOS[key].title) if key else _("Examples: a question each"),
            label_visibility="collapsed",
            width=260,
            **bound("scenario", settings.scenario, open_scenario),
        )
        st.selectbox(
            "Language · 语言 · 語言",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            label_visibility="collapsed",
            width=130,
            **bound("lang", translate(settings)[0], lambda value: change(replace(current(), lang=value))),
        )
        st.toggle(
            _("Projector"),
            help=_("Larger text and thicker lines, for a room. Key: P"),
            **bound("projector", settings.projector, lambda value: change(replace(current(), projector=value))),
        )
        st.button(
            _("Reset"),
            icon=":material/restart_alt:",
            type="tertiary",
            help=_("Everything as at first. Key: 0"),
            on_click=reset,
        )
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
            st.button(_("Show the answer"), on_click=lambda: change(replace(current(), revealed=True)))
    if settings.revealed:
        trajectories = [trajectory for trajectory, _start in descents(settings)]
        st.success(_(scenario.answer).format(**facts(trajectories)), icon=":material/lightbulb:")


def overview(shown: Formula, settings: Settings, _: Translate) -> None:
    name = f"**{_(shown.name)}** — {_(shown.about)}" if settings.function else f"**{_('Your formula')}**"
    with st.container(key="overview", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{name} $\\;f(x, y) = {shown.latex}$")


def landscape_controls(settings: Settings, _: Translate) -> Formula | None:
    """The function and how it is seen; None while the typed formula is not one."""
    own = _("Your own formula …")
    st.selectbox(
        _("Function"),
        [*FUNCTIONS, ""],
        format_func=lambda key: _(FUNCTIONS[key].name) if key else own,
        **bound("function", settings.function, choose_function),
    )
    shown: Formula | None
    if settings.function:
        shown = FUNCTIONS[settings.function]
    else:
        st.text_input(
            "f(x, y) =",
            placeholder="x^2/2 + 10y^2",
            **bound("formula", settings.formula, lambda text: change(current().with_function("", formula=text))),
        )
        try:
            shown = computed.objective("", settings.formula)
        except FormulaError as error:
            shown = None
            place = f"\n\n    {settings.formula}\n    {' ' * error.position}^" if error.position is not None else ""
            st.error(_(error.template).format(**error.values) + place)
    with st.popover(_("View"), icon=":material/visibility:", width="stretch"):
        view_controls(settings, shown, _)
    return shown


def view_controls(settings: Settings, shown: Formula | None, _: Translate) -> None:
    def change_view(index: int) -> Callable[[float], None]:
        def act(value: float) -> None:
            ends = list(view(current(), shown))
            ends[index] = value
            changed = replace(current(), view=tuple(ends))
            if changed.well_formed_view():
                change(changed)
            else:
                st.session_state.view_refused = True

        return act

    ends = view(settings, shown)
    for label, low, high in (("x", 0, 1), ("y", 2, 3)):
        left, right = st.columns(2)
        for column, index, text in ((left, low, _("{axis} from")), (right, high, _("{axis} to"))):
            column.number_input(
                text.format(axis=label), format="%.6g", **bound(f"view_{index}", float(ends[index]), change_view(index))
            )
    if st.session_state.pop("view_refused", False):
        st.warning(
            _(
                "A view needs its left end below its right end, and its lower end below its upper one. The old one is kept."
            )
        )
    st.button(_("Automatic view"), on_click=lambda: change(replace(current(), view=None)))
    names = {"auto": _("Automatic"), "linear": _("Linear"), "logarithmic": _("Logarithmic")}
    st.segmented_control(
        _("Colour and height"),
        HEIGHTS,
        format_func=names.__getitem__,
        required=True,
        **bound("height", settings.height, lambda value: change(replace(current(), height=value))),
    )
    st.slider(
        _("Contour lines"),
        4,
        60,
        **bound("lines", settings.lines, lambda value: change(replace(current(), lines=value))),
    )
    st.toggle(
        _("Arrows of the gradient"),
        **bound("field", settings.field, lambda value: change(replace(current(), field=value))),
    )


def view(settings: Settings, shown: Formula | None) -> tuple[float, ...]:
    """The ends of the view: left, right, bottom, top."""
    if settings.view:
        return settings.view
    (left, right), (bottom, top) = (shown and shown.domain) or computed.VIEW
    # As high as it is wide: the stage is square, and an angle looks right only where both axes have one scale.
    half = max(right - left, top - bottom) / 2
    x, y = (left + right) / 2, (bottom + top) / 2
    return x - half, x + half, y - half, y + half


def landscape(settings: Settings, shown: Formula, theme: str, language: str) -> str:
    return computed.landscape(
        *identity(settings),
        framed(settings, shown),
        settings.height,
        settings.lines,
        settings.field,
        theme,
        settings.projector,
        language,
    )


def identity(settings: Settings) -> tuple[str, str]:
    """What names the objective for the caches."""
    return settings.function, "" if settings.function else settings.formula


def framed(settings: Settings, shown: Formula) -> computed.View:
    left, right, bottom, top = view(settings, shown)
    return (left, right), (bottom, top)


def start_of(settings: Settings, shown: Formula) -> tuple[float, float]:
    """Where the runs begin: chosen, or the function's own, or a place in the view."""
    x, y = settings.start or getattr(shown, "start", None) or computed.START
    return float(x), float(y)


def descents(settings: Settings) -> list[tuple[Any, float]]:
    """The recorded runs and the learning rate that each began with."""
    shown = computed.objective(*identity(settings))
    found = []
    for run in settings.runs:
        start = (float(run.start[0]), float(run.start[1])) if run.start else start_of(settings, shown)
        rate = (
            run.learning_rate
            if run.learning_rate is not None
            else computed.learning_rate(*identity(settings), run, start)
        )
        plain = replace(run, learning_rate=None, visible=True, start=None)
        found.append((computed.run(*identity(settings), plain, rate, start, settings.steps, settings.stopping()), rate))
    return found


@st.fragment
def runs(landscape: str, theme: str) -> None:
    """The runs with their controls. A fragment: changing a run draws nothing else anew."""
    settings = current()
    language, _ = translate(settings)
    if not settings.function and not is_formula(settings.formula):
        settings = replace(settings, function="himmelblau")
    shown = computed.objective(*identity(settings))
    found = descents(settings)
    run_controls(settings, [rate for _run, rate in found], _)
    start_controls(settings, shown, _)
    message = paths_message(
        shown,
        computed.heights(*identity(settings), framed(settings, shown), settings.height),
        [
            ShownRun(run_name(run, rate, _), trajectory, computed.diagnosis(trajectory), run.visible)
            for run, (trajectory, rate) in zip(settings.runs, found, strict=True)
        ],
        landscape=landscape,
        start=start_of(settings, shown),
        focus=settings.focus,
        arrows=settings.arrows,
        curve=settings.curve,
        logarithmic=settings.logarithmic,
        scenario=settings.scenario,
        theme=theme,
        _=_,
    )
    stage.paths(
        json.dumps(message, separators=(",", ":")), start=on_start, curve=on_curve, focus=on_focus, remedy=on_remedy
    )
    publish()


def is_formula(text: str) -> bool:
    try:
        computed.objective("", text)
    except FormulaError:
        return False
    return True


def run_name(run: RunSettings, rate: float, _: Translate) -> str:
    return f"{_(OPTIMIZERS[run.optimizer].name)} {rate:.4g}"


def run_controls(settings: Settings, rates: list[float], _: Translate) -> None:
    def label(i: int) -> str:
        hidden = "" if settings.runs[i].visible else " ∅"
        return f"{GLYPHS[RUNS[i].symbol]} {run_name(settings.runs[i], rates[i], _)}{hidden}"

    st.pills(
        _("Runs"),
        range(len(settings.runs)),
        format_func=label,
        **bound(
            "focus",
            settings.focus if settings.runs else None,
            lambda i: change(replace(current(), focus=settings.focus if i is None else i)),
        ),
    )
    full, none = len(settings.runs) >= MOST_RUNS, not settings.runs
    with st.container(horizontal=True, gap="small", key="run_actions"):
        st.button("", icon=":material/add:", help=_("Add a run"), on_click=add_run, key="add", disabled=full)
        st.button(
            "",
            icon=":material/content_copy:",
            help=_("Duplicate this run"),
            on_click=duplicate_run,
            key="duplicate",
            disabled=full or none,
        )
        visible = none or settings.runs[settings.focus].visible
        st.button(
            "",
            icon=":material/visibility:" if visible else ":material/visibility_off:",
            help=_("Hide or show this run"),
            on_click=hide_run,
            key="hide",
            disabled=none,
        )
        st.button(
            "", icon=":material/delete:", help=_("Remove this run"), on_click=remove_run, key="remove", disabled=none
        )
    if none:
        st.info(_("No run is left. Add one with +."))
        return
    run_editor(settings, settings.runs[settings.focus], rates[settings.focus], _)


def run_editor(settings: Settings, run: RunSettings, rate: float, _: Translate) -> None:
    def set_run(**changes: Any) -> None:
        now = current()
        change(now.with_run(now.focus, replace(now.runs[now.focus], **changes)))

    def set_optimizer(key: str) -> None:
        names = {each.name for kind in (OPTIMIZERS[key], RATES[run.schedule]) for each in fields(kind)}
        set_run(optimizer=key, options=tuple(pair for pair in run.options if pair[0] in names))

    st.selectbox(
        _("Optimizer"),
        list(OPTIMIZERS),
        format_func=lambda key: _(OPTIMIZERS[key].name),
        **bound("optimizer", run.optimizer, set_optimizer),
    )
    slider, exact = st.columns([3, 1.5], vertical_alignment="bottom")
    slider.select_slider(
        _("Learning rate η"),
        sorted({*LADDER, rate}),
        format_func=lambda value: f"{value:.4g}",
        **bound("rate", rate, lambda value: set_run(learning_rate=value)),
    )
    exact.number_input(
        _("exactly"),
        min_value=0.0,
        max_value=1e6,
        format="%.6g",
        step=None,
        label_visibility="collapsed",
        **bound("rate_exact", rate, lambda value: set_run(learning_rate=value if value is not None else rate)),
    )
    with st.popover(_("Settings of this run"), icon=":material/tune:", width="stretch"):
        st.caption(_(OPTIMIZERS[run.optimizer].about))
        for line in run.method().formula:
            st.latex(typeset(line))
        options(run, run.method(), _)
        st.selectbox(
            _("Schedule of the learning rate"),
            list(RATES),
            format_func=lambda key: _(RATES[key].name),
            **bound("schedule", run.schedule, lambda key: set_run(schedule=key)),
        )
        st.latex(RATES[run.schedule].latex)
        options(run, run.rate(rate), _)


def options(run: RunSettings, method: Any, _: Translate) -> None:
    """A widget for each hyperparameter, made from its own declaration."""
    for each in fields(method):
        if each.name == "initial":
            continue
        meta = each.metadata

        def act(value: float | None, name: str = each.name) -> None:
            now = current()
            if value is not None:
                change(now.with_run(now.focus, now.runs[now.focus].with_option(name, value)))

        whole = each.type is int
        value = getattr(method, each.name)
        st.number_input(
            f"{each.name.replace('_', ' ')} ${meta['symbol']}$",
            min_value=int(meta["minimum"]) if whole else float(meta["minimum"]),
            max_value=(10**9 if whole else None)
            if math.isinf(meta["maximum"])
            else int(meta["maximum"])
            if whole
            else float(meta["maximum"]),
            step=1 if whole else None,
            format="%d" if whole else "%.6g",
            help=_(meta["help"]),
            **bound(f"option_{run.optimizer}_{run.schedule}_{each.name}", int(value) if whole else float(value), act),
        )


def start_controls(settings: Settings, shown: Formula, _: Translate) -> None:
    x, y = start_of(settings, shown)
    columns = st.columns(3, vertical_alignment="bottom")

    def move(axis: int) -> Callable[[float | None], None]:
        def act(value: float | None) -> None:
            if value is not None:
                change(replace(current(), start=(value, y) if axis == 0 else (x, value)))

        return act

    columns[0].number_input(_("Start x"), -1e9, 1e9, format="%.6g", step=None, **bound("start_x", x, move(0)))
    columns[1].number_input(_("Start y"), -1e9, 1e9, format="%.6g", step=None, **bound("start_y", y, move(1)))
    columns[2].number_input(
        _("Steps"),
        1,
        MOST_STEPS,
        step=25,
        **bound("steps", settings.steps, lambda value: change(replace(current(), steps=value))),
    )
    with st.popover(_("Stop early, arrows"), icon=":material/flag:", width="stretch"):
        for name, text in (
            ("stop_gradient", _("when the gradient is shorter than")),
            ("stop_step", _("when a step is shorter than")),
            ("stop_loss", _("when the loss is at most")),
            ("divergence", _("when the loss or a coordinate is beyond")),
        ):

            def act(value: float | None, name: str = name) -> None:
                default = {each.name: each.default for each in fields(Settings)}[name]
                change(replace(current(), **{name: default if value is None else value}))

            low = None if name == "stop_loss" else 1.0 if name == "divergence" else 0.0
            st.number_input(text, min_value=low, format="%.6g", step=None, **bound(name, getattr(settings, name), act))
        st.toggle(
            _("−gradient and step at the playhead"),
            **bound("arrows", settings.arrows, lambda value: change(replace(current(), arrows=value))),
        )
        if settings.runs:
            own_start(settings, x, y, _)


def own_start(settings: Settings, x: float, y: float, _: Translate) -> None:
    """A start of its own for the run in focus."""
    run = settings.runs[settings.focus]

    def act(value: bool) -> None:
        now = current()
        change(now.with_run(now.focus, replace(now.runs[now.focus], start=(x, y) if value else None)))

    st.toggle(_("This run has a start of its own"), **bound("own_start", run.start is not None, act))
    if run.start is None:
        return

    def move(axis: int) -> Callable[[float | None], None]:
        def act(value: float | None) -> None:
            now = current()
            place = list(now.runs[now.focus].start or (x, y))
            if value is not None:
                place[axis] = value
                change(now.with_run(now.focus, replace(now.runs[now.focus], start=tuple(place))))

        return act

    for axis, name in enumerate("xy"):
        st.number_input(
            name, -1e9, 1e9, format="%.6g", step=None, **bound(f"own_{name}", float(run.start[axis]), move(axis))
        )


def choose_function(key: str) -> None:
    change(current().with_function(key, formula="" if key else current().formula or "x^2/2 + 10y^2"))


def open_scenario(key: str) -> None:
    change(SCENARIOS[key].opened(current()) if key else replace(current(), scenario="", revealed=False))


def reset() -> None:
    now = current()
    change(Settings(lang=now.lang, projector=now.projector))


def add_run() -> None:
    now = current()
    used = {run.optimizer for run in now.runs}
    optimizer = next((key for key in OPTIMIZERS if key not in used), "adam")
    change(replace(now, runs=(*now.runs, RunSettings(optimizer)), focus=len(now.runs)))


def duplicate_run() -> None:
    now = current()
    change(replace(now, runs=(*now.runs, now.runs[now.focus]), focus=len(now.runs)))


def remove_run() -> None:
    now = current()
    left = (*now.runs[: now.focus], *now.runs[now.focus + 1 :])
    change(replace(now, runs=left, focus=max(0, min(now.focus, len(left) - 1))))


def hide_run() -> None:
    now = current()
    run = now.runs[now.focus]
    change(now.with_run(now.focus, replace(run, visible=not run.visible)))


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
        change(
            replace(
                now.with_run(index, replace(now.runs[index], learning_rate=float(chosen["learning_rate"]))), focus=index
            )
        )


def on_key() -> None:
    key = st.session_state.stage.key
    if key == "p":
        change(replace(current(), projector=not current().projector))
    elif key == "0":
        reset()
    elif key.isdigit() and int(key) <= len(SCENARIOS):
        open_scenario(list(SCENARIOS)[int(key) - 1])
