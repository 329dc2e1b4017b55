"""The laboratory of the step: the error of a difference against h, from truncation down to rounding and up again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from landscape.figures.difference_error import MARKED, Measured, axes, curves, foot, legend
from landscape.figures.layout import font_size
from landscape.figures.line import Line
from landscape.figures.numeral import plain
from landscape.figures.slope import DIFFERENCE_STYLES
from landscape.gradients.numerical import DIFFERENCES, ErrorCurve, error_curve
from landscape.locale import translation
from landscape.objectives.curve import CURVES, Curve, curve
from landscape.pages.address import bound, change, current, setter, translate
from landscape.pages.ahead import drawn_ahead
from landscape.pages.gradients.curve import CurveSettings, no_derivative, on_a_curve, point_field
from landscape.pages.gradients.difference import complex_step, difference_fields, method_names, nearest_step, step
from landscape.pages.page import Page, Scenario
from landscape.pages.parameters import flag, one_of, setting
from landscape.stage.figure import Handle, figure, ground

__all__ = ["STEP_SIZE"]

Translate = Callable[[str], str]
PRECISIONS = {"64": (64,), "32": (32,), "both": (64, 32)}


@dataclass(frozen=True)
class StepSizeSettings(CurveSettings):
    """A curve, a point, and whose errors are shown."""

    curve: str = setting("sine", one_of([*CURVES, ""]))
    h: float = setting(1e-4, step)
    method: str = setting("central", one_of(DIFFERENCES))
    others: bool = setting(True, flag)
    """Are the other methods shown beside it?"""
    bits: str = setting("64", one_of(PRECISIONS))

    @property
    def methods(self) -> list[str]:
        """What is shown, the method in focus last, on top."""
        return [each for each in DIFFERENCES if self.others and each != self.method] + [self.method]

    @property
    def smooth(self) -> bool:
        """Has the curve a derivative at the point?"""
        left, right = self.shape.slopes(self.point)
        return left == right and bool(np.isfinite(left))

    def errors(self, method: str, bits: int, *steps: float) -> ErrorCurve:
        """The errors over all h, or at some."""
        return errors(self.curve, "" if self.curve else self.formula, self.point, method, bits, steps)


@lru_cache(maxsize=512)
def errors(key: str, formula: str, x: float, method: str, bits: int, steps: tuple[float, ...]) -> ErrorCurve:
    shape: Curve = CURVES[key] if key else curve(formula)
    dtype = np.float64 if bits == 64 else np.float32
    return error_curve(shape, shape.derivative, x, method, dtype, **({"h": steps} if steps else {}))


@lru_cache(maxsize=32)
def plot(
    key: str,
    formula: str,
    x: float,
    methods: tuple[str, ...],
    bits: tuple[int, ...],
    theme: str,
    projector: bool,
    language: str,
    veiled: bool,
) -> tuple[str, list[Line], float]:
    """The JSON of the figure's axes, the curves with their legend, and the figure's foot: what h does not change.

    `veiled`: no curves, where a question asks for them.
    """
    _ = translation(language)
    measured = [
        Measured(each, wide, curve_name(each, wide, bits, _), errors(key, formula, x, each, wide, ()))
        for wide in reversed(bits)
        for each in methods
    ]
    predicted = {"truncation": _("truncation, predicted"), "rounding": _("rounding, predicted")}
    words = {
        **{part: in_precision(name, bits[0], bits, _) for part, name in predicted.items()},
        "best": _("least error"),
        "step": _("step h"),
        "error": _("error"),
    }
    focus, size = len(measured) - 1, font_size(projector)
    drawn = axes(measured, focus, theme=theme, words=words, size=size)
    lines = []
    if not veiled:
        lines = curves(measured, focus, theme=theme, size=size) + legend(measured, theme=theme, words=words, size=size)
    return drawn.to_json(validate=False), lines, foot(measured)


def curve_name(method: str, wide: int, bits: tuple[int, ...], _: Translate) -> str:
    """What a curve is called."""
    return in_precision(method_names(_)[method], wide, bits, _)


def in_precision(name: str, wide: int, bits: tuple[int, ...], _: Translate) -> str:
    """A name with its precision, where there are two."""
    return name if len(bits) == 1 else _("{method}, {bits} bit").format(method=name, bits=wide)


def task(settings: StepSizeSettings, _: Translate) -> str:
    """What is to be done."""
    if settings.asking:  # the curves are the answer
        return _("The curves come with the answer. Until then: drag h, and read the error beside it.")
    return _("Drag h along its line: too large, and the curve bends away; too small, and digits are lost.")


def moving(settings: StepSizeSettings, theme: str) -> None:
    """What moves with h, the point and the methods."""
    language, _ = translate(settings)
    controls, view = st.columns([1, 3.4], gap="medium")
    with view:
        if not settings.smooth:
            reason = no_derivative(settings.shape, settings.point, _)
            st.warning(_("{finding} {advice}").format(finding=reason, advice=_("So there is no error to measure.")))
        else:
            error_figure(settings, theme, language, _)
    drawn_ahead()
    with controls:
        error_controls(settings, _)
    if settings.smooth and not settings.asking:
        told(settings, _)


def error_controls(settings: StepSizeSettings, _: Translate) -> None:
    difference_fields(settings, _)
    st.checkbox(_("The others beside it"), **bound("others", settings.others, setter("others")))
    precisions = {"64": _("64 bit"), "32": _("32 bit"), "both": _("Both")}
    st.pills(
        _("Precision of the numbers"),
        list(PRECISIONS),
        format_func=precisions.__getitem__,
        required=True,
        wrap=True,
        **bound("bits", settings.bits, setter("bits")),
    )
    point_field(settings, _)
    st.page_link(
        st.Page(lambda: None, title=_("Slope"), url_path="slope"),
        label=_("See the secant"),
        icon=":material/show_chart:",
        query_params=settings.elsewhere(),
    )


def error_figure(settings: StepSizeSettings, theme: str, language: str, _: Translate) -> None:
    bits = PRECISIONS[settings.bits]
    drawn, lines, low = plot(
        settings.curve,
        "" if settings.curve else settings.formula,
        settings.point,
        tuple(settings.methods),
        bits,
        theme,
        settings.projector,
        language,
        settings.asking,
    )
    here = float(settings.errors(settings.method, bits[0], settings.h).error[0])
    style = DIFFERENCE_STYLES[settings.method]
    read = _("h = {h}: error {error}").format(h=plain(settings.h, 2), error=plain(here, 2))
    figure(
        key="errors",
        on=ground(drawn, key="error_curves", lines=lines),
        summary=task(settings, _)
        if settings.asking
        else _(
            "Error against the step h, both logarithmic: it falls with h while truncation rules, and rises again "
            "below, where rounding does."
        ),
        theme=theme,
        projector=settings.projector,
        handles=[
            Handle(
                "h",
                settings.h,
                max(here, low),
                read,
                read,
                style.colour[theme],
                "x",
                style.symbol,
                curve_name(settings.method, bits[0], bits, _),
            )
        ],
        click="h",
        moved=lambda handle, x, y, final: change(replace(current(), h=nearest_step(x)), final=final),
        tall=0.5,
    )


def told(settings: StepSizeSettings, _: Translate) -> None:
    """What is predicted, and the numbers of the figure."""
    bits = PRECISIONS[settings.bits]
    curve = settings.errors(settings.method, bits[0])
    epsilon = plain(float(np.finfo(np.float64 if bits[0] == 64 else np.float32).eps), 2)
    text = _("Predicted: ${formula}$, with ε = {epsilon}; least near h = {best}.")
    predicted = text.format(
        formula=DIFFERENCES[settings.method].latex_error, epsilon=epsilon, best=plain(curve.predicted_best, 2)
    )
    steps = [*MARKED, *([] if settings.h in MARKED else [settings.h])]
    heads = [
        _("Difference"),
        _("best h"),
        _("error there"),
        *(_("at h = {h}").format(h=plain(each, 2)) for each in steps),
    ]
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for wide in bits:
        for method in DIFFERENCES:
            if method not in settings.methods:
                continue
            whole = settings.errors(method, wide)
            values = [
                whole.measured_best,
                whole.least,
                *settings.errors(method, wide, *steps).error,
            ]
            cells = [curve_name(method, wide, bits, _), *(plain(float(value), 2) for value in values)]
            rows.append(
                "| " + " | ".join(f"**{cell}**" if method == settings.method else cell for cell in cells) + " |"
            )
    table = "\n".join(rows)
    st.markdown(f"{predicted}\n\n{ruling(settings, curve.predicted_best, _)}\n\n{table}")


def ruling(settings: StepSizeSettings, best: float, _: Translate) -> str:
    """Which of the two errors is the larger at this h."""
    if settings.method == "complex":
        free = _("The complex step subtracts nothing, so rounding costs nothing: h may be as small as one likes.")
        return f"{complex_step(_)} {free}"
    here = settings.errors(settings.method, PRECISIONS[settings.bits][0], settings.h)
    if here.error[0] == 0:
        exact = float(settings.shape.derivative(settings.point))
        text = _("The exact slope is {exact}. The difference meets it to the last digit.")
        return text.format(exact=plain(exact, 7))
    if here.truncation[0] > 10 * here.rounding[0]:
        text = _("At this h truncation rules: by the prediction a smaller h is better, down to about {best}.")
    elif here.rounding[0] > 10 * here.truncation[0]:
        text = _(
            "At this h rounding rules: two nearly equal values are subtracted. By the prediction a larger h is better, "
            "up to {best}."
        )
    else:
        text = _("This h is about the best there is.")
    return text.format(best=plain(best, 2))


def facts(settings: StepSizeSettings) -> dict[str, Any]:
    """The best steps and their errors, and those of the forward difference at single steps."""
    found: dict[str, Any] = {}
    for method in ("forward", "central"):
        for bits in (64, 32):
            whole = settings.errors(method, bits)
            found |= {
                f"{method}_{bits}": plain(whole.measured_best, 1),
                f"{method}_{bits}_error": plain(whole.least, 1),
            }
    for name, h in {"e12": 1e-12, "e16": 1e-16, "e6": 1e-6}.items():
        found[f"{name}_64"] = plain(float(settings.errors(settings.method, 64, h).error[0]), 1)
        found[f"{name}_32"] = plain(float(settings.errors(settings.method, 32, h).error[0]), 1)
    return found


SCENARIOS = {
    scenario.key: scenario
    for scenario in (
        Scenario(
            key="smaller_is_better",
            title="The smaller the better?",
            question="The forward difference of sin at 1: with which h is its error least?",
            choices=("10⁻⁴", "10⁻⁸", "10⁻¹²", "10⁻¹⁶"),
            answer="Near 10⁻⁸: the least measured error is {forward_64_error}, at h = {forward_64}. At 10⁻¹² it is "
            "{e12_64}, and at 10⁻¹⁶ it is {e16_64}: 1 + h is 1 there, and the difference is 0.",
            settings=StepSizeSettings(x=1.0, method="forward", others=False),
        ),
        Scenario(
            key="two_sides",
            title="One side or both?",
            question="Forward and central difference, each with its best h: by how much is the central one better?",
            choices=("Not at all", "About 10 times", "More than 1000 times"),
            answer="More than 1000 times: {central_64_error} at h = {central_64} against {forward_64_error} at "
            "h = {forward_64}. Its truncation falls with h², so h may stay larger, and rounding costs less.",
            settings=StepSizeSettings(x=1.0, method="forward", others=True),
        ),
        Scenario(
            key="half_the_bits",
            title="Half the bits",
            question="In 64 bit h = 10⁻⁶ is a good step for the central difference. Is it in 32 bit?",
            choices=("Yes, as good", "A little worse", "No, worse by many digits"),
            answer="No: the error is {e6_32} there, against {e6_64} in 64 bit. The values have 7 digits instead of 16; "
            "the best h is {central_32}, with an error of {central_32_error}.",
            settings=StepSizeSettings(x=1.0, h=1e-6, method="central", others=False, bits="both"),
        ),
    )
}

STEP_SIZE = Page(
    key="step-size",
    name="Which h?",
    title="Which h?",
    heading="Gradients",
    settings=StepSizeSettings,
    draw=on_a_curve(task, moving),
    scenarios=SCENARIOS,
    facts=facts,
)
