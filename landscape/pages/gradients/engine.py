"""The laboratory of automatic differentiation: a regression one statement at a time, and an operation of one's own."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import streamlit as st

from landscape.figures.layout import font_size
from landscape.figures.line_fit import LineWords, line_fit
from landscape.figures.numeral import plain
from landscape.gradients.recorded_regression import (
    PRINTED,
    State,
    X,
    Y,
    after_update,
    gradient,
    script,
    states,
)
from landscape.gradients.tensor import Tensor
from landscape.pages.address import change, current, publish, setter, translate
from landscape.pages.gradients.examples import custom_operation
from landscape.pages.header import header
from landscape.pages.number_field import number_field, numbers_field
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import PageSettings, number, setting
from landscape.stage.figure import figure
from landscape.stage.heard import while_here

__all__ = ["ENGINE"]

Translate = Callable[[str], str]

LETTERS = {"f": "forward", "n": "unrecorded", "b": "backward", "z": "zero_grad", "u": "update"}
"""How the address writes what was done."""
WHOLE_STEP = "zfbu"
MOST_DONE = 200
MOST_NUMBERS = 8
LARGEST = 1e6


def letters(text: str) -> str:
    if len(text) > MOST_DONE or set(text) - LETTERS.keys():
        raise ValueError(text)
    return text


def some_numbers(text: str) -> tuple[float, ...]:
    values = tuple(float(part) for part in text.split("~"))
    if len(values) > MOST_NUMBERS or not all(abs(value) <= LARGEST for value in values):
        raise ValueError(text)
    return values


@dataclass(frozen=True)
class EngineSettings(PageSettings):
    w: float = setting(2.0, number(-1e3, 1e3))
    b: float = setting(1.0, number(-1e3, 1e3))
    learning_rate: float = setting(0.01, number(0, 10))
    done: str = setting("", letters)
    """What was done since the start, a letter of LETTERS each."""
    numbers: tuple[float, ...] = setting((-1.0, 0.0, 2.0), some_numbers)
    """What the operation by hand is applied to."""

    @property
    def statements(self) -> list[str]:
        return [LETTERS[letter] for letter in self.done]

    @property
    def states(self) -> list[State]:
        return states(self.statements, self.w, self.b, self.learning_rate)

    def mended(self) -> tuple[Self, list[str]]:
        try:
            self.states  # noqa: B018
        except ValueError:
            return replace(self, done=""), ["done"]
        return self, []


def draw(page: Page) -> None:
    header(page)
    laboratory(st.context.theme.type or "light")


@st.fragment
def laboratory(theme: str) -> None:
    settings: EngineSettings = current()
    _ = translate(settings)[1]
    known = settings.states
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        start_fields(settings, _)
        buttons(settings, known[-1], _)
        fitted(settings, known, theme, _)
    with right:
        table(known[-1], _)
        st.markdown(told(settings.statements, known, _))
        if known[-1].error:
            st.code(f"RuntimeError: {known[-1].error}", language=None, wrap_lines=True)
        st.markdown(f"**{_('The same as a script')}**")
        with st.container(height=400, autoscroll=True, border=False, key="script"):
            text = script(settings.statements, settings.w, settings.b, settings.learning_rate)
            st.code(text, language="python", wrap_lines=True)
    with st.expander(_("Gradients that cannot be right, and how one sees it")):
        printed(settings, _)
    own_operation(settings, _)
    publish("laboratory")


def start_fields(settings: EngineSettings, _: Translate) -> None:
    fields: list[tuple[str, str, float, float]] = [
        ("w", _("w at the start"), -1e3, 1e3),
        ("b", _("b at the start"), -1e3, 1e3),
        ("learning_rate", _("Learning rate"), 0.0, 10.0),
    ]
    st.markdown("$\\hat y = w x + b, \\quad x = (1, 2, 3), \\quad y = (6, 9, 12)$")
    row, below = st.container(horizontal=True, gap="small", key="start_fields"), st.container(gap="small")
    with row:
        for name, label, least, most in fields:
            value = getattr(settings, name)
            number_field(label, least, most, key=name, value=value, act=setter(name), below=below, width=150, _=_)


def buttons(settings: EngineSettings, state: State, _: Translate) -> None:
    """What can be done next."""
    names = {
        "f": (_("Forward pass"), ":material/arrow_forward:"),
        "b": (_("Backward pass"), ":material/arrow_back:"),
        "u": (_("Update"), ":material/trending_down:"),
        "z": (_("Zero the gradients"), ":material/exposure_zero:"),
        "n": (_("Forward, not recorded"), ":material/videocam_off:"),
    }
    full = len(settings.done) + len(WHOLE_STEP) > MOST_DONE
    with st.container(horizontal=True, gap="small", key="statements"):
        for letter, (name, icon) in names.items():
            st.button(
                name,
                key=f"do_{LETTERS[letter]}",
                icon=icon,
                disabled=full or not state.can(LETTERS[letter]),
                on_click=while_here(do),
                args=(letter,),
            )
        st.button(
            _("A whole step"),
            key="do_step",
            icon=":material/skip_next:",
            type="primary",
            disabled=full,
            help=_("Zero the gradients, forward, backward, update."),
            on_click=while_here(do),
            args=(WHOLE_STEP if state.can("zero_grad") else WHOLE_STEP[1:],),
        )
        st.button(
            _("Undo"), icon=":material/undo:", type="tertiary", disabled=not settings.done, on_click=while_here(undo)
        )
        st.button(
            _("Start over"),
            icon=":material/restart_alt:",
            type="tertiary",
            disabled=not settings.done,
            on_click=while_here(setter("done")),
            args=("",),
        )
    if full:
        st.caption(_("The script is full. Start over to go on."))


def do(done: str) -> None:
    now = current()
    change(replace(now, done=now.done + done))


def undo() -> None:
    now = current()
    change(replace(now, done=now.done[:-1]))


def fitted(settings: EngineSettings, known: list[State], theme: str, _: Translate) -> None:
    words = LineWords(_("samples"), "ŷ = w x + b", _("before"), _("errors"))
    now = known[-1]
    figure(
        line_fit(
            X,
            Y,
            [(state.w, state.b) for state in known],
            theme=theme,
            words=words,
            size=font_size(settings.projector),
        ),
        key="fit",
        summary=_("Three samples, and the line with w = {w}, b = {b}.").format(w=plain(now.w), b=plain(now.b)),
        theme=theme,
        projector=settings.projector,
        tall=0.55,
    )


def table(state: State, _: Translate) -> None:
    """The names of the script and what they are; nothing is shown before it is there."""

    def cell(value: float | None) -> str:
        return "`None`" if value is None else f"**{plain(value, 6)}**"

    loss = _("not computed yet") if state.loss is None else f"**{plain(state.loss, 6)}**"
    st.markdown(
        f"| | `.data` | `.grad` |\n|---|---|---|\n"
        f"| `w` | {cell(state.w)} | {cell(state.w_grad)} |\n"
        f"| `b` | {cell(state.b)} | {cell(state.b_grad)} |\n"
        f"| `loss` | {loss} | |\n"
        f"| {_('operations recorded')} | {state.recorded} | |"
    )


def told(statements: list[str], known: list[State], _: Translate) -> str:
    """What the last statement did."""
    if not statements:
        return _("Nothing has run yet, so there are no gradients: `None`, which is not 0.")
    last, before, now = statements[-1], known[-2], known[-1]
    if now.error:
        return _("Nothing was recorded, so there is nothing for backward to walk along.")
    if last == "backward" and not before.loss_is_current:
        old = _("This is the gradient of the old loss, from before the update: a forward pass is missing.")
        added = _("It is added to what was there.")
        return old if before.w_grad is None else _("{finding} {advice}").format(finding=old, advice=added)
    again = last == "backward" and before.w_grad is not None
    return {
        "forward": _("The loss is computed, and every operation on the way is recorded."),
        "unrecorded": _("The same loss, and nothing recorded: enough to look at it, and cheaper."),
        "backward": _("Added to what was there: gradients accumulate until they are zeroed.")
        if again
        else _("The gradient of the loss has come back to `w` and to `b`."),
        "zero_grad": _("The gradients are forgotten. The next backward starts from nothing."),
        "update": _(
            "`w` and `b` have moved against their gradients, without being recorded. The loss is that of before until "
            "the next forward."
        ),
    }[last]


def printed(settings: EngineSettings, _: Translate) -> None:
    """The trap of the source material."""
    default = EngineSettings()
    recorded, differences = gradient(default.w, default.b)
    before = default_loss()
    st.markdown(
        _(
            "For w = 2 and b = 1 somebody finds ∂w = {w} and ∂b = {b}. The line lies below all three samples there: "
            "a larger w and a larger b lower the loss, so both gradients have to be negative. One update shows it: the "
            "loss before it is {loss}."
        ).format(w=plain(PRINTED[0]), b=plain(PRINTED[1]), loss=plain(before))
    )
    rows = {
        _("Recorded operations"): recorded,
        _("Central differences"): differences,
        _("What somebody finds"): PRINTED,
    }
    head = _("loss after an update with rate {rate}").format(rate=plain(settings.learning_rate))
    lines = [
        f"| {name} | {plain(pair[0], 6)} | {plain(pair[1], 6)} | "
        f"{plain(after_update(default.w, default.b, pair, settings.learning_rate))} |"
        for name, pair in rows.items()
    ]
    st.markdown("\n".join([f"| | ∂w | ∂b | {head} |", "|---|---|---|---|", *lines]))


def default_loss() -> float:
    default = EngineSettings()
    return after_update(default.w, default.b, PRINTED, 0.0)


def own_operation(settings: EngineSettings, _: Translate) -> None:
    """ReLU by hand beside the built-in one."""
    st.markdown(f"#### {_('An operation of your own')}")
    code, result = st.columns([1.8, 1.6], gap="medium")
    with code:
        st.code(inspect.getsource(custom_operation), language="python")
    with result:
        st.markdown(
            _(
                "An operation is two functions: forward, from the operands to the result, and backward, from the "
                "gradient in the result to the gradient in each operand. By hand or built in, the gradient is the same."
            )
        )
        numbers_field(
            "x",
            -LARGEST,
            LARGEST,
            MOST_NUMBERS,
            key="numbers",
            values=settings.numbers,
            act=setter("numbers"),
            help=_("Numbers with commas between them, at most {count}.").format(count=MOST_NUMBERS),
            _=_,
        )
        compared(settings.numbers, _)


def compared(numbers: tuple[float, ...], _: Translate) -> None:
    by_hand = custom_operation.applied(custom_operation.my_relu, list(numbers))
    built_in = custom_operation.applied(Tensor.relu, list(numbers))
    rows = {"x": numbers, "`my_relu(x)`": by_hand[0], _("its gradient"): by_hand[1]}
    rows |= {"`x.relu()`": built_in[0], _("its gradient, built in"): built_in[1]}
    lines = [f"| {name} | {' | '.join(plain(value) for value in values)} |" for name, values in rows.items()]
    st.markdown("\n".join([lines[0], "|---" * (len(numbers) + 1) + "|", *lines[1:]]))


def facts(settings: EngineSettings) -> dict[str, Any]:
    """What the answers quote."""

    def after(done: str) -> State:
        return replace(settings, done=done).states[-1]

    recorded, _differences = gradient(settings.w, settings.b)
    return {
        "twice": after("fbb").w_grad,
        "start": after("f").loss,
        "kept": after("fbu" * 6 + "f").loss,
        "zeroed": after("fbuz" * 6 + "f").loss,
        "w": recorded[0],
        "b": recorded[1],
        "after": after_update(settings.w, settings.b, recorded, settings.learning_rate),
        "after_printed": after_update(settings.w, settings.b, PRINTED, settings.learning_rate),
    }


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "backward_twice",
            "Backward, twice",
            "After one backward pass w.grad is −17.3333. What is it after a second one, with nothing in between?",
            ("The same", "Twice as much", "There is none"),
            "Twice as much, {twice:.4f}: backward adds to what is there, because a parameter may be used in many "
            "places. Whoever wants the gradient of one pass zeroes it first.",
            EngineSettings(done="fb"),
        ),
        Scenario(
            "printed",
            "Can that be?",
            "Somebody finds ∂w = 4.6667 and ∂b = 3.0 for w = 2, b = 1. The line and the samples say: can that be?",
            ("Yes", "No, both have to be negative", "No, both have to be 0"),
            "No. The line lies below every sample, so more w and more b both lower the loss: ∂w = {w:.4f} and "
            "∂b = {b:.1f}. One update against the right gradients takes the loss from {start:.4g} to {after:.4g}, one "
            "against the others to {after_printed:.4g}.",
            EngineSettings(),
        ),
        Scenario(
            "forgotten",
            "Zeroing forgotten",
            "Nobody zeroes the gradients here, and after three updates the loss is already 0.38. Where is it after "
            "three more?",
            ("At 0", "Back where it started", "At infinity"),
            "Back where it started, at {kept:.3g} against {start:.3g}: the gradients of all passes are added up, and "
            "their sum pushes on after the minimum is passed, like a ball that never loses speed. With zeroed "
            "gradients the loss is {zeroed:.2g} by then.",
            EngineSettings(learning_rate=0.02, done="fbufbufbuf"),
        ),
    )
}

ENGINE = Page(
    key="automatic-differentiation",
    name="Automatic differentiation",
    title="Automatic differentiation",
    heading="Gradients",
    settings=EngineSettings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
)
