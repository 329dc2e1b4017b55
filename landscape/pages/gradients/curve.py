"""The curve that a laboratory looks at: its settings, its menu, its point."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import streamlit as st

from landscape.figures.numeral import plain
from landscape.locale.sentence import filled
from landscape.objectives.curve import CURVES, Curve, curve
from landscape.pages.address import bound, change, current
from landscape.pages.formula_field import formula_field
from landscape.pages.gradients.laboratory import laboratory, shown_instead
from landscape.pages.number_field import number_field
from landscape.pages.page import Page
from landscape.pages.parameters import PageSettings, formula_setting, number, one_of, setting, written

__all__ = ["CurveSettings", "no_derivative", "on_a_curve", "point_field"]

Translate = Callable[[str], str]
FIRST_FORMULA = "x^3 - 3x"


def some_number(text: str) -> float:
    return number(-1e9, 1e9)(text)


@dataclass(frozen=True)
class CurveSettings(PageSettings):
    """A curve and a point on it."""

    curve: str = setting("parabola", one_of([*CURVES, ""]))
    """A key of CURVES, or "" for the formula that was typed."""
    formula: str = formula_setting()
    x: float | None = setting(None, some_number)
    """None: a point that suits the curve."""

    @property
    def shape(self) -> Curve:
        """What is looked at. FormulaError."""
        return CURVES[self.curve] if self.curve else curve(self.formula)

    @property
    def named(self) -> tuple[str, str, str]:
        return "curve", self.curve, self.formula

    @property
    def subject(self) -> Curve:
        return self.shape

    def naming(self, key: str, formula: str) -> Self:
        return replace(self, curve=key, formula=formula)

    @property
    def point(self) -> float:
        """The point, chosen or suitable."""
        return self.shape.point if self.x is None else self.x

    def with_curve(self, key: str, formula: str) -> Self:
        """Another curve, with its own point."""
        return replace(self, curve=key, formula=formula, x=None, scenario="", revealed=False)

    def elsewhere(self) -> dict[str, str]:
        """The address by which another page about curves shows this one, at this point."""
        told = {"curve": self.curve, "formula": "" if self.curve else self.formula, "x": written(self.point)}
        return told | ({"lang": self.lang} if self.lang else {})


def on_a_curve(task: Callable[[Any, Translate], str], moving: Callable[[Any, str], None]) -> Callable[[Page], None]:
    """The drawing of a page: the choice of a curve, what is to be done there, and what moves on it."""

    def still(page: Page, settings: CurveSettings, theme: str, _: Translate) -> tuple[()]:
        st.markdown(task(settings, _))
        return ()

    return laboratory(choose_curve, still, moving)


def choose_curve(settings: CurveSettings, _: Translate) -> None:
    """The curve's menu, the field of one's own formula, and the line that says what it is."""
    own = _("Your own formula …")
    (menu, field), below = st.columns([1, 3.4], gap="medium", vertical_alignment="center"), st.container()
    with menu:
        st.selectbox(
            _("Curve"),
            [*CURVES, ""],
            format_func=lambda key: _(CURVES[key].name) if key else own,
            label_visibility="collapsed",
            **bound("curve", settings.curve, take_curve),
        )
    with field:
        if settings.curve:
            chosen = CURVES[settings.curve]
            with st.container(key="overview"):
                about = "" if settings.asking else f" — {_(chosen.about)}"  # it may be the answer to the question
                st.markdown(f"$f(x) = {chosen.latex}${about}")
        else:
            formula_field(
                "f(x) =",
                settings.formula,
                understand=curve,
                there=lambda text: current().with_curve("", text),
                instead=shown_instead(settings, _),
                below=below,
                placeholder=f"f(x) = {FIRST_FORMULA}",
                label_visibility="collapsed",
                help=_("For example x^3 - 3x, sin(x)/x or exp(-x^2)."),
                _=_,
            )


def take_curve(key: str) -> None:
    now = current()
    change(now.with_curve(key, now.formula or FIRST_FORMULA))


def point_field(settings: CurveSettings, _: Translate) -> None:
    """The point as a number."""

    def act(value: float | None) -> None:
        if value is not None:
            change(replace(current(), x=float(value)))

    number_field(_("Point x"), -1e9, 1e9, key="x", value=settings.point, act=act, _=_)


def no_derivative(shape: Curve, x: float, _: Translate) -> str:
    """Why the curve has no derivative at x; "" where it has one."""
    value, (left, right) = float(shape(x)), shape.slopes(x)
    if math.isnan(value):
        return _("The curve has no value at this point.")
    if math.isinf(value):
        return _("The curve has no value at this point, or one too large for a 64-bit number: beyond 1.8 × 10³⁰⁸.")
    if left == right:
        steep = _("There is no derivative here: the slope is infinite, or too large for a 64-bit number.")
        return "" if math.isfinite(left) else steep
    if math.isnan(left):
        return _("There is no derivative here: left of this point the curve has no value.")
    if math.isnan(right):
        return _("There is no derivative here: right of this point the curve has no value.")
    text = _("There is no derivative here: the slope is {left} from the left and {right} from the right.")
    return filled(text, left=plain(left, 4), right=plain(right, 4))
