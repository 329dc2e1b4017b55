"""The laboratory of common functions: their slopes, where they saturate, softmax's Jacobian, and s − y."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import plotly.graph_objects as go
import streamlit as st

from landscape.figures.activation import REACH, VALUE, activation_curves, tangent
from landscape.figures.layout import font_size
from landscape.figures.numeral import plain
from landscape.figures.palette import THEMES
from landscape.figures.softmax import (
    LOGITS,
    decimals,
    jacobian_axes,
    jacobian_map,
    logit_axes,
    logit_bars,
    push_axes,
    push_bars,
)
from landscape.gradients.activations import (
    ACTIVATIONS,
    SATURATED,
    Activation,
    linear,
    linear_partials,
    softmax_output,
)
from landscape.gradients.softmax import SoftmaxLoss, softmax_jacobian, softmax_loss
from landscape.locale.sentence import filled
from landscape.pages.address import bound, change, current, publish, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.header import header
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import PageSettings, number, numbers, one_of, setting, whole
from landscape.stage.figure import Handle, figure

__all__ = ["COMMON_FUNCTIONS"]

Translate = Callable[[str], str]
SHOWN = (-1.0, 0.0, 2.0)  # the points of the table
SOFTMAX = "softmax"
FUNCTIONS = (*ACTIVATIONS, SOFTMAX)
"""What there is to choose. Of softmax, its first output against its own logit, which is the first of those below."""


def some_logits(text: str) -> tuple[float, ...]:
    found = numbers(text.count("~") + 1)(text)
    if len(found) not in (3, 4) or max(map(abs, found)) > LOGITS:
        raise ValueError(text)
    return found


@dataclass(frozen=True)
class FunctionsSettings(PageSettings):
    """An activation and a point of it; logits and the class that is right."""

    activation: str = setting("sigmoid", one_of(FUNCTIONS))
    x: float = setting(1.0, number(-REACH, REACH))
    weight: float = setting(2.0, number(-3, 3))
    bias: float = setting(1.0, number(-3, 3))
    logits: tuple[float, ...] = setting((2.0, 1.0, 0.1), some_logits)
    label: int = setting(0, whole(0, 3))

    def mended(self) -> tuple[Self, list[str]]:
        """A right class that there is."""
        return (self, []) if self.label < len(self.logits) else (replace(self, label=0), ["label"])

    @property
    def curve(self) -> Activation:
        """What is drawn."""
        return chosen(*self.named)

    @property
    def named(self) -> tuple[str, float, float, tuple[float, ...]]:
        """What decides the curve."""
        return self.activation, self.weight, self.bias, self.logits[1:] if self.activation == SOFTMAX else ()

    @property
    def point(self) -> float:
        """Where on the curve."""
        return self.logits[0] if self.activation == SOFTMAX else self.x

    @property
    def at(self) -> tuple[float, float]:
        """Value and slope there."""
        value, slope = self.curve.value_and_slope(self.point)
        return float(value), float(slope)

    def with_logit(self, place: int, value: float) -> Self:
        """The same with another logit, as large as one may be."""
        value = max(-LOGITS, min(value, LOGITS))
        return replace(self, logits=(*self.logits[:place], value, *self.logits[place + 1 :]))

    @property
    def loss(self) -> SoftmaxLoss:
        """The cross-entropy over the logits."""
        return softmax_loss(self.logits, self.label)


def chosen(activation: str, weight: float, bias: float, held: tuple[float, ...]) -> Activation:
    if activation == SOFTMAX:
        return softmax_output(held)
    return linear(weight, bias) if activation == "linear" else ACTIVATIONS[activation]


@lru_cache(maxsize=64)
def drawn_curves(named: tuple[str, float, float, tuple[float, ...]], theme: str, size: int, saturated: str) -> str:
    text: str = activation_curves(chosen(*named), theme=theme, size=size, saturated=saturated).to_json(validate=False)
    return text


def draw(page: Page) -> None:
    header(page)
    settings, theme = current(), st.context.theme.type or "light"
    _ = translate(settings)[1]
    st.pills(
        _("Function"),
        list(FUNCTIONS),
        format_func=lambda key: _(ACTIVATIONS[key].name) if key in ACTIVATIONS else _("Softmax"),
        required=True,
        wrap=True,
        **bound("activation", settings.activation, setter("activation")),
    )
    if settings.activation == SOFTMAX:
        together(theme, activation, softmax)  # the point on the curve is a logit of below
    else:
        together(theme, activation)
        together(theme, softmax)
    publish()


@st.fragment
def together(theme: str, *parts: Callable[[str], Callable[[], None]]) -> None:
    """Parts of the page of which what moves one moves the other, or a single one: figures first, and then the words."""
    words = [part(theme) for part in parts]
    drawn_ahead()
    for each in words:
        each()
    publish("_".join(part.__name__ for part in parts))


def activation(theme: str) -> Callable[[], None]:
    """One function of one number: what moves with x. Returned is what draws the words beside it."""
    settings = current()
    _ = translate(settings)[1]
    size = font_size(settings.projector)
    picture, words = st.columns([1.5, 1], gap="medium")
    with picture:
        figure(
            drawn_curves(settings.named, theme, size, _("saturated")),
            key="activation",
            summary=f"{_(settings.curve.name)}: {point_text(settings)}. {saturation_sentence(settings, _)}",
            theme=theme,
            projector=settings.projector,
            lines=tangent(settings.curve, settings.point, theme=theme, size=size),
            handles=[
                Handle(
                    "x",
                    settings.point,
                    settings.at[0],
                    "x",
                    point_text(settings),
                    VALUE.colour[theme],
                    moves="x",
                    along="f",
                )
            ],
            click="x",
            moved=move_point,
            tall=0.62,
        )

    def told() -> None:
        with words:
            activation_words(settings, _)

    return told


def move_point(handle: str, x: float, y: float, final: bool) -> None:
    now = current()
    change(now.with_logit(0, x) if now.activation == SOFTMAX else replace(now, x=x), final=final)


def point_text(settings: FunctionsSettings) -> str:
    value, slope = settings.at
    x = plain(settings.point, 4)
    return f"f({x}) = {plain(value, 4)}, f′({x}) = {plain(slope, 4)}"


def activation_words(settings: FunctionsSettings, _: Translate) -> None:
    """The function's formulas and numbers."""
    curve = settings.curve
    formulas = f"f(x) &= {curve.formula} \\\\[0.6ex] f'(x) &= {curve.derivative}"
    todo = _("Drag x along the curve: its slope there is what comes back through it.")
    if curve.key == "linear":
        for name, label, value in (("weight", "w", settings.weight), ("bias", "b", settings.bias)):
            st.slider(label, -3.0, 3.0, step=0.1, **bound(name, value, setter(name)))
    columns = sorted({settings.point, *SHOWN})
    values, slopes = curve.value_and_slope(columns)

    def cell(x: float, value: float) -> str:
        return f"**{plain(value, 4)}**" if x == settings.point else plain(value, 4)

    rows = [
        "| x | " + " | ".join(plain(each, 4) for each in columns) + " |",
        "|:--|" + "--:|" * len(columns),
        *(
            f"| {name} | " + " | ".join(map(cell, columns, map(float, row))) + " |"
            for name, row in (("f(x)", values), ("f′(x)", slopes))
        ),
    ]
    said = [todo, f"$$\n\\begin{{aligned}} {formulas} \\end{{aligned}}\n$$", "\n".join(rows)]
    if curve.key == "linear":
        partials = linear_partials(settings.x, settings.weight, settings.bias)
        text = _("As a layer, y = w x + b has the gradients ∂y/∂w = x = {w}, ∂y/∂b = {b} and ∂y/∂x = w = {x}.")
        said.append(text.format(**{name: plain(value, 4) for name, value in partials.items()}))
    if curve.key == SOFTMAX:
        said.append(softmax_sentence(settings, _))
    said.append(_("{finding} {advice}").format(finding=_(curve.about), advice=saturation_sentence(settings, _)))
    st.markdown("\n\n".join(said))


def softmax_sentence(settings: FunctionsSettings, _: Translate) -> str:
    """Which output of softmax it is, and its slope with numbers."""
    s, slope = settings.at
    text = _(
        "x is the first of the logits below; the others stay fixed: {held}. The slope is the first entry of the "
        "Jacobian, {s} · (1 − {s}) = {slope}."
    )
    held = ", ".join(f"x{'₂₃₄'[i]} = {plain(value, 3)}" for i, value in enumerate(settings.logits[1:]))
    return text.format(held=held, s=plain(s, 4), slope=plain(slope, 4))


def saturation_sentence(settings: FunctionsSettings, _: Translate) -> str:
    """Where the function lets hardly any gradient through."""
    below, above = settings.curve.saturation
    finite = [plain(edge, 3) for edge in (below, above) if abs(edge) < REACH * 10]
    share = {"share": filled("{share:g} %", share=100 * SATURATED)}
    if len(finite) == 2:
        text = _("Shaded, below {low} and above {high}, it saturates: its slope is less than {share} of the largest.")
        return text.format(low=finite[0], high=finite[1], **share)
    if finite:
        text = _("Shaded, below {low}, it saturates: its slope is less than {share} of the largest.")
        return text.format(low=finite[0], **share)
    return _("It saturates nowhere.")


@lru_cache(maxsize=16)
def drawn_axes(axes: Callable[..., go.Figure], classes: int, theme: str, size: int) -> str:
    text: str = axes(classes, theme=theme, size=size).to_json(validate=False)
    return text


def softmax(theme: str) -> Callable[[], None]:
    """Logits to probabilities, and what comes back: what moves with a logit and the right class.

    Returned is what draws the controls above the figures and the words below.
    """
    settings = current()
    _ = translate(settings)[1]
    st.markdown(f"#### {_('Softmax and cross-entropy')}")
    size = font_size(settings.projector)
    above = st.container(horizontal=True, gap="large")
    loss, jacobian = settings.loss, softmax_jacobian(settings.logits)
    look: dict[str, Any] = {"theme": theme, "projector": settings.projector}
    logits, changes, pushes = st.columns(3, gap="medium")
    with logits:
        st.markdown(_("**Logits x**, to be dragged"))
        figure(
            drawn_axes(logit_axes, len(settings.logits), theme, size),
            key="logits",
            summary=_("Logits as bars."),
            lines=logit_bars(settings.logits, theme=theme),
            handles=[
                Handle(
                    f"x{i + 1}",
                    i + 1,
                    value,
                    plain(value, 3),
                    f"x{i + 1} = {plain(value, 3)}",
                    THEMES[theme].text,
                    moves="y",
                )
                for i, value in enumerate(settings.logits)
            ],
            moved=move_logit,
            tall=0.8,
            **look,
        )
    with changes:
        st.markdown(f"**{_('Jacobian')}** $\\;\\partial s_i / \\partial x_j = s_i(\\delta_{{ij}} - s_j)$")
        rows = "; ".join(", ".join(decimals(float(entry)) for entry in row) for row in jacobian)
        figure(
            drawn_axes(jacobian_axes, len(settings.logits), theme, size),
            key="jacobian",
            lines=jacobian_map(jacobian, theme=theme),
            summary=f"{_('Jacobian of softmax, row by row:')} {rows}",
            tall=0.8,
            **look,
        )
    with pushes:
        st.markdown(_("**Cross-entropy** sends back $s - y$"))
        figure(
            drawn_axes(push_axes, len(settings.logits), theme, size),
            key="pushes",
            lines=push_bars(loss, theme=theme),
            summary=loss_sentence(settings, _),
            tall=0.8,
            **look,
        )
    below = st.container()

    def told() -> None:
        with above:
            st.segmented_control(
                _("Classes"), (3, 4), required=True, wrap=True, **bound("classes", len(settings.logits), choose_classes)
            )
            st.segmented_control(
                _("The right class"),
                range(len(settings.logits)),
                format_func=lambda each: str(each + 1),
                required=True,
                wrap=True,
                **bound("label", settings.label, setter("label")),
            )
        below.markdown(loss_sentence(settings, _))

    return told


def loss_sentence(settings: FunctionsSettings, _: Translate) -> str:
    """The loss and its gradient in words."""
    loss = settings.loss
    text = _(
        "With probabilities s = ({s}) the loss is −ln s{label} = {loss}, and its gradient in the logits s − y = "
        "({gradient}): descent raises the right one and lowers all others, by what they are off."
    )
    return text.format(
        s=", ".join(decimals(float(each)) for each in loss.probabilities),
        label="₁₂₃₄"[settings.label],
        loss=plain(loss.loss, 4),
        gradient=", ".join(decimals(float(each)) for each in loss.gradient),
    )


def choose_classes(count: int) -> None:
    now = current()
    logits = (*now.logits, 0.0)[:count]
    change(replace(now, logits=logits, label=min(now.label, count - 1)))


def move_logit(handle: str, x: float, y: float, final: bool) -> None:
    change(current().with_logit(int(handle[1:]) - 1, y), final=final)


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "sigmoid_at_six",
            "Through a sigmoid",
            "A gradient comes back through a sigmoid whose input is 6. How much of it arrives?",
            ("About a quarter", "About 2 %", "About 0.2 %"),
            "About 0.2 %: f′(6) = f(6) · (1 − f(6)) = {six:.4f}, one part in {parts:.0f}. Even in the middle, at 0, it "
            "is only {zero:g}. Move the point to 6.",
            FunctionsSettings(activation="sigmoid", x=2.0),
        ),
        Scenario(
            "right_class",
            "Who is pushed hardest?",
            "The right class changes from the first to the third, the least likely one. Whose logit is pushed hardest?",
            ("The first: it is the most wrong", "The third: it is the right one", "All alike"),
            "The third, upwards by {pushes[2]:.3f}: as much as the first and the second are pushed down together, by "
            "{pushes[0]:.3f} and {pushes[1]:.3f}. s − y always adds up to 0.",
            FunctionsSettings(label=0),
        ),
    )
}


def facts(settings: FunctionsSettings) -> dict[str, Any]:
    """What the answers quote: slopes of the sigmoid, and the gradient's parts by size when the third class is right."""
    zero, six = ACTIVATIONS["sigmoid"].value_and_slope([0, 6])[1].tolist()
    gradient = replace(settings, label=2).loss.gradient
    return {"zero": zero, "six": six, "parts": 1 / six, "pushes": abs(gradient).tolist()}


COMMON_FUNCTIONS = Page(
    key="common-functions",
    name="Common functions",
    title="Common functions",
    settings=FunctionsSettings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
