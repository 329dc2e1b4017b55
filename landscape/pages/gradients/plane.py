"""The laboratory of the gradient in the plane: numerical against exact, across the level line, in every direction."""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from landscape.analysis.directional_derivative import Ascent
from landscape.analysis.level_line import level_line
from landscape.figures.direction import COSINE, DIRECTION, Dial, cosine, directions, slopes, steepest
from landscape.figures.layout import font_size
from landscape.figures.numeral import apart, plain
from landscape.figures.palette import THEMES
from landscape.gradients.numerical import DIFFERENCES, numerical_gradient
from landscape.gradients.pitfalls import in_place_gradient
from landscape.pages.address import change, current, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.gradients.difference import difference_fields, step
from landscape.pages.gradients.laboratory import shown
from landscape.pages.gradients.objective import ObjectiveSettings, on_a_contour_plot
from landscape.pages.markdown import literal
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import number, one_of, setting
from landscape.pages.run_controls import point_fields
from landscape.stage.figure import Handle, figure

__all__ = ["PLANE"]

Translate = Callable[[str], str]
FAR = 10  # views away: a point beyond is none that somebody means


@dataclass(frozen=True)
class PlaneSettings(ObjectiveSettings):
    """A function, a point, a direction, and how the gradient is found there."""

    direction: float = setting(30.0, number(0, 360))
    """In degrees, anticlockwise from the x axis."""
    method: str = setting("central", one_of(DIFFERENCES))
    h: float = setting(1e-4, step)

    @property
    def dial(self) -> Dial:
        left, right = self.view[0]
        return Dial(self.place, 0.17 * (right - left))

    @property
    def ascent(self) -> Ascent:
        """From the exact gradient at the point."""
        return Ascent.at(self.objective, self.place)


def task(_: Translate) -> str:
    """What is to be done."""
    return _("Drag the point, and turn the direction around it.")


def moving(settings: PlaneSettings, theme: str, under: dict[str, str]) -> None:
    """What moves with the point and the direction."""
    _ = translate(settings)[1]
    plane, figures = st.columns([1, 1.05], gap="medium")
    with plane:
        plane_figure(settings, under, theme, _)
    with figures:
        slope_figure(settings, theme, _)
        components(settings, _)
        drawn_ahead()
        fields(settings, _)


def fields(settings: PlaneSettings, _: Translate) -> None:
    """The point as numbers, and how the gradient is found there."""
    row = st.container(key="fields", horizontal=True, gap="medium")
    near = [(low - FAR * (high - low), high + FAR * (high - low)) for low, high in settings.view]
    point_fields((row, row), ("x", "y"), "point", settings.place, setter("point"), st, _, near, width=110)
    with row:
        difference_fields(settings, _)


def plane_figure(settings: PlaneSettings, under: dict[str, str], theme: str, _: Translate) -> None:
    (x, y), dial = settings.place, settings.dial
    level = level_through(settings.function, "" if settings.function else settings.formula, settings.place)
    figure(
        key="plane",
        summary=f"{_('Contour plot.')} {sentences(settings, _)}",
        theme=theme,
        projector=settings.projector,
        lines=directions(
            dial, settings.ascent, settings.direction, level, theme=theme, size=font_size(settings.projector)
        ),
        handles=[
            Handle("point", x, y, _("point"), f"x = {plain(x)}, y = {plain(y)}", THEMES[theme].text),
            Handle(
                "direction",
                *dial.at(settings.direction),
                _("direction"),
                f"{plain(settings.direction)}°",
                DIRECTION.colour[theme],
                marker=DIRECTION.symbol,
            ),
        ],
        click="point",
        moved=move,
        on=under,
        tall=1,
    )
    if not all(low <= at <= high for at, (low, high) in zip((x, y), settings.view, strict=True)):
        st.caption(_("The point lies outside of what is drawn: it is marked at the edge."))


@lru_cache(maxsize=64)
def level_through(function: str, text: str, place: tuple[float, float]) -> NDArray[np.float64]:
    """The level line, which turning the direction leaves as it is."""
    settings = PlaneSettings(function=function, formula=text)
    return level_line(settings.objective, place, settings.view)


def move(handle: str, x: float, y: float, final: bool) -> None:
    now = current()
    if handle == "point":
        change(replace(now, point=(x, y)), final=final)
    else:
        change(replace(now, direction=shown(now).dial.degrees(x, y)), final=final)


@lru_cache(maxsize=16)
def drawn_slopes(reach: float, theme: str, size: int, across: str, up: str) -> str:
    text: str = slopes(reach, theme=theme, size=size, words={"x": across, "y": up}).to_json(validate=False)
    return text


def slope_figure(settings: PlaneSettings, theme: str, _: Translate) -> None:
    """The directional derivative against the direction."""
    slope, reach = settings.ascent.slope(settings.direction), steepest(settings.ascent)
    figure(
        drawn_slopes(reach, theme, font_size(settings.projector), _("direction"), _("slope")),
        key="slopes",
        summary=f"{_('The slope against the direction: a cosine.')} {direction_sentence(settings, _)}",
        theme=theme,
        projector=settings.projector,
        lines=cosine(settings.ascent, reach, theme=theme, size=font_size(settings.projector)),
        handles=[
            Handle(
                "direction",
                settings.direction,
                slope if math.isfinite(slope) else 0.0,
                plain(slope, 4),
                f"{plain(settings.direction)}°: {plain(slope, 4)}",
                DIRECTION.colour[theme],
                moves="x",
                marker=DIRECTION.symbol,
                along=COSINE,
            )
        ],
        click="direction",
        moved=lambda handle, x, y, final: change(replace(current(), direction=float(round(x))), final=final),
        tall=0.36,
    )


def sentences(settings: PlaneSettings, _: Translate) -> str:
    """What the arrow and the dial say."""
    uphill, turned = uphill_sentence(settings, _), direction_sentence(settings, _)
    return _("{finding} {advice}").format(finding=uphill, advice=turned) if turned else uphill


def uphill_sentence(settings: PlaneSettings, _: Translate) -> str:
    """What the gradient says as an arrow."""
    ascent = settings.ascent
    if not math.isfinite(ascent.length):
        return _("f has no gradient here.")
    if not ascent.exists:
        return _("The gradient vanishes here: at first, no direction leads up or down.")
    text = _(
        "The gradient points to {angle}, the steepest way up, and is |∇f| = {length} long. Across it f stays level."
    )
    return text.format(angle=degrees(ascent.uphill), length=plain(ascent.length, 4))


def direction_sentence(settings: PlaneSettings, _: Translate) -> str:
    """What the dial says."""
    ascent, direction = settings.ascent, settings.direction
    if not ascent.exists:
        return ""
    text = _("In direction {direction} the slope is |∇f| cos φ = {length} · cos {between} = {slope}.")
    return text.format(
        direction=degrees(direction),
        length=plain(ascent.length, 4),
        between=degrees(ascent.between(direction)),
        slope=plain(ascent.slope(direction), 4),
    )


def degrees(angle: float) -> str:
    """An angle as it reads: no smaller than it can be seen."""
    return f"{plain(round(angle, 2))}°"


def components(settings: PlaneSettings, _: Translate) -> None:
    """What the arrow and the dial say; numerical against exact, component by component, and what its sign means.

    They are two elements: a direction that turns leaves the second as it is, and the browser need not read it again.
    """
    exact = settings.ascent.gradient
    numerical = numerical_gradient(settings.objective, settings.place, settings.h, settings.method)
    x, y = settings.place
    rows = [f"| ({plain(x)}, {plain(y)}) | {_('numerical')} | {_('exact')} | {_('difference')} |", "|:--|--:|--:|--:|"]
    for name, found, right in zip("xy", numerical, exact, strict=True):
        digits = apart(found, right, 2, 12)
        rows.append(f"| ∂f/∂{name} | {plain(found, digits)} | {plain(right, digits)} | {plain(found - right, 2)} |")
    table = "\n".join(rows)
    st.markdown(sentences(settings, _).replace("|∇", "|\N{WORD JOINER}∇"))  # a line may end behind the bar
    st.markdown(f"{table}\n\n{signs(exact, _)}")


def signs(gradient: tuple[float, float], _: Translate) -> str:
    """What each component's sign means."""
    x, y = gradient
    if not math.isfinite(x + y):
        return ""
    right = _("moving right raises f") if x > 0 else _("moving right lowers f") if x < 0 else _("level to the right")
    up = _("moving up raises f") if y > 0 else _("moving up lowers f") if y < 0 else _("level upwards")
    rows = []
    for name, value, meaning in (("x", x, right), ("y", y, up)):
        sign = " > 0" if value > 0 else " < 0" if value < 0 else ""
        rows.append(_("{fact}: {meaning}").format(fact=f"∂f/∂{name} = {plain(value, 4)}{sign}", meaning=meaning))
    return _("{first}; {second}.").format(first=rows[0], second=rows[1])


def integer_trap(settings: PlaneSettings, _: Translate) -> None:
    """Row by row: what a gradient that moves its argument in place answers, and what is right."""
    if settings.asking and settings.scenario == "whole_numbers":
        return  # it is the answer to the question
    st.markdown(f"#### {_('A trap: whole numbers')}")
    wrong, answers = st.columns(2, gap="medium")
    before, _docstring, after = inspect.getsource(in_place_gradient).split('"""')
    wrong.code(before.rstrip() + after, wrap_lines=True)
    rows = [f"| f(θ) = Σθ² | {_('this code')} | `ls.numerical_gradient` |", "|:--|:--|:--|"]
    rows += [f"| `{given}` | {literal(answer)} | {literal(right)} |" for given, answer, right in trapped()]
    answers.markdown("\n".join(rows))
    answers.markdown(
        _(
            "In an array of whole numbers 3 + 0.0001 is stored as 3 and 3 − 0.0001 as 2, so the difference of a whole "
            "step is divided by 0.0002. A matrix has fewer rows than entries, and the loop runs out of them. "
            "`ls.numerical_gradient` computes with floats, on a copy, in any shape."
        )
    )


def trapped() -> list[tuple[str, str, str]]:
    """Arguments, what the code that moves them in place makes of each, and the right gradient."""

    def squares(theta: Any) -> Any:
        return (theta**2).sum()

    found = []
    for given in ([3.0, 4.0], [3, 4], [[1.0, 2.0], [3.0, 4.0]]):
        try:
            answer = str(in_place_gradient(squares, np.array(given)).round(4).tolist())
        except IndexError as error:
            answer = f"IndexError: {error}"
        found.append((f"np.array({given})", answer, str(numerical_gradient(squares, given).round(4).tolist())))
    return found


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            "sixty_degrees",
            "Sixty degrees off",
            "Turn 60° away from the steepest way up: how much of its slope is left?",
            ("A third", "Half", "Nothing"),
            "Half: |∇f| cos φ = {length:.4g} · cos 60° = {slope:.4g}. At 90°, along the contour line, nothing is left, "
            "and beyond that f falls.",
            PlaneSettings(function="", formula="x^2 + y^2", point=(3.0, 4.0), direction=53.13),
        ),
        Scenario(
            "whole_numbers",
            "Whole numbers",
            "Central differences with h = 0.0001 that change their argument in place: what do they return for x² + y² "
            "at the integer array [3, 4]?",
            ("[6, 8]", "[0, 0]", "[25000, 35000]"),
            "{wrong}. In an array of whole numbers 3 + 0.0001 is stored as 3 and 3 − 0.0001 as 2. The right answer is "
            "{right}.",
            PlaneSettings(function="", formula="x^2 + y^2", point=(3.0, 4.0)),
        ),
    )
}


def facts(settings: PlaneSettings) -> dict[str, Any]:
    """What the scenarios' answers quote."""
    _argument, wrong, right = trapped()[1]
    ascent = settings.ascent
    return {"length": ascent.length, "slope": ascent.slope(ascent.uphill + 60), "wrong": wrong, "right": right}


PLANE = Page(
    key="plane",
    name="Gradient in the plane",
    title="Gradient in the plane",
    settings=PlaneSettings,
    draw=on_a_contour_plot(task, moving, integer_trap, arrows=True),
    scenarios=SCENARIOS,
    facts=facts,
    heading="Gradients",
)
