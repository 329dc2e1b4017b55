"""The laboratory of numpy.gradient: a gradient from samples alone, beside the exact one, and the map of its error."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import streamlit as st

from landscape.analysis.field import View
from landscape.analysis.sampled_gradient import Quotient, SampledGradient, sampled_gradient
from landscape.figures.layout import font_size
from landscape.figures.line import Line
from landscape.figures.numeral import latex, plain
from landscape.figures.palette import THEMES
from landscape.figures.sampled_gradient import axes, error_axes, error_map, fields
from landscape.figures.sprint import sprint
from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.pitfalls import scalar_gradient
from landscape.gradients.sprint import METRES, SECONDS, speeds
from landscape.locale.sentence import filled
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.address import bound, change, current, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.gradients.objective import ObjectiveSettings, on_a_contour_plot
from landscape.pages.ladder import ladder
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import setting
from landscape.stage.figure import Handle, figure

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
    def sampling(self) -> "Sampling":
        """What decides the gradient from the samples."""
        return self.function, "" if self.function else self.formula, self.view, self.intervals, self.edge_order

    @property
    def found(self) -> SampledGradient:
        """The gradient from the samples."""
        return sampled(*self.sampling)


Sampling = tuple[str, str, View, int, Literal[1, 2]]


@lru_cache(maxsize=32)
def sampled(function: str, text: str, view: View, intervals: int, edge_order: Literal[1, 2]) -> SampledGradient:
    objective = FUNCTIONS[function] if function else formula(text)
    return sampled_gradient(objective, view, (intervals + 1, intervals + 1), edge_order)


def task(_: Translate) -> str:
    """What is to be done."""
    return _("`numpy.gradient` sees samples alone, and compares neighbours. Change their spacing, and click one.")


def moving(settings: GridSettings, theme: str, under: dict[str, str]) -> None:
    """What moves with the spacing and the sample."""
    _ = translate(settings)[1]
    found = settings.found
    controls, arrows, errors = st.columns([1, 1.75, 1.75], gap="medium")
    sample = found.nearest(settings.place)
    place = float(found.exact.x[sample[1]]), float(found.exact.y[sample[0]])
    text = f"x = {plain(place[0])}, y = {plain(place[1])}"
    look: dict[str, Any] = {"theme": theme, "projector": settings.projector, "click": "sample", "moved": move}
    size = font_size(settings.projector)
    with arrows:
        st.markdown(_("Thick, blue: exact. Thin, red: `numpy.gradient`."))
        figure(
            drawn_axes(settings.sampling, theme),
            key="fields",
            summary=_("Contour plot with the exact gradient and numpy.gradient at each sample."),
            on=under,
            lines=arrow_fields(settings.sampling, theme, size),
            handles=[Handle("sample", *place, _("sample"), text, THEMES[theme].text)],
            tall=0.86,
            **look,
        )
    with errors:
        st.markdown(_("How far apart the two are"))
        error = _("error {error}").format(error=plain(float(found.error[sample]), 3))
        figure(
            drawn_error_axes(settings.sampling, theme, size, _("part of the longest gradient")),
            key="errors",
            summary=f"{_('Map of the error.')} {worst_sentences(found, _)}",
            cells=error_map(found, theme=theme),
            handles=[Handle("sample", *place, error, f"{text}: {error}", THEMES[theme].text)],
            tall=0.86,
            **look,
        )
    drawn_ahead()
    with controls:
        sampling_controls(settings, _)
    asked = _("For this grid f was asked {count} times; a central difference at one point asks it 4 times.")
    said = [worst_sentences(found, _), asked.format(count=found.exact.loss.size)]
    if found.missing:
        left_out = _("At {count} samples, grey on the map, one of the two gradients does not exist: they are left out.")
        said.insert(1, left_out.format(count=found.missing))
    st.markdown(" ".join(said))
    # Its label is always the same: with another one it would be another, and closed.
    arithmetic = st.expander(_("The arithmetic at the sample"), key="arithmetic", on_change="rerun")
    if arithmetic.open:  # formulas cost a browser more than all else here
        with arithmetic:
            quotients(found, sample, _)


@lru_cache(maxsize=16)
def drawn_axes(sampling: Sampling, theme: str) -> str:
    text: str = axes(sampled(*sampling), theme=theme).to_json(validate=False)
    return text


@lru_cache(maxsize=16)
def arrow_fields(sampling: Sampling, theme: str, size: int) -> list[Line]:
    return fields(sampled(*sampling), theme=theme, size=size)


@lru_cache(maxsize=16)
def drawn_error_axes(sampling: Sampling, theme: str, size: int, share: str) -> str:
    text: str = error_axes(sampled(*sampling), theme=theme, size=size, share=share).to_json(validate=False)
    return text


def move(handle: str, x: float, y: float, final: bool) -> None:
    change(replace(current(), point=(x, y)), final=final)


def sampling_controls(settings: GridSettings, _: Translate) -> None:
    names = {each: plain(sampled_spacing(settings, each), 4) for each in INTERVALS}
    ladder(
        _("Spacing h of the samples"),
        INTERVALS,
        settings.intervals,
        key="intervals",
        act=setter("intervals"),
        name=lambda each: f"h = {names[each]}",
    )
    st.pills(
        _("edge_order, the differences on the border"),
        (1, 2),
        format_func={1: _("1: two samples"), 2: _("2: three samples")}.__getitem__,
        required=True,
        wrap=True,
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


def purposes(settings: GridSettings, _: Translate) -> None:
    """What numpy.gradient is for, and what not."""
    measured(settings, _)
    scalar_trap(_)


def measured(settings: GridSettings, _: Translate) -> None:
    """A race of which only a few times are known."""
    st.markdown(f"#### {_('Measured data: the right tool')}")
    picture, words = st.columns(2, gap="medium")
    theme = st.context.theme.type or "light"
    names = _("time in s"), _("distance in m"), _("speed in m/s")
    with picture:
        figure(
            drawn_sprint(theme, font_size(settings.projector), *names),
            key="sprint",
            summary=_("Distance and speed of a sprinter against time."),
            theme=theme,
            projector=settings.projector,
            tall=0.6,
        )
    with words:
        st.markdown(
            _(
                "Usain Bolt’s 9.58 s over 100 m, Berlin 2009: a time was taken every 20 m. There is no formula to "
                "differentiate and nothing between the samples, so differences of neighbours are all there is."
            )
        )
        rows = [f"| {names[0]} | {names[1]} | {names[2]} |", "|--:|--:|--:|"]
        rows += [
            f"| {plain(float(second))} | {plain(float(metre))} | {plain(float(speed), 4)} |"
            for second, metre, speed in zip(SECONDS, METRES, speeds(), strict=True)
        ]
        st.code(">>> np.gradient(distance, time)", language="python")
        st.markdown("\n".join(rows))
        st.markdown(
            _(
                "The times are not evenly spaced, and `np.gradient` takes that into account. At both ends a neighbour "
                "is missing: there it gives the mean speed of the only interval. At the start he stood still."
            )
        )


@lru_cache(maxsize=8)
def drawn_sprint(theme: str, size: int, time: str, distance: str, speed: str) -> str:
    words = {"time": time, "distance": distance, "speed": speed}
    text: str = sprint(theme=theme, size=size, words=words).to_json(validate=False)
    return text


def scalar_trap(_: Translate) -> None:
    """Why it is no tool for an optimizer; numpy.gradient of a single value, the reason, and what is right."""

    def square(p: Any) -> Any:
        return p**2

    st.markdown(f"#### {_('Inside an optimizer: the wrong tool')}")
    st.markdown(
        _(
            "An optimizer asks at one point after another. The grid answers at its samples only, no better than its "
            "spacing, and asks f everywhere else too. Automatic differentiation takes a single pass."
        )
    )
    st.markdown(f"**{_('A trap: the gradient of one number')}**")
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
    draw=on_a_contour_plot(task, moving, purposes, arrows=False),
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
