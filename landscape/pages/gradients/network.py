"""The laboratory of networks: a multilayer perceptron by hand, forwards, backwards, one update, and a hundred."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
import streamlit as st

from landscape.descent.optimizers import OPTIMIZERS, Elementwise
from landscape.descent.training import Training, train
from landscape.figures.layout import font_size
from landscape.figures.loss_curve import loss_curve
from landscape.gradients.backpropagation import NetworkPass, backpropagate, gradient_by_differences
from landscape.gradients.layers import ACTIVATION_LAYERS, INITIALIZATIONS, Sequential, perceptron
from landscape.gradients.tasks import CRITERIA, TASKS
from landscape.locale import translation
from landscape.locale.sentence import filled
from landscape.pages.address import bound, change, current, publish, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.header import header, press
from landscape.pages.ladder import ladder
from landscape.pages.number_field import number_field
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import PageSettings, flag, number, one_of, setting, short, whole
from landscape.pages.popover import popover
from landscape.stage.figure import figure
from landscape.stage.heard import while_here
from landscape.stage.network import network
from landscape.stage.network_message import Check, TrainingStep, network_message

__all__ = ["NETWORK"]

Translate = Callable[[str], str]

MOST_LAYERS, MOST_UNITS, MOST_STEPS, MOST_SEEDS = 3, 6, 5000, 9999
RATES = (*(float(f"{digit}e{power}") for power in range(-3, 1) for digit in (1, 2, 5)), 10.0)
STEPS = tuple(float(f"1e{power}") for power in range(-12, 1))
FIRST_ORDER = {key: kind for key, kind in OPTIMIZERS.items() if issubclass(kind, Elementwise)}
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def units(text: str) -> tuple[int, ...]:
    """The units of each hidden layer, as "4~3"."""
    read = tuple(whole(1, MOST_UNITS)(part) for part in text.split("~"))
    if len(read) > MOST_LAYERS:
        raise ValueError(text)
    return read


@dataclass(frozen=True)
class NetworkSettings(PageSettings):
    task: str = setting("xor", one_of(TASKS))
    criterion: str = setting("", one_of(["", *CRITERIA]))
    """The key of a loss, or "" for the task's usual one."""
    hidden: tuple[int, ...] = setting((4,), units)
    activation: str = setting("tanh", one_of(ACTIVATION_LAYERS))
    init: str = setting("xavier", one_of(INITIALIZATIONS))
    seed: int = setting(0, whole(0, MOST_SEEDS))
    optimizer: str = setting("gradient_descent", one_of(FIRST_ORDER))
    learning_rate: float = setting(0.5, number(0, 1000))
    steps: int = setting(0, whole(0, MOST_STEPS))
    """Of training, before the pass that is shown."""
    logarithmic: bool = setting(False, flag)
    check: str = setting("W1", short)
    """The parameter whose gradient is checked."""
    h: float = setting(1e-5, number(1e-15, 10))

    def mended(self) -> tuple[Self, list[str]]:
        fit, refused = self, []
        if self.criterion and self.criterion not in TASKS[self.task].criteria:
            fit, refused = replace(fit, criterion=""), ["criterion"]
        if self.check not in fit.parameters:
            fit = replace(fit, check="W1")
            refused += ["check"]
        return fit, refused

    @property
    def loss(self) -> str:
        """The key of the loss in use."""
        return self.criterion or TASKS[self.task].criteria[0]

    @property
    def parameters(self) -> list[str]:
        """The short names of the weights and biases."""
        return [f"{letter}{i + 1}" for i in range(len(self.hidden) + 1) for letter in "Wb"]

    @property
    def course(self) -> "Course":
        """What decides the network and its training."""
        start = self.task, self.loss, self.hidden, self.activation, self.init, self.seed
        return *start, self.optimizer, self.learning_rate, self.steps

    @property
    def training(self) -> tuple[Sequential, Training]:
        """The network after its steps of training, which is not to be changed, and their record."""
        return trained(*self.course)

    @property
    def passed(self) -> NetworkPass:
        """The pass through the network as it is."""
        return passed(self.course)


Course = tuple[str, str, tuple[int, ...], str, str, int, str, float, int]


@lru_cache(maxsize=400)
def trained(
    task: str,
    criterion: str,
    hidden: tuple[int, ...],
    activation: str,
    init: str,
    seed: int,
    optimizer: str,
    learning_rate: float,
    steps: int,
) -> tuple[Sequential, Training]:
    """A network and its training. It goes on from the last full hundred, which whoever asked for more has seen."""
    batch = TASKS[task]
    if steps:
        before = (steps - 1) // 100 * 100
        start, after = trained(task, criterion, hidden, activation, init, seed, optimizer, learning_rate, before)
        model = copy.deepcopy(start)
    else:
        before, after = 0, None
        widths = (batch.x.shape[1], *hidden, batch.outputs(criterion))
        model = perceptron(*widths, activation=activation, init=init, seed=seed)
    return model, train(
        model,
        batch.x,
        batch.loss(criterion),
        optimizer=FIRST_ORDER[optimizer](),
        learning_rate=learning_rate,
        steps=steps - before,
        after=after,
    )


def passed(course: Course) -> NetworkPass:
    """The pass through the network after its training."""
    task, criterion = TASKS[course[0]], course[1]
    model = copy.deepcopy(trained(*course)[0])  # a pass fills in the gradients, and others look at this network too
    return backpropagate(model, task.x, task.loss(criterion))


@lru_cache(maxsize=64)
def message(
    course: Course, checked: tuple[int, str, float], *, scenario: str, theme: str, projector: bool, language: str
) -> str:
    """The JSON of the stage; `checked`: which parameter by differences, its name, and their step."""
    (key, criterion, *_start, learning_rate, _steps), (model, training) = course, trained(*course)
    task, before = TASKS[key], passed(course)
    loss, further = task.loss(criterion), copy.deepcopy(model)
    check = None
    if np.isfinite(before.loss):
        index, name, h = checked
        check = Check(name, h, gradient_by_differences(further, further.parameters()[index], task.x, loss, h))
    step = train(
        further,
        task.x,
        loss,
        optimizer=training.optimizer,
        learning_rate=learning_rate,
        steps=1,
        after=training,
    )
    shown = TrainingStep(
        task,
        criterion,
        before,
        backpropagate(further, task.x, loss),
        training.optimizer,
        learning_rate,
        step.directions,
    )
    told = network_message(
        shown,
        check,
        theme=theme,
        projector=projector,
        language=language,
        scenario=scenario,
        _=translation(language),
    )
    return json.dumps(told, separators=(",", ":"))


def draw(page: Page) -> None:
    header(page)
    laboratory(page)


@st.fragment
def laboratory(page: Page) -> None:
    settings: NetworkSettings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    controls, view = st.columns([1, 3.4], gap="medium")
    with view:
        training_buttons(settings, _)
        with st.container(key="ended", gap="small"):
            if settings.training[1].steps < settings.steps:
                text = _(
                    "After step {step} the loss is no longer a finite number, and the training ended there. A smaller "
                    "learning rate will do better."
                )
                st.warning(filled(text, step=settings.training[1].steps))
        checked = settings.parameters.index(settings.check), settings.check, settings.h
        look: dict[str, Any] = {"theme": theme, "projector": settings.projector, "language": language}
        network(
            message(settings.course, checked, scenario=settings.scenario, **look),
            on_key=lambda key: press(page, key),
        )
    drawn_ahead()
    with controls, st.container(key="controls", gap="small"):
        network_controls(settings, _)
        training_controls(settings, theme, _)
        check_controls(settings, _)
    publish("laboratory")


def network_controls(settings: NetworkSettings, _: Translate) -> None:
    st.selectbox(
        _("Task"), list(TASKS), format_func=lambda key: _(TASKS[key].name), **bound("task", settings.task, choose_task)
    )
    names = {"cross_entropy": _("Cross-entropy"), "mean_squared_error": _("Mean squared error")}
    st.selectbox(
        _("Loss"),
        TASKS[settings.task].criteria,
        format_func=names.__getitem__,
        **bound("criterion", settings.loss, choose_loss),
    )
    st.caption(_("Units of the hidden layers"))
    with st.container(key="layers", horizontal=True, gap="xsmall"):
        for i in range(min(len(settings.hidden) + 1, MOST_LAYERS)):
            st.selectbox(
                filled(_("Layer {i}"), i=i + 1),
                range(0 if i else 1, MOST_UNITS + 1),
                format_func=lambda count: str(count or "–"),
                width="stretch",
                **bound(f"hidden_{i}", (*settings.hidden, 0)[i], lambda count, i=i: choose_units(i, count)),
            )
    st.segmented_control(
        _("Activation"),
        list(ACTIVATION_LAYERS),
        format_func=lambda key: ACTIVATION_LAYERS[key].__name__,
        required=True,
        wrap=True,
        **bound("activation", settings.activation, setter("activation")),
    )
    popover(
        _("Weights at first"),
        lambda: first_weights(settings, _),
        icon=":material/casino:",
        key="first_weights",
        height=240,
    )


def first_weights(settings: NetworkSettings, _: Translate) -> None:
    """How they are drawn, and from which seed."""
    st.segmented_control(
        _("Initialisation"),
        list(INITIALIZATIONS),
        format_func=str.capitalize,
        required=True,
        help=_("Xavier suits tanh and sigmoid, He suits ReLU. Biases are 0 at first."),
        wrap=True,
        **bound("init", settings.init, setter("init")),
    )
    number_field(_("Random seed"), 0, MOST_SEEDS, whole=True, key="seed", value=settings.seed, act=setter("seed"), _=_)


def training_controls(settings: NetworkSettings, theme: str, _: Translate) -> None:
    st.selectbox(
        _("Optimizer"),
        list(FIRST_ORDER),
        format_func=lambda key: _(FIRST_ORDER[key].name),
        **bound("optimizer", settings.optimizer, setter("optimizer")),
    )
    ladder(_("Learning rate"), RATES, settings.learning_rate, key="learning_rate", act=setter("learning_rate"))
    if settings.steps:
        losses = settings.training[1].loss
        text = _("The loss over {n} steps of training, from {first:.4g} to {last:.4g}.")
        figure(
            loss_curve(
                losses,
                theme=theme,
                step=_("step"),
                name=_("loss"),
                logarithmic=settings.logarithmic,
                size=font_size(settings.projector),
            ),
            key="loss_curve",
            summary=filled(text, n=len(losses) - 1, first=losses[0], last=losses[-1]),
            theme=theme,
            projector=settings.projector,
            tall=0.75,
        )
        st.toggle(_("logarithmic"), **bound("logarithmic", settings.logarithmic, setter("logarithmic")))


def training_buttons(settings: NetworkSettings, _: Translate) -> None:
    row = st.container(key="train", horizontal=True, vertical_alignment="center", gap="small")
    below = st.container(gap="small")
    with row:
        st.markdown(f"**{_('Steps of training')}**", width="content")
        number_field(
            _("Steps of training"),
            0,
            MOST_STEPS,
            whole=True,
            key="steps",
            value=settings.steps,
            act=train_to,
            below=below,
            label_visibility="collapsed",
            width=130,
            _=_,
        )
        for more in (1, 10, 100):
            st.button(
                f"+{more}",
                key=f"train_{more}",
                help=filled(_("Train {n} more steps"), n=more),
                disabled=settings.steps + more > MOST_STEPS,
                on_click=while_here(train_to),
                args=(settings.steps + more,),
            )
        st.button(
            _("Untrained"),
            key="train_0",
            disabled=not settings.steps,
            on_click=while_here(train_to),
            args=(0,),
            type="tertiary",
        )
        if settings.steps:
            losses = settings.training[1].loss
            text = _("loss {first:.4g} → {last:.4g}")
            st.markdown(filled(text, first=losses[0], last=losses[-1]), width="content")


def check_controls(settings: NetworkSettings, _: Translate) -> None:
    st.pills(
        _("Check by differences"),
        settings.parameters,
        format_func=lambda name: name.translate(SUBSCRIPT),
        required=True,
        wrap=True,
        **bound("check", settings.check, setter("check")),
    )
    ladder(_("Step h of the differences"), STEPS, settings.h, key="h", act=setter("h"))


def choose_task(key: str) -> None:
    now = current()
    fits = now.criterion in TASKS[key].criteria
    change(replace(now, task=key, criterion=now.criterion if fits else "", scenario="", revealed=False))


def choose_loss(key: str) -> None:
    now = current()
    change(replace(now, criterion="" if key == TASKS[now.task].criteria[0] else key))


def choose_units(i: int, count: int) -> None:
    """The units of hidden layer i; without any, it and those behind it are gone."""
    now = current()
    hidden = (*now.hidden[:i], count, *now.hidden[i + 1 :]) if count else now.hidden[:i]
    fit = replace(now, hidden=hidden)
    change(fit if fit.check in fit.parameters else replace(fit, check="W1"))


def train_to(steps: int | None) -> None:
    if steps is not None:
        setter("steps")(min(steps, MOST_STEPS))


def facts(settings: NetworkSettings) -> dict[str, Any]:
    """What the answers quote: the pass at first, a hundred steps of training, and a hundred more careful ones."""
    passed, later = settings.passed, replace(settings, steps=settings.steps + 100)
    careful = replace(later, learning_rate=settings.learning_rate / 5)
    norms = [each.gradient_norm for each in passed.learning]
    dead = sum(int(each.dead.sum()) for each in passed.layers)
    return {
        "first": norms[0],
        "last": norms[-1],
        "times": passed.shrinkage,
        "dead": dead,
        "dead_later": sum(int(each.dead.sum()) for each in later.passed.layers),
        "units": sum(settings.hidden),
        "samples": len(TASKS[settings.task].y),
        "numbers": sum(gradient.size for each in passed.learning for gradient in each.gradients),
        "before": passed.loss,
        "after": float(later.training[1].loss[-1]),
        "ended": later.training[1].steps,
        "careful_rate": careful.learning_rate,
        "careful": float(careful.training[1].loss[-1]),
    }


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            key="vanishing",
            title="Three layers of sigmoids",
            question="Three layers of sigmoids: which weights learn most slowly?",
            choices=("the first", "the last", "all alike"),
            answer="The first. Their gradient has length {first:.2g}, that of the last {last:.2g}: {times:.3g} times "
            "more. Every sigmoid on the way back multiplies by its slope, which is at most ¼: the gradient "
            "vanishes. After a hundred steps the loss has only come from {before:.3g} to {after:.3g}. Try "
            "tanh, or ReLU with He’s weights.",
            settings=NetworkSettings(hidden=(6, 6, 6), activation="sigmoid", seed=1),
        ),
        Scenario(
            key="dead",
            title="Dead units",
            question="ReLU: how many of the six hidden units never learn?",
            choices=("none", "two", "all"),
            answer="{dead} of {units}: they are 0 for all {samples} samples, so no gradient gets through to their "
            "weights, and after a hundred steps {dead_later} are dead. The others learn the task without them: "
            "the loss falls from {before:.3g} to {after:.3g}.",
            settings=NetworkSettings(hidden=(6,), activation="relu", init="he", seed=3),
        ),
        Scenario(
            key="ten_five_one",
            title="Ten, five, one",
            question="Ten inputs, five ReLU, one output: how many numbers has the gradient?",
            choices=("16", "55", "61"),
            answer="{numbers}: 50 for W₁, 5 for b₁, 5 for W₂ and 1 for b₂, one for each weight and bias. One way back "
            "finds all of them; differences would need two passes for each.",
            settings=NetworkSettings(
                task="ten_features", hidden=(5,), activation="relu", init="he", learning_rate=0.05, check="W2"
            ),
        ),
        Scenario(
            key="too_long",
            title="Too long a step",
            question="Mean squared error, learning rate 0.5: where is the loss after a hundred steps?",
            choices=("near 0", "about as before", "beyond all bounds"),
            answer="Beyond all bounds: the loss starts at {before:.3g} and is {after:.2g} after {ended} steps, as "
            "every step overshoots by more than it gains. With learning rate {careful_rate:g} it is "
            "{careful:.2g} after a hundred.",
            settings=NetworkSettings(criterion="mean_squared_error", hidden=(4,)),
        ),
    )
}

NETWORK = Page(
    key="network",
    name="Network by hand",
    title="Network by hand",
    settings=NetworkSettings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
