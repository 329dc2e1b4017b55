"""The laboratory of numpy.gradient: a gradient from samples alone, beside the exact one, and the map of its error."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import streamlit as st

from landscape.analysis.field import View
from landscape.analysis.sampled_gradient import Quotient, SampledGradient, sampled_gradient
from landscape.figures.numeral import latex, plain
from landscape.figures.palette import THEMES
from landscape.figures.sampled_gradient import error_map, fields
from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.pitfalls import scalar_gradient
from landscape.locale.sentence import filled
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import bound, change, current, publish, setter, translate
from landscape.pages.gradients.objective import ObjectiveSettings, choose_objective, contour_plot, shown
from landscape.pages.header import header
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import setting
from landscape.stage.figure import Handle, figure, ground

__all__ = ["GRID"]

Translate = Callable[[str], str]
INTERVALS = (5, 10, 20, 40, 80)
"""Between the samples along an axis: each has half the spacing of the one before."""


def interval(text: str) -> int:
    return INTERVALS[INTERVALS.index(int(text))]


@dataclass(frozen=True)
class GridSettings(ObjectiveSettings):
    """A function, how it is sampled, and a point whose nearest sample is looked at."""

    intervals: int = setting(10, interval)
    edge_order: Literal[1, 2] = setting(1, lambda text: (1, 2)[("1", "2").index(text)])

    @property
    def found(self) -> SampledGradient:
        """The gradient from the samples."""
        text = "" if self.function else self.formula
        return sampled(self.function, text, self.view, self.intervals, self.edge_order)


@lru_cache(maxsize=32)
def sampled(function: str, text: str, view: View, intervals: int, edge_order: Literal[1, 2]) -> SampledGradient:
    objective = FUNCTIONS[function] if function else formula(text)
    return sampled_gradient(objective, view, (intervals + 1, intervals + 1), edge_order)


def draw(page: Page) -> None:
    header(page)
    settings = current()
    language, _ = translate(settings)
    theme = st.context.theme.type or "light"
    choose_objective(settings, _)
    now = shown(settings)
    plot = contour_plot(
        now.function, "" if now.function else now.formula, now.view, False, theme, now.projector, language
    )
    laboratory(ground(plot, key="grid_ground"), theme)
    scalar_trap(_)
    publish()


@st.fragment
def laboratory(under: dict[str, str], theme: str) -> None:
    """What moves with the spacing and the sample."""
    settings: GridSettings = shown(current())
    _ = translate(settings)[1]
    found = settings.found
    sampling_controls(settings, _)
    arrows, errors = st.columns(2, gap="medium")
    sample = found.nearest(settings.place)
    place = float(found.exact.x[sample[1]]), float(found.exact.y[sample[0]])
    text = f"x = {plain(place[0])}, y = {plain(place[1])}"
    look: dict[str, Any] = {
        "theme": theme,
        "projector": settings.projector,
        "handles": [Handle("sample", *place, _("sample"), text, THEMES[theme].text)],
        "click": "sample",
        "moved": lambda handle, x, y: change(replace(current(), point=(x, y))),
    }
    size = 18 if settings.projector else 12
    with arrows:
        st.markdown(_("Thick and blue: the exact gradient. Thin and red: `numpy.gradient`."))
        figure(
            fields(found, theme=theme, size=size),
            key="fields",
            summary=_("Contour plot with the exact gradient and numpy.gradient at each sample."),
            on=under,
            tall=1,
            **look,
        )
    with errors:
        st.markdown(_("How long the difference between the two is"))
        figure(
            error_map(found, theme=theme, size=size, error=_("error"), share=_("part of the longest gradient")),
            key="errors",
            summary=f"{_('Map of the error.')} {worst_sentences(found, _)}",
            tall=1,
            **look,
        )
    st.markdown(worst_sentences(found, _))
    quotients(found, sample, _)
    purposes(found, _)
    publish()


def sampling_controls(settings: GridSettings, _: Translate) -> None:
    names = {each: plain(sampled_spacing(settings, each), 4) for each in INTERVALS}
    spacing, edges = st.columns(2, gap="medium")
    spacing.select_slider(
        _("Spacing h of the samples"),
        INTERVALS,
        format_func=lambda each: f"h = {names[each]}",
        **bound("intervals", settings.intervals, setter("intervals")),
    )
    edges.segmented_control(
        _("edge_order, the differences on the border"),
        (1, 2),
        format_func={1: _("1: two samples"), 2: _("2: three samples")}.__getitem__,
        required=True,
        **bound("edge_order", settings.edge_order, setter("edge_order")),
    )


def sampled_spacing(settings: GridSettings, intervals: int) -> float:
    return replace(settings, intervals=intervals).found.spacing[0]


def worst_sentences(found: SampledGradient, _: Translate) -> str:
    """Where and how much the samples' gradient is off."""
    inside = _("Inside, the error is {error} at most ({share} of the longest gradient), at ({x}, {y}).")
    border = _("On the border it is up to {error} ({share}), at ({x}, {y}).")
    sentences = []
    for text, among in ((inside, ~found.border), (border, found.border)):
        worst = found.worst(among)
        if worst:
            row, column = worst
            sentences.append(
                text.format(
                    error=plain(float(found.error[worst]), 3),
                    share=filled("{share:.2g} %", share=100 * float(found.relative_error[worst])),
                    x=plain(float(found.exact.x[column]), 4),
                    y=plain(float(found.exact.y[row]), 4),
                )
            )
    if len(sentences) == 2:
        return _("{finding} {advice}").format(finding=sentences[0], advice=sentences[1])
    return sentences[0] if sentences else _("No sample has a gradient.")


def quotients(found: SampledGradient, sample: tuple[int, int], _: Translate) -> None:
    """The arithmetic at one sample, along x and along y, beside the exact component."""
    along_x, along_y = st.columns(2, gap="medium")
    place = {"x": plain(float(found.exact.x[sample[1]])), "y": plain(float(found.exact.y[sample[0]]))}
    axes: tuple[tuple[Any, str, Literal[0, 1]], ...] = ((along_x, "x", 0), (along_y, "y", 1))
    for column, name, axis in axes:
        quotient = found.quotient(sample, axis)
        value, exact = (float(field[axis][sample]) for field in (found.sampled, found.exact.gradient))
        column.markdown(
            f"$$\n\\begin{{aligned}} \\frac{{\\partial f}}{{\\partial {name}}} &\\approx {in_symbols(quotient, name)} "
            f"\\\\[1ex] &= {in_numbers(quotient)} = {latex(value, 5)} \\end{{aligned}}\n$$"
        )
        column.markdown(
            _("Exact at ({x}, {y}): {exact}. Off by {error}.").format(
                **place, exact=plain(exact, 5), error=plain(value - exact, 5)
            ),
        )


def in_symbols(quotient: Quotient, name: str) -> str:
    """The quotient as LaTeX with f at its neighbours."""
    terms = []
    for offset, weight in zip(quotient.offsets, quotient.weights, strict=True):
        step = "" if abs(offset) == 1 else str(abs(offset))
        place = f"{name} {'+' if offset > 0 else '-'} {step}h" if offset else name
        terms.append(f"{signed(weight)} f({place})")
    above = " ".join(terms).removeprefix("+ ")
    return rf"\frac{{{above}}}{{{'2' if quotient.divisor == 2 else ''}h}}"


def in_numbers(quotient: Quotient) -> str:
    """The quotient as LaTeX with its numbers."""
    terms = []
    for value, weight in zip(quotient.values, quotient.weights, strict=True):
        factor = signed(weight)
        number = latex(value, 6)
        number = rf"({number})" if number.startswith("-") else number
        terms.append(f"{factor} {'' if factor in '+-' else chr(92) + 'cdot '}{number}")
    above = " ".join(terms).removeprefix("+ ")
    below = latex(quotient.spacing, 4)
    return rf"\frac{{{above}}}{{{'2' + chr(92) + 'cdot ' if quotient.divisor == 2 else ''}{below}}}"


def signed(weight: int) -> str:
    sign = "+" if weight > 0 else "-"
    return sign if abs(weight) == 1 else f"{sign} {abs(weight)}"


def purposes(found: SampledGradient, _: Translate) -> None:
    """What numpy.gradient is for, and what not."""
    wrong, right = st.columns(2, gap="medium")
    wrong.markdown(
        _(
            "**The wrong tool inside an optimizer.** An optimizer asks at one point after another. The grid answers at "
            "its samples only, no better than its spacing, and needs {count} values of f for it. A central difference "
            "at one point takes 4, automatic differentiation a single pass."
        ).format(count=found.exact.loss.size)
    )
    right.markdown(
        _(
            "**The right tool for measured data.** Heights, temperatures, an image: there is no formula to "
            "differentiate and nothing between the samples. Then differences of neighbours are all there is, and "
            "`edge_order=2` keeps the border as good as the inside."
        )
    )


def scalar_trap(_: Translate) -> None:
    """numpy.gradient of a single value, the reason, and what is right."""

    def square(p: Any) -> Any:
        return p**2

    st.markdown(f"#### {_('A trap: the gradient of one number')}")
    wrong, right = st.columns(2, gap="medium")
    with wrong:
        st.code(f">>> p = 2.0\n>>> np.gradient(p**2)\n{scalar_gradient(square, 2.0)!r}", language="python")
        st.markdown(
            _(
                "**Wrong.** `np.gradient` gets one number, 4, and not the function. It takes differences between "
                "neighbouring samples; one number has no neighbours, so nothing comes back."
            )
        )
    with right:
        gradient = numerical_gradient(square, 2.0)
        step = plain(2.0 - 0.1 * gradient)
        st.code(f">>> p - 0.1 * ls.numerical_gradient(lambda p: p**2, p)\n{step}", language="python")
        st.markdown(
            _(
                "**Right.** The function itself is asked beside p. Its slope at 2 is {gradient}, and one step of "
                "gradient descent with learning rate 0.1 leads to {step}."
            ).format(gradient=plain(gradient), step=step)
        )


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "half_the_spacing",
            "Half the spacing",
            "Sampled twice as densely: what is left of the error of numpy.gradient, with edge_order 1?",
            ("Half everywhere", "A quarter inside, half on the border", "A quarter everywhere"),
            "A quarter inside, half on the border. At ({x:.3g}, {y:.3g}) it falls from {inside[0]:.3g} to "
            "{inside[1]:.3g}, for a central difference is off by h² · f‴/6; on the border, at ({x0:.3g}, {y:.3g}), "
            "from {border[0]:.3g} to {border[1]:.3g}, for a difference to one side is off by h · f″/2.",
            GridSettings(point=(2.2, 2.2), intervals=10),
        ),
    )
}


def facts(settings: GridSettings) -> dict[str, Any]:
    """What the answer quotes: errors at the same two places, with the spacing of the settings and with half of it."""
    x, y = settings.place
    x0 = settings.view[0][0]
    both = [settings.found, replace(settings, intervals=2 * settings.intervals).found]
    return {
        "x": x,
        "y": y,
        "x0": x0,
        "inside": [float(found.error[found.nearest((x, y))]) for found in both],
        "border": [float(found.error[found.nearest((x0, y))]) for found in both],
    }


GRID = Page(
    key="numpy-gradient",
    name="numpy.gradient",
    title="numpy.gradient",
    settings=GridSettings,
    draw=draw,
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
