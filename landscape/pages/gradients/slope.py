"""The laboratory of the slope: a secant that turns into the tangent as h becomes small."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from landscape.figures.layout import font_size
from landscape.figures.numeral import aligned, apart, latex, plain
from landscape.figures.palette import RUNS
from landscape.figures.slope import (
    CURVE,
    DIFFERENCE_STYLES,
    Words,
    graph,
    magnified,
    magnifier,
    secant_lines,
)
from landscape.gradients.numerical import DIFFERENCES
from landscape.gradients.secant import Secant, secant
from landscape.locale.sentence import filled
from landscape.objectives.curve import CURVES, curve
from landscape.pages.address import change, current, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.gradients.curve import CurveSettings, no_derivative, on_a_curve, point_field
from landscape.pages.gradients.difference import complex_step, difference_fields, method_names, nearest_step, step
from landscape.pages.gradients.laboratory import shown
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import one_of, setting
from landscape.stage.figure import Handle, figure

__all__ = ["SLOPE"]

Translate = Callable[[str], str]


@dataclass(frozen=True)
class SlopeSettings(CurveSettings):
    """A curve, a point, and how its slope is found there."""

    h: float = setting(1.0, step)
    method: str = setting("forward", one_of(DIFFERENCES))

    @property
    def veiled(self) -> bool:
        """Is the slope that the difference gives what the open question asks for?"""
        return self.asking and self.scenario == "kink"

    def secant(self, method: str | None = None) -> Secant:
        """The difference quotient, of this method or another, beside the exact slope; NaN where there is none."""
        slopes = self.shape.slopes(self.point)
        exact = slopes[0] if slopes[0] == slopes[1] and np.isfinite(slopes[0]) else np.nan
        return secant(self.shape, self.point, self.h, method or self.method, exact=exact)


def task(settings: SlopeSettings, _: Translate) -> str:
    """What is to be done."""
    if settings.veiled:
        return _("The secant comes with the answer. Until then: drag x + h, and think about what is divided.")
    return _("Drag x + h towards x, or make h smaller: the secant turns into the tangent.")


def moving(settings: SlopeSettings, theme: str) -> None:
    """What moves with the point and with h."""
    _ = translate(settings)[1]
    found = settings.secant()
    controls, whole, near = st.columns([1, 2.3, 1.5], gap="medium")
    with whole:
        curve_figure(settings, found, theme, _)
        quotient(settings, found, _)
    with near:
        near_figure(settings, found, theme, _)
    drawn_ahead()
    with controls:
        difference_fields(settings, _)
        point_field(settings, _)
        st.page_link(
            st.Page(lambda: None, title=_("Which h?"), url_path="step-size"),
            label=_("Which h is best?"),
            icon=":material/query_stats:",
            query_params=settings.elsewhere(),
        )


@lru_cache(maxsize=64)
def drawn_graph(key: str, formula: str, view: tuple[float, float], theme: str, size: int) -> str:
    text: str = graph(CURVES[key] if key else curve(formula), view, theme=theme, size=size).to_json(validate=False)
    return text


@lru_cache(maxsize=4)
def drawn_magnifier(theme: str, size: int) -> str:
    text: str = magnifier(theme=theme, size=size).to_json(validate=False)
    return text


def words(found: Secant, _: Translate) -> Words:
    tangent = _("tangent, slope {slope}") if np.isfinite(found.exact) else _("no tangent")
    secant = _("secant, slope {slope}") if found.end else _("complex step, slope {slope}")
    if not np.isfinite(found.slope):
        secant = _("no secant")
    digits = max(5, min(7, apart(found.exact, found.slope, 2)))
    return Words(tangent.format(slope=plain(found.exact, digits)), secant.format(slope=plain(found.slope, digits)))


def curve_figure(settings: SlopeSettings, found: Secant, theme: str, _: Translate) -> None:
    view = settings.shape.around(settings.point)
    height = float(settings.shape(found.x))
    point = Handle(
        "point",
        found.x,
        height,
        "x",
        f"x = {plain(found.x)}, f(x) = {plain(height)}",
        RUNS[0].colour[theme],
        "x",
        along=CURVE,
    )
    handles = [point]
    if found.end:
        text = _("h = {h}").format(h=plain(found.h, 3))
        style = DIFFERENCE_STYLES[found.method]
        label = "x − h" if found.method == "backward" else "x + h"
        least = smallest_h(settings)
        ends = {"most": found.x - least} if found.method == "backward" else {"least": found.x + least}
        handles.append(Handle("h", *found.end, label, text, style.colour[theme], "x", style.symbol, CURVE, **ends))
    size = font_size(settings.projector)
    figure(
        drawn_graph(settings.curve, "" if settings.curve else settings.formula, view, theme, size),
        key="slope",
        summary=curve_summary(settings, found, _),
        theme=theme,
        projector=settings.projector,
        lines=secant_lines(
            settings.shape, found, view, theme=theme, words=words(found, _), size=size, veiled=settings.veiled
        ),
        handles=handles,
        click="point",
        moved=move,
        tall=0.62 if settings.projector else 0.68,
    )


def curve_summary(settings: SlopeSettings, found: Secant, _: Translate) -> str:
    """What the picture shows, in words."""
    if settings.veiled:
        return filled(_("The curve f(x) = {formula}."), formula=settings.shape.text)
    return _(
        "The curve f(x) = {formula}, its tangent of slope {exact} at x = {x}, a secant of slope {slope}, h = {h}."
    ).format(
        formula=settings.shape.text,
        x=plain(found.x),
        h=plain(found.h, 2),
        exact=plain(found.exact),
        slope=plain(found.slope),
    )


def smallest_h(settings: SlopeSettings) -> float:
    """The smallest h that a hand at the secant's end sets, about a pixel's, unless it is smaller already."""
    left, right = settings.shape.view
    return min(settings.h, nearest_step((right - left) / 1000))


def move(handle: str, x: float, y: float, final: bool) -> None:
    now = current()
    h = nearest_step(abs(x - shown(now).point))
    change(replace(now, x=x) if handle == "point" else replace(now, h=h), final=final)


def near_figure(settings: SlopeSettings, found: Secant, theme: str, _: Translate) -> None:
    """The same from so near that h is wide, and what every difference gives at this h."""
    st.markdown(f"**{_('Magnified: from x − 2.5h to x + 2.5h')}**")
    size = font_size(settings.projector)
    lines = magnified(settings.shape, found, theme=theme, size=size, veiled=settings.veiled)
    figure(
        drawn_magnifier(theme, size),
        key="magnified",
        summary=_("The same from x − 2.5h to x + 2.5h, where h = {h}.").format(h=plain(found.h, 2)),
        theme=theme,
        projector=settings.projector,
        lines=lines,
        tall=0.54,
    )
    st.markdown("" if settings.veiled else differences(settings, _))


def differences(settings: SlopeSettings, _: Translate) -> str:
    """What every difference gives at this h, as a table."""
    names = method_names(_)
    rows = [f"| {_('Difference')} | {_('slope')} | {_('error')} |", "|---|---|---|"]
    for method in DIFFERENCES:
        other = settings.secant(method)
        cells = [names[method], plain(other.slope, 7), plain(other.error, 2)]
        rows.append("| " + " | ".join(f"**{cell}**" if method == settings.method else cell for cell in cells) + " |")
    return "\n".join(rows)


def quotient(settings: SlopeSettings, found: Secant, _: Translate) -> None:
    """The formula with its numbers, and what is to be said about it."""
    known = not settings.veiled and np.isfinite([float(settings.shape(found.x)), found.slope]).all()
    worked = typeset(found) if known else DIFFERENCES[found.method].latex
    broken = worked.replace(" = ", r" \allowbreak = \nobreak ")  # a further line begins with its sign
    formula = rf"$\displaystyle f'(x) \approx {broken}$"
    stairs = _("The stairs in the magnifier are neighbouring 64-bit numbers: between two of them there is nothing.")
    said = [*([] if settings.veiled else [finding(settings, found, _)]), *([stairs] if found.stairs else [])]
    if found.end is None:
        said.append(complex_step(_))
    st.markdown(f"{formula}\n\n{' '.join(said)}")


def typeset(found: Secant) -> str:
    """The quotient in symbols, with its points, with its values, and what it gives."""
    symbols, below = DIFFERENCES[found.method].latex, latex(found.divisor, 3)
    if found.end is None:
        (point,), (value,) = found.points, found.values
        asked = rf"\operatorname{{Im}} f({latex(point.real)} + {latex(point.imag, 3)}\,i)"
        answered, worth = latex(value.imag, 6), 5
    else:
        (left, right), (low, high) = ([each.real for each in pair] for pair in (found.points, found.values))
        digits, (low_digits, high_digits, worth) = apart(left, right), aligned(low, high)
        asked = f"f({latex(right, digits)}) - f({latex(left, digits)})"
        answered = f"{latex(high, high_digits)} - {bracketed(latex(low, low_digits))}"
    steps = symbols, rf"\frac{{{asked}}}{{{below}}}", rf"\frac{{{answered}}}{{{below}}}", latex(found.slope, worth)
    return " = ".join(steps)


def bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def finding(settings: SlopeSettings, found: Secant, _: Translate) -> str:
    """What the quotient is worth."""
    missing = no_derivative(settings.shape, found.x, _)
    if not np.isfinite(float(settings.shape(found.x))):
        return missing
    if found.same:
        return _("At this h, x + h is the same number as x in 64 bit: there is nothing left to divide.")
    if not np.isfinite(found.slope):
        if np.isnan(found.values).any():
            return _("The difference reaches where the curve has no value, so it has none either.")
        if np.isfinite(found.values).all():
            return missing or _("The quotient is too large for a 64-bit number: beyond 1.8 × 10³⁰⁸.")
        return _(
            "The difference reaches where the curve has no value, or one too large for a 64-bit number, so it has none "
            "either."
        )
    if missing:
        gives = _("The difference gives {slope} all the same, and says nothing of it.")
        return f"{missing} {filled(gives, slope=plain(found.slope, 4))}"
    if found.error == 0:
        return _("The exact slope is {exact}. The difference meets it to the last digit.").format(
            exact=plain(found.exact, 7)
        )
    text = _("The exact slope is {exact}. The difference is off by {error}.")
    return text.format(exact=plain(found.exact, 7), error=f"**{plain(found.error, 3)}**")


def facts(settings: SlopeSettings) -> dict[str, Any]:
    """Slopes that an answer quotes: of each method, and of the forward difference with h = 1, 0.5, 0.1, 0.01."""
    found = {method: plain(settings.secant(method).slope, 4) for method in DIFFERENCES}
    for name, h in {"a": 1.0, "b": 0.5, "c": 0.1, "d": 0.01}.items():
        found[name] = plain(replace(settings, h=h).secant("forward").slope, 4)
    found["exact"] = plain(settings.secant().exact, 4)
    return found


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            key="secant_to_tangent",
            title="From the secant to the tangent",
            question="x² at 1: with h = 1 the forward difference gives 3. What does it give with h = 0.1?",
            choices=("2.9", "2.5", "2.1", "2"),
            answer="{c}. With h = 1, 0.5, 0.1 and 0.01 it gives {a}, {b}, {c} and {d}: 2x + h, so the error is h "
            "itself. The central difference gives {central} at once.",
            settings=SlopeSettings(x=1.0),
        ),
        Scenario(
            key="kink",
            title="A slope where there is none",
            question="|x| has a kink at 0. What does the central difference say its slope is there?",
            choices=("−1", "0", "1", "That there is none"),
            answer="{central}, for every h. Forward says {forward}, backward {backward}: each gives a number, and none "
            "says that there is no derivative.",
            settings=SlopeSettings(curve="absolute", x=0.0, h=0.5, method="central"),
        ),
        Scenario(
            key="ripples",
            title="What a wide step does not see",
            question="A bowl with small ripples. Which h finds the slope at x = 1?",
            choices=("0.5", "0.1", "0.0001"),
            answer="Only 0.0001: it has to be far smaller than a ripple, which is 0.16 wide. With h = 0.5 the central "
            "difference gives {central}, nearly the slope of the bowl alone; the exact slope is {exact}.",
            settings=SlopeSettings(curve="ripples", x=1.0, h=0.5, method="central"),
        ),
    )
}

SLOPE = Page(
    key="slope",
    name="Slope",
    title="Slope",
    heading="Gradients",
    settings=SlopeSettings,
    draw=on_a_curve(task, moving),
    scenarios=SCENARIOS,
    facts=facts,
)
