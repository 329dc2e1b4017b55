"""How a difference is taken, on every page that takes one: its methods, its steps, and the fields that choose them."""

import math
from collections.abc import Callable
from typing import Protocol

import streamlit as st

from landscape.figures.numeral import plain
from landscape.gradients.numerical import DIFFERENCES
from landscape.pages.address import bound, setter
from landscape.pages.parameters import number

__all__ = ["STEPS", "STEP_NAMES", "complex_step", "difference_fields", "method_names", "nearest_step", "step"]

Translate = Callable[[str], str]

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


class Differenced(Protocol):
    """Settings of a page that takes a difference."""

    @property
    def method(self) -> str: ...

    @property
    def h(self) -> float: ...


def difference_fields(settings: Differenced, _: Translate) -> None:
    """The method of the difference and its step."""
    st.pills(
        _("Difference"),
        list(DIFFERENCES),
        format_func=method_names(_).__getitem__,
        required=True,
        wrap=True,
        **bound("method", settings.method, setter("method")),
    )
    st.select_slider(_("Step h"), STEPS, format_func=STEP_NAMES.__getitem__, **bound("h", settings.h, setter("h")))


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
