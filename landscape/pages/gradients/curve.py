"""The curve that a laboratory looks at: its settings, its menu, the ways to take a difference and their steps."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Self, TypeVar

import streamlit as st

from landscape.figures.numeral import plain
from landscape.gradients.numerical import DIFFERENCES
from landscape.objectives.curve import CURVES, Curve, curve
from landscape.objectives.formula import FormulaError
from landscape.pages.address import bound, change, current, publish, translate
from landscape.pages.formula_error import formula_error
from landscape.pages.header import header
from landscape.pages.number_field import number_field
from landscape.pages.page import Page
from landscape.pages.parameters import PageSettings, number, one_of, setting, short, written

__all__ = [
    "STEPS",
    "STEP_NAMES",
    "CurveSettings",
    "complex_step",
    "method_names",
    "nearest_step",
    "on_a_curve",
    "point_field",
    "shown",
    "step",
]

Translate = Callable[[str], str]
FIRST_FORMULA = "x^3 - 3x"

# Twenty to the decade: a hand at the secant's end feels no steps.
MANTISSAS = "1 1.1 1.2 1.4 1.6 1.8 2 2.2 2.5 2.8 3 3.5 4 4.5 5 5.5 6 7 8 9".split()  # noqa: SIM905
STEPS = [float(f"{mantissa}e{power}") for power in range(-16, 0) for mantissa in MANTISSAS] + [1.0]
"""The h that can be chosen."""
STEP_NAMES = {h: plain(h, 2) for h in STEPS}


def nearest_step(h: float) -> float:
    """The step nearest to h on a logarithmic scale."""
    return min(STEPS, key=lambda each: abs(math.log(each / max(h, STEPS[0]))))


def step(text: str) -> float:
    return nearest_step(number(STEPS[0], STEPS[-1])(text))


def some_number(text: str) -> float:
    return number(-1e9, 1e9)(text)


@dataclass(frozen=True)
class CurveSettings(PageSettings):
    """A curve and a point on it."""

    curve: str = setting("parabola", one_of([*CURVES, ""]))
    """A key of CURVES, or "" for the formula that was typed."""
    formula: str = setting("", short)
    x: float | None = setting(None, some_number)
    """None: a point that suits the curve."""

    @property
    def shape(self) -> Curve:
        """What is looked at. FormulaError."""
        return CURVES[self.curve] if self.curve else curve(self.formula)

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


Chosen = TypeVar("Chosen", bound=CurveSettings)


def shown(settings: Chosen) -> Chosen:
    """These settings, or with the curve before while the formula that is being typed is none yet.

    FormulaError if there was none before.
    """
    try:
        settings.shape  # noqa: B018
    except FormulaError:
        if "last_curve" not in st.session_state:
            raise
        key, formula = st.session_state.last_curve
        return replace(settings, curve=key, formula=formula)
    st.session_state.last_curve = (settings.curve, settings.formula)
    return settings


def on_a_curve(laboratory: Callable[[Any, str], None]) -> Callable[[Page], None]:
    """The drawing of a page: the choice of a curve, and below it a laboratory, called with the settings and the theme.

    It runs alone when something in it moves. While there is no curve yet, it is not there.
    """

    @st.fragment
    @wraps(laboratory)
    def moving(theme: str) -> None:
        try:
            settings = shown(current())
        except FormulaError:  # as is said below the formula
            return
        laboratory(settings, theme)
        publish()

    def draw(page: Page) -> None:
        header(page)
        settings = current()
        choose_curve(settings, translate(settings)[1])
        moving(st.context.theme.type or "light")
        publish()

    return draw


def choose_curve(settings: CurveSettings, _: Translate) -> None:
    """The curve's menu, the field of one's own formula, and the line that says what it is."""
    own = _("Your own formula …")
    menu, field = st.columns([1, 3.4], gap="medium", vertical_alignment="center")
    with menu:
        st.selectbox(
            _("Curve"),
            [*CURVES, ""],
            format_func=lambda key: _(CURVES[key].name) if key else own,
            label_visibility="collapsed",
            **bound("curve", settings.curve, lambda key: take_curve(key, current().formula or FIRST_FORMULA)),
        )
    with field:
        if settings.curve:
            chosen = CURVES[settings.curve]
            with st.container(key="overview"):
                st.markdown(f"$f(x) = {chosen.latex}$ — {_(chosen.about)}")
        else:
            st.text_input(
                "f(x) =",
                max_chars=1000,
                placeholder=f"f(x) = {FIRST_FORMULA}",
                label_visibility="collapsed",
                help=_("For example x^3 - 3x, sin(x)/x or exp(-x^2). Enter applies it."),
                **bound("formula", settings.formula, lambda text: take_curve("", text)),
            )
    if not settings.curve:
        try:
            curve(settings.formula)
        except FormulaError as error:
            formula_error(error, settings.formula, _)


def take_curve(key: str, formula: str) -> None:
    change(current().with_curve(key, formula))


def point_field(settings: CurveSettings, _: Translate) -> None:
    """The point as a number."""

    def act(value: float | None) -> None:
        if value is not None:
            change(replace(current(), x=float(value)))

    number_field(_("Point x"), -1e9, 1e9, key="x", value=settings.point, act=act, _=_)


def complex_step(_: Translate) -> str:
    """What the complex step does, and where it fails."""
    return _(
        "The complex step asks beside the real line: $f(x + ih) = f(x) + ih f'(x) - \\tfrac{h^2}{2} f''(x) - \\dots$, "
        "so the imaginary part divided by h is the slope. It fails where f is not analytic, as at the kink of abs."
    )


def method_names(_: Translate) -> dict[str, str]:
    """The name of each way to take a difference."""
    names = {
        "central": _("Central"),
        "forward": _("Forward"),
        "backward": _("Backward"),
        "complex": _("Complex step"),
    }
    return {key: names[key] for key in DIFFERENCES}
