"""The widgets of a comparison's runs: which there are, and the settings of the one in focus."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from landscape.descent.optimizers import OPTIMIZERS, typeset
from landscape.descent.stopping import LARGEST
from landscape.figures.numeral import plain
from landscape.figures.palette import RUNS
from landscape.pages.address import bound, change, current
from landscape.pages.ladder import ladder
from landscape.pages.number_field import number_field
from landscape.pages.popover import popover
from landscape.pages.run_settings import MOST_RUNS, RATES, Descent, RunSettings
from landscape.stage.heard import while_here

__all__ = ["numbered", "option_name", "point_fields", "run_editor", "run_list", "set_run"]

Translate = Callable[[str], str]
GLYPHS = {"circle": "●", "square": "■", "cross": "✚", "diamond": "◆", "triangle-up": "▲", "triangle-down": "▼"}
LADDER = (*(float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5)), 10.0)


def numbered(names: list[str]) -> list[str]:
    """Names, of which each that is not the only one of its kind has a number."""
    return [f"{name}, #{names[: i + 1].count(name)}" if names.count(name) > 1 else name for i, name in enumerate(names)]


def run_list(settings: Any, names: list[str], new: Callable[[Any], RunSettings], _: Translate) -> None:
    """The runs as chips, and what can be done with them; `new` makes a run to add to the page's settings."""

    def label(i: int) -> str:
        hidden = "" if settings.runs[i].visible else f" ({_('hidden')})"
        return f"{GLYPHS[RUNS[settings.looks[i]].symbol]} {names[i]}{hidden}"

    def focus(i: int | None) -> None:
        if i is not None:  # a second click on a chip takes the mark away: the focus stays
            change(replace(current(), focus=i))

    def add() -> None:
        now = current()
        change(now.with_another(new(now)))

    full, none = len(settings.runs) >= MOST_RUNS, not settings.runs
    shown = none or settings.runs[settings.focus].visible
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run_actions"):
        st.markdown(_("Runs"), width="stretch")
        for key, icon, text, act, disabled in (
            ("add", "add", _("Add a run"), add, full),
            ("duplicate", "content_copy", _("Duplicate this run"), duplicate_run, full or none),
            (
                "hide",
                "visibility" if shown else "visibility_off",
                _("Hide this run") if shown else _("Show this run"),
                hide_run,
                none,
            ),
            ("remove", "delete", _("Remove this run"), remove_run, none),
        ):
            # The text is for screen readers; the style sheet hides it.
            st.button(text, icon=f":material/{icon}:", help=text, on_click=while_here(act), key=key, disabled=disabled)
    theme = st.context.theme.type or "light"
    chips = (
        f".st-key-set_focus button:nth-of-type({i + 1}) p::first-letter {{ color: {RUNS[look].colour[theme]}; }}"
        for i, look in enumerate(settings.looks)
    )
    st.html(f"<style>{''.join(chips)}</style>")
    st.pills(
        _("Runs"),
        range(len(settings.runs)),
        format_func=label,
        label_visibility="collapsed",
        **bound("focus", settings.focus if settings.runs else None, focus),
    )
    if none:
        st.info(_("There is no run. Add one with +."))


def duplicate_run() -> None:
    now = current()
    change(now.with_another(now.runs[now.focus]))


def remove_run() -> None:
    now = current()
    change(now.without(now.focus))


def hide_run() -> None:
    now = current()
    set_run(visible=not now.runs[now.focus].visible)


def set_run(**changes: Any) -> None:
    """Change the run in focus."""
    now = current()
    change(now.with_run(now.focus, replace(now.runs[now.focus], **changes)))


def set_rate(rate: float | None) -> None:
    """Give the run in focus a learning rate, or with an empty field one that suits."""
    set_run(learning_rate=rate)
    st.session_state.rate_emptied = rate is None


def run_editor(descent: Descent, _: Translate) -> None:
    """The optimizer, the learning rate and all settings of the run in focus."""
    run, rate = descent.settings, descent.learning_rate
    if st.session_state.pop("rate_emptied", False):  # only now it is known which
        text = _("The learning rate is chosen automatically now: {rate}.").format(rate=plain(rate, 4))
        st.toast(text, icon=":material/auto_fix_high:")

    st.selectbox(
        _("Optimizer"),
        list(OPTIMIZERS),
        format_func=lambda key: _(OPTIMIZERS[key].name),
        **bound("optimizer", run.optimizer, _choose("optimizer", run, RATES[run.schedule])),
    )
    slider, exact = st.columns([3, 1.6], vertical_alignment="bottom")
    ladder(
        _("Learning rate η"),
        LADDER,
        rate,
        key="rate",
        act=lambda value: set_run(learning_rate=value),
        place=slider,
    )
    number_field(
        _("Learning rate, exactly"),
        0.0,
        LARGEST,
        key="rate_exact",
        value=rate,
        act=set_rate,
        place=exact,
        below=st.container(gap="small"),
        label_visibility="collapsed",
        _=_,
    )
    popover(
        _("Settings of this run"), lambda: method_settings(descent, _), icon=":material/tune:", key="method", height=360
    )


def method_settings(descent: Descent, _: Translate) -> None:
    """The settings of the optimizer and of the learning rate's schedule, with their formulas."""
    run = descent.settings
    st.caption(_(OPTIMIZERS[run.optimizer].about))
    options(run, run.method(), _)
    st.selectbox(
        _("Schedule of the learning rate"),
        list(RATES),
        format_func=lambda key: _(RATES[key].name),
        **bound("schedule", run.schedule, _choose("schedule", run, OPTIMIZERS[run.optimizer])),
    )
    st.caption(_(RATES[run.schedule].about))
    options(run, run.rate(descent.learning_rate), _)
    lines = [*map(typeset, run.method().formula), RATES[run.schedule].latex]
    st.latex(r"\begin{gathered}" + r"\\[6pt]".join(lines) + r"\end{gathered}")


def _choose(name: str, run: RunSettings, kept: type[Any]) -> Callable[[str], None]:
    # Another method begins with its own defaults: a number that suited the last one may be outside its range.
    options = tuple(pair for pair in run.options if pair[0] in {each.name for each in fields(kept)})
    # So with a learning rate: what suits one optimizer suits no other.
    rate = {"learning_rate": None} if name == "optimizer" else {}
    return lambda key: set_run(**{name: key, "options": options, **rate})


def options(run: RunSettings, method: Any, _: Translate) -> None:
    """A widget for each hyperparameter, made from its own declaration."""
    for each in fields(method):
        if each.name == "initial":
            continue

        def act(value: float | None, name: str = each.name) -> None:
            now = current()
            run = now.runs[now.focus]
            kept = tuple(pair for pair in run.options if pair[0] != name)
            # An empty field gives the default back.
            changed = replace(run, options=kept) if value is None else run.with_option(name, value)
            change(now.with_run(now.focus, changed))

        number_field(
            f"{option_name(each.name, _)} ${each.metadata['symbol']}$",
            each.metadata["minimum"],
            min(each.metadata["maximum"], 1e12),
            whole=each.type is int,
            key=f"option_{type(method).__name__}_{each.name}",
            value=getattr(method, each.name),
            act=act,
            help=_(each.metadata["help"]),
            _=_,
        )


def option_name(name: str, _: Translate) -> str:
    """A hyperparameter in words. Greek letters are the same in every language."""
    words = {
        "damping": _("damping"),
        "decay": _("decay"),
        "decrease": _("decrease"),
        "every": _("every"),
        "factor": _("factor"),
        "final": _("final"),
        "growth": _("growth"),
        "memory": _("memory"),
        "momentum": _("momentum"),
        "momentum_decay": _("momentum decay"),
        "period": _("period"),
        "power": _("power"),
        "rise": _("rise"),
        "steps": _("steps"),
        "warmup": _("warmup"),
        "weight_decay": _("weight decay"),
    }
    return words.get(name, name)


def point_fields(
    columns: Any,
    labels: tuple[str, str],
    name: str,
    point: tuple[float, float],
    act: Callable[[tuple[float, float]], None],
    below: Any,
    _: Translate,
    ends: Sequence[tuple[float, float]] = ((-1e9, 1e9), (-1e9, 1e9)),
    **look: Any,
) -> None:
    """Two fields for a point of the plane, each from one of its `ends` to the other; an empty one changes nothing.
    `below` is where they say what is wrong."""
    x, y = point

    def move_x(value: float | None) -> None:
        if value is not None:
            act((value, y))

    def move_y(value: float | None) -> None:
        if value is not None:
            act((x, value))

    each = zip(columns, labels, "xy", point, (move_x, move_y), ends, strict=True)
    for column, label, axis, value, move, (low, high) in each:
        number_field(
            label, low, high, key=f"{name}_{axis}", value=value, act=move, place=column, below=below, _=_, **look
        )
