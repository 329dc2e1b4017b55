"""The laboratory of the chain rule: a formula, its computational graph, values forward and gradients back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import streamlit as st

from landscape.analysis.computational_graph import ComputationalGraph, computational_graph, inputs
from landscape.locale.sentence import filled
from landscape.objectives.notation import constants, parse
from landscape.pages.address import bound, change, current, publish, translate
from landscape.pages.formula_field import formula_field
from landscape.pages.gradients.laboratory import shown, shown_instead
from landscape.pages.header import header, press
from landscape.pages.markdown import literal
from landscape.pages.number_field import number_field
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import PageSettings, formula_setting, setting
from landscape.stage.graph import graph, graph_message, upright

__all__ = ["CHAIN"]

LARGEST = 1e6  # of an input
FIRST = 0.5  # what an input is before anybody sets it
MOST_VALUES = 40  # that the address keeps, of this formula's inputs and of earlier ones

PRESETS: dict[str, dict[str, float]] = {
    "(a*b + c)*f": {"a": 2, "b": -3, "c": 10, "f": -2},
    "sin(x^2)": {"x": 1.5},
    "sigmoid(w*x + b)": {"w": 2, "x": 0.5, "b": -0.4},
    "x*x + sin(x)": {"x": 1.5},
    "(w*x + b - y)^2": {"w": 2, "x": 3, "b": 1, "y": 12},
    "(v*relu(w*x + b) + c - y)^2": {"v": 1.5, "w": 2, "x": 1, "b": -0.5, "c": 0.2, "y": 1},
    "log(exp(a) + exp(b))": {"a": 1, "b": 2},
}
"""Formulas to start from, with the values of their inputs: products and sums, a chain, a neuron, paths that meet, a
squared error, two layers, log-sum-exp."""


def named_numbers(text: str) -> tuple[tuple[str, float], ...]:
    """Inputs and their values, as "a~2~b~-3"."""
    parts = text.split("~")
    pairs = tuple(zip(parts[::2], map(float, parts[1::2]), strict=True))
    if len(pairs) > MOST_VALUES or not all(name.isidentifier() and abs(value) <= LARGEST for name, value in pairs):
        raise ValueError(text)
    return pairs


@dataclass(frozen=True)
class ChainSettings(PageSettings):
    formula: str = formula_setting("(a*b + c)*f")
    values: tuple[tuple[str, float], ...] = setting(tuple(PRESETS["(a*b + c)*f"].items()), named_numbers)
    """Of the formula's inputs, and of those it had before: they come back when the input does."""

    def value(self, name: str) -> float:
        return dict(self.values).get(name, FIRST)

    def with_formula(self, formula: str) -> Self:
        """Another formula."""
        return replace(self, formula=formula, scenario="", revealed=False)

    def with_values(self, values: dict[str, float]) -> Self:
        """These values, the newest last, the oldest forgotten."""
        kept = {name: value for name, value in self.values if name not in values} | values
        return replace(self, values=tuple(kept.items())[-MOST_VALUES:])

    @property
    def named(self) -> tuple[str, str, str]:
        return "graph", "", self.formula

    @property
    def subject(self) -> ComputationalGraph:
        return self.graph

    def naming(self, key: str, formula: str) -> Self:
        return replace(self, formula=formula)

    @property
    def graph(self) -> ComputationalGraph:
        """FormulaError if the formula has none."""
        return computed(self.formula, tuple((name, self.value(name)) for name in inputs(self.formula)))


@st.cache_data(max_entries=200, show_spinner=False)
def computed(formula: str, values: tuple[tuple[str, float], ...]) -> ComputationalGraph:
    return computational_graph(formula, dict(values))


def draw(page: Page) -> None:
    header(page)
    laboratory(page)


@st.fragment
def laboratory(page: Page) -> None:
    settings: ChainSettings = current()
    language, _ = translate(settings)
    controls, view = st.columns([1, 3.4], gap="medium")
    with controls, st.container(key="controls", gap="small"):
        formula_field(
            "L =",
            settings.formula,
            understand=lambda text: current().with_formula(text).graph,
            there=lambda text: current().with_formula(text),
            instead=shown_instead(settings, _),
            help=_(
                "Letters are the inputs, as in a*b + c or w1 x1 + w2 x2; functions are sin, exp, log, sqrt, tanh, "
                "sigmoid, relu and others."
            ),
            _=_,
        )
        st.pills(
            _("Formulas to start from"),
            list(PRESETS),
            format_func=literal,
            wrap=True,
            **bound("preset", settings.formula if settings.formula in PRESETS else None, choose_preset),
        )
        now = shown(settings)
        value_fields(now, _)
    with view:
        with st.container(key="overview"):
            st.markdown(f"$L = {now.graph.latex}$")
            numbers_by_name(now.formula, _)
            if now.graph.kinks:
                st.caption(kinks(now.graph, _))
        message = graph_message(now.graph, projector=settings.projector, language=language, _=_, down=upright())
        graph(message, on_key=lambda key: press(page, key))
    publish("laboratory")


def numbers_by_name(text: str, _: Any) -> None:
    """Letters that could be taken for inputs, and are none."""
    sentences = {
        "e": _("e is Euler’s number 2.718…: an input needs another letter."),
        "pi": _("pi is the number π = 3.1415…: an input needs another name."),
    }
    for name in constants(parse(text, any_variables=True)):
        st.caption(sentences[name])


def kinks(drawn: ComputationalGraph, _: Any) -> str:
    """Which operations have no derivative here, and what is taken for it."""
    names = ", ".join(node.name for node in drawn.kinks)
    text = _(
        "Here {names} has no derivative: it is at a kink, a jump or a tie. By convention relu, abs and sign count as "
        "level there, and min and max give each side half; central differences look at both sides."
    )
    return filled(text, names=literal(names))


def value_fields(settings: ChainSettings, _: Any) -> None:
    """A field for every input, as the formula has them."""
    st.caption(_("The inputs’ values"))
    fields, below = st.container(key="inputs", horizontal=True, gap="small"), st.container(gap="small")
    with fields:
        for name in inputs(settings.formula):
            number_field(
                name,
                -LARGEST,
                LARGEST,
                key=f"value_{name}",
                value=settings.value(name),
                act=value_setter(name),
                below=below,
                width=130,
                _=_,
            )


def choose_preset(formula: str | None) -> None:
    if formula:
        change(replace(current().with_formula(formula), values=tuple(PRESETS[formula].items())))


def value_setter(name: str) -> Callable[[float | None], None]:
    """The action of an input's field; an empty one changes nothing."""

    def act(value: float | None) -> None:
        if value is not None:
            change(current().with_values({name: value}))

    return act


def facts(settings: ChainSettings) -> dict[str, Any]:
    """What the answers quote: the gradients by name, and the factors along the first input's first path."""
    drawn = settings.graph
    return {
        "gradient": {node.name: node.gradient for node in drawn.nodes},
        "factor": [edge.derivative for edge in next(drawn.paths(0))],
    }


def at_first(formula: str, **values: float) -> ChainSettings:
    return ChainSettings(formula=formula, values=tuple((values or PRESETS[formula]).items()))


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "one_input",
            "A nudge at one input",
            "L = (a·b + c)·f. If c grows a little, by 0.001, what does L do?",
            ("It grows by 0.001", "It falls by 0.002", "It grows by 0.002"),
            "It falls by 0.002. The way from c to L leads through a sum, whose local derivative is 1, and through the "
            "product with f, whose local derivative is f = −2: ∂L/∂c = (−2) · 1 = {gradient[c]:g}. Play it, and watch "
            "the gradient come back to c.",
            at_first("(a*b + c)*f"),
        ),
        Scenario(
            "paths_meet",
            "Where paths meet",
            "In L = x·x + sin(x) the input x is used three times. Which of the three counts for its gradient?",
            ("The steepest", "All three: they are added", "All three: they are multiplied"),
            "All three, added: along a path the local derivatives are multiplied, and where paths meet the products "
            "are added. At x = 1.5 that is 1.5 + 1.5 + cos(1.5) = {gradient[x]:.4f}.",
            at_first("x*x + sin(x)"),
        ),
        Scenario(
            "vanishing",
            "A chain of sigmoids",
            "Four sigmoids one after the other. How much of a nudge at x arrives at L?",
            ("About all of it", "About a tenth", "Less than a hundredth"),
            "Less than a hundredth: no sigmoid has a slope above ¼, and the chain rule multiplies the four slopes, "
            "{factor[0]:.3f} · {factor[1]:.3f} · {factor[2]:.3f} · {factor[3]:.3f} = {gradient[x]:.5f}. This is how "
            "gradients vanish in deep networks.",
            at_first("sigmoid(sigmoid(sigmoid(sigmoid(x))))", x=1.0),
        ),
    )
}

CHAIN = Page(
    key="chain-rule",
    name="Chain rule",
    title="Chain rule",
    settings=ChainSettings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
