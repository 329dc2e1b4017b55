"""What the server tells the stage: a landscape's figures, and the paths over it.

JSON; arrays are base64 of float32, or of float64 behind "f8:" where a number is beyond what 32 bits hold. Places along
a path are behind "way:", the first in float64 and the steps between them in float32.
"""

import base64
import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from latex2mathml.converter import convert
from numpy.typing import ArrayLike, NDArray

from landscape.analysis.convergence import convergence
from landscape.analysis.curvature import Curvature, curvature
from landscape.analysis.diagnosis import Diagnosis
from landscape.analysis.field import Field
from landscape.analysis.quadratic import largest_stable_learning_rate
from landscape.analysis.stationary_points import StationaryPoints
from landscape.descent.optimizers import GradientDescent, typeset
from landscape.figures.height import Height
from landscape.figures.landscape import Marks, contour, curves, surface
from landscape.figures.layout import FONT, font_size
from landscape.figures.palette import RUNS, THEMES
from landscape.locale.sentence import filled
from landscape.stage import playback

__all__ = ["ShownRun", "ShownSeeds", "landscape_message", "packed", "packed_way", "paths_message"]

Translate = Callable[[str], str]
MOST_MARKS = 40  # more of them say nothing but that there are many
SINGLE = np.finfo(np.float32)
BUTTONS = {
    "contour": ("zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"),
    "surface": ("resetCameraDefault3d", "toImage"),
    "curves": (),
}
"""Plotly's buttons that make sense here; none of them asks another server."""


@dataclass(frozen=True)
class ShownSeeds:
    """Repeats of a run with other seeds."""

    at: ArrayLike
    """(m,): the frames that the quartiles belong to."""
    quartiles: ArrayLike
    """(3, m): of the loss, the median in the middle."""
    ends: ArrayLike
    """(2, seeds): the last positions."""


@dataclass(frozen=True)
class ShownRun:
    """One run as the stage shows it."""

    name: str
    trajectory: Any
    """A Trajectory, or the record of some iterates of a `run` under the same names, with `next` and `before`."""
    diagnosis: Diagnosis
    visible: bool
    look: int
    """Its colour, dash and marker: an index of the palette's RUNS."""
    positions: Mapping[str, ArrayLike] | None = None
    """(frames,): where each frame stands on each horizontal axis of the curves, of which "updates" counts them."""
    batch_loss: ArrayLike | None = None
    """(frames,): the loss of the batch that each frame's update takes; NaN where there is none."""
    seeds: ShownSeeds | None = None


def landscape_message(
    objective: Any,
    field: Field,
    height: Height,
    *,
    stationary: StationaryPoints | None = None,
    starred: bool = True,
    arrows: Field | None,
    lines: int,
    axes: tuple[str, str] = ("x", "y"),
    theme: str,
    projector: bool,
    language: str,
    _: Translate,
) -> dict[str, Any]:
    """The figures of a landscape, the look of what is painted over them and the stage's words.

    `stationary`: saddle points to mark, and the minima of an objective that knows none; not where they are a crowd.
    `starred`: the minima are marked.
    """
    size = font_size(projector)
    colours = THEMES[theme]
    marked = stationary if stationary and len(stationary.saddles + stationary.minima) <= MOST_MARKS else None
    known = (objective.minima or (marked.minima if marked else ())) if starred else ()
    marks = Marks(
        tuple(point for point in known if _within(point, field)),
        _("minimum"),
        marked.saddles if marked else (),
        _("saddle point"),
    )
    drawable = bool(np.isfinite(field.loss).any())
    figures = {
        "contour": contour(
            field,
            height,
            theme=theme,
            lines=lines,
            marks=marks,
            arrows=arrows,
            loss=_("loss"),
            axes=axes,
            size=size,
        ),
        "surface": surface(field, height, theme=theme, lines=lines, axes=axes, size=size),
        "curves": curves(theme=theme, step=_("step"), size=size),
    }
    figures["contour"].layout.hovermode = False  # it reads the nearest point of the grid; the stage, any point
    message: dict[str, Any] = {
        name: {
            **json.loads(figure.to_json()),
            "config": {
                "displaylogo": False,
                "modeBarButtons": [list(BUTTONS[name])],
                "locale": language,
                "locales": {language: {"dictionary": _tooltips(_)}},
            },
        }
        for name, figure in figures.items()
    }
    message["curves"]["config"] = {"displayModeBar": False}
    if not drawable:  # a scene without a single height stops Plotly's WebGL for good
        message["surface"] = None
    losses = [float(objective(minimum)) for minimum in objective.minima]
    message |= {
        "lowest": min(losses) if losses else None,
        # The stage lifts the paths and measures their distances itself: every path would carry both.
        "height": asdict(height),
        "minima": [[float(x), float(y)] for x, y in objective.minima],
        "theme": theme,
        "axes": axes,
        "texts": {"language": language, **words(_)},
        "look": {
            "text": colours.text,
            "muted": colours.muted,
            "casing": colours.halo,
            "mark": colours.mark,
            "panel": colours.panel,
            "rule": colours.rule,
            "family": FONT,
            "font": 20 if projector else 13,
            "line": 4 if projector else 2.4,
            "marker": 12 if projector else 7,
            "faint": 0.35,
            "projector": projector,
        },
    }
    return message | {"id": _digest(json.dumps(message))}


def _tooltips(_: Translate) -> dict[str, str]:
    """What Plotly calls its buttons, in the language of the page."""
    return {
        "Zoom": _("Zoom"),
        "Pan": _("Pan"),
        "Zoom in": _("Zoom in"),
        "Zoom out": _("Zoom out"),
        "Reset axes": _("The whole view"),
        "Reset camera to default": _("The first viewpoint"),
        "Download plot as a PNG": _("Save as an image"),
        "Double-click to zoom back out": _("A double click shows the whole view again"),
    }


def words(_: Translate) -> dict[str, str]:
    """The stage's own words."""
    return {
        **playback.words(_),
        "stepName": _("step"),
        "fromTo": _("step {k} → {n}"),
        "noStep": _("no step was taken"),
        "allHidden": _("All runs are hidden."),
        "start": _("start"),
        "downhill": _("−gradient"),
        "step": _("next step"),
        "loss": _("loss"),
        "gradientNorm": _("length of the gradient"),
        "distance": _("distance to the nearest minimum"),
        "stepLength": _("step length"),
        "logarithmic": _("logarithmic"),
        "noLogarithm": _("logarithmic (values ≤ 0)"),
        "quantity": _("Quantity"),
        "showSpace": _("3-D surface"),
        "planeLabel": _("Contour plot. A click sets the start; the start can be dragged."),
        "spaceLabel": _("Surface in three dimensions. Drag to turn it."),
        "curvesLabel": _("Curves against the step"),
        "axis": _("Horizontal axis"),
        "tableCaption": _("The runs at the playhead and at their end"),
        "run": _("run"),
        "position": _("position"),
        "steps": _("total steps"),
        "finalLoss": _("final loss"),
        "ended": _("how it ended and why"),
        "inSymbols": _("in symbols"),
        "curvature": _("Curvature here, the Hessian's eigenvalues: {small} and {large}."),
        "curvatureStable": _(
            "Gradient descent would be stable up to 2/λmax = {stable}; the learning rate here is {rate}."
        ),
        "curvatureBorder": _("The optimizer of this run is stable up to {border}."),
        "sentences": _("{finding} {advice}"),
        "curvatureFlat": _("No learning rate is too large for it."),
        "curvatureNone": _("The curvature here has no value."),
        "curvatureUp": _("The landscape curves upwards in every direction, with condition number {condition}."),
        "curvatureSaddle": _(
            "The landscape curves upwards in one direction and downwards in the other, as at a saddle point."
        ),
        "curvatureTrough": _("The landscape curves upwards in one direction and is straight in the other."),
        "curvatureDown": _("The landscape curves upwards in no direction."),
    }


def paths_message(
    runs: list[ShownRun],
    *,
    landscape: str,
    start: tuple[float, float],
    focus: int,
    with_numbers: bool,
    arrows: bool,
    curve: str,
    logarithmic: bool,
    scenario: str,
    veiled: bool,
    notice: str = "",
    opening: int = 0,
    axes: Sequence[Mapping[str, Any]] | None = None,
    axis: str = "",
    switches: Mapping[str, bool] | None = None,
    theme: str,
    _: Translate,
) -> dict[str, Any]:
    """The runs over the landscape with that id, and on request what is behind each step of the run in focus.

    `with_numbers`: those numbers are several times the paths' bytes, and left out until somebody looks at them.
    `veiled`: what comes after the playhead stays hidden, while a question about it is open.
    `notice`: a sentence over the plane. `opening`: with another number the runs set off anew, as at first sight.
    `axes`: the horizontal axes of the curves, each {key, name, title, of, whole}, where `of` is such as "epoch {k} of
    {n}" and `whole` tells whether what it counts comes in whole numbers.
    `switches`: what a person shows or hides on the stage, by the name of its checkbox there.
    """
    shown = []
    for run in runs:
        style, path = RUNS[run.look], run.trajectory
        row: dict[str, Any] = {
            "name": run.name,
            "visible": run.visible,
            "colour": style.colour[theme],
            "dash": style.dash,
            "marker": style.symbol,
            "x": packed_way(path.theta[0]),
            "y": packed_way(path.theta[1]),
            "gx": packed(path.gradient[0]),
            "gy": packed(path.gradient[1]),
            "loss": packed(path.loss),
            "ended": filled(_(path.stop.message), **path.stop.values),
            "diagnosis": sentence(run.diagnosis, _),
            "remedy": None,
        } | _of_batches(run)
        better = run.diagnosis.learning_rate
        if better is not None:
            row["remedy"] = {"learning_rate": better, "label": filled(_("Use learning rate {rate:.3g}"), rate=better)}
        shown.append(row)
    message = {
        "landscape": landscape,
        "runs": shown,
        "start": start,
        "focus": focus,
        "arrows": arrows,
        "curve": {"quantity": curve, "logarithmic": logarithmic},
        "scenario": scenario,
        "veiled": veiled,
        "notice": notice,
        "opening": opening,
        "axes": axes,
        "axis": axis,
        "summary": "" if veiled else "\n".join(f"{row['name']} – {row['diagnosis']}" for row in shown),
        "numbers": numbers(runs[focus].trajectory, _) if with_numbers and focus < len(runs) else None,
    }
    # What is shown or hidden changes nothing that was asked about these runs.
    return message | {"serial": _digest(json.dumps(message)), "switches": switches}


def _of_batches(run: ShownRun) -> dict[str, Any]:
    """What a run over batches has besides."""
    found: dict[str, Any] = {}
    if run.positions:
        updates = np.asarray(run.positions["updates"])
        found["positions"] = {axis: _regular(np.asarray(places), updates) for axis, places in run.positions.items()}
        if _apart(run.trajectory):
            found["updates"] = packed(updates)
            here = run.trajectory.theta[:, : run.trajectory.next.shape[1]]
            found["moves"] = [packed(values) for values in run.trajectory.next - here]
    if run.batch_loss is not None:
        found["batch_loss"] = packed(run.batch_loss)
    if run.seeds:
        lower, median, upper = (packed(loss) for loss in np.asarray(run.seeds.quartiles))
        ends = [packed(end) for end in np.asarray(run.seeds.ends)]
        found["seeds"] = {"at": packed(run.seeds.at), "lower": lower, "median": median, "upper": upper, "ends": ends}
    return found


def _regular(places: NDArray[np.float64], updates: NDArray[np.float64]) -> float | str:
    """Places at one distance for every update as that distance, any others as they are."""
    distance = float(places[-1] / updates[-1]) if updates[-1] else 1.0
    return distance if np.allclose(places, distance * updates, rtol=1e-9, atol=0) else packed(places)


def _apart(path: Any) -> bool:
    """Are there frames with more than one update between them? Then what one update does is not in the frames."""
    return bool(path.stop.step > path.theta.shape[1] - 1)


def sentence(diagnosis: Diagnosis, _: Translate) -> str:
    """A diagnosis in the language of the page."""
    parts = [filled(_(text), **diagnosis.values) for text in (diagnosis.message, diagnosis.advice) if text]
    return _("{finding} {advice}").format(finding=parts[0], advice=parts[1]) if len(parts) > 1 else parts[0]


def numbers(path: Any, _: Translate) -> dict[str, Any]:
    """The optimizer's formula, and every number in it at every step, or at every one that is kept."""
    optimizer = path.optimizer
    apart = _apart(path)
    series = {name: values for name, values in path.states.items() if values.ndim == 2}
    if path.batch_gradient is not None:  # which is what the optimizer was given
        series["g"] = path.batch_gradient
    if apart:  # a formula reaches back to the step before, which is not kept
        series |= path.before
    settings = {each.name: float(getattr(optimizer, each.name)) for each in fields(optimizer)}
    rates = path.learning_rate
    constant = rates.size and bool((rates == rates[0]).all())
    curved: Curvature = curvature(path.objective, path.theta)
    return {
        "about": _(optimizer.about),
        "lines": _lines(tuple(optimizer.formula), (*series, *settings)),
        "series": {name: [packed(values[0]), packed(values[1])] for name, values in series.items()},
        "scalars": settings | {"eta": float(rates[0]) if constant else packed(rates)},
        "condition": packed(curved.condition_number),
        "pace": pace(path.run if apart else path, _),
        "eigenvalues": [packed(curved.eigenvalues[0]), packed(curved.eigenvalues[1])],
        "stable": packed(largest_stable_learning_rate(GradientDescent(), curved.eigenvalues[1])),
        "border": packed(largest_stable_learning_rate(optimizer, curved.eigenvalues[1])),
    }


def pace(path: Any, _: Translate) -> str:
    """The rate of convergence that was measured, beside the one that a quadratic predicts; empty if there is none."""
    if path.batches is not None and not path.batches.whole:  # of noise there is no pace
        return ""
    found = convergence(path)
    if math.isnan(found.measured):
        return ""
    measured = _("Towards its end the run multiplies the gradient's length by {measured:.4g} at every step.")
    both = _(
        "Towards its end the run multiplies the gradient's length by {measured:.4g} at every step; "
        "the curvature there predicts {predicted:.4g}."
    )
    return filled(measured if math.isnan(found.predicted) else both, measured=found.measured, predicted=found.predicted)


@lru_cache(maxsize=64)
def _lines(formula: tuple[str, ...], known: tuple[str, ...]) -> list[dict[str, str]]:
    """Each line of a formula as MathML: in symbols, and with a place ⟨name⟩ for each number."""
    known = (*known, "theta", "theta+", "g", "t", "eta")

    def place(slot: re.Match[str]) -> str:
        name = slot[1]
        return rf"\text{{⟨{name}⟩}}" if name.rstrip("-") in known else typeset(slot[0])

    return [
        {"symbols": convert(typeset(line)), "values": convert(re.sub(r"<([a-z_0-9]+[+-]?)>", place, line))}
        for line in formula
    ]


def packed(values: ArrayLike) -> str:
    """An array in base64."""
    exact = np.asarray(values, dtype="<f8")
    finite = exact[np.isfinite(exact)]
    size = np.abs(finite[finite != 0])
    with np.errstate(over="ignore", invalid="ignore"):
        single = size.size == 0 or bool(size.min() > SINGLE.tiny and size.max() < SINGLE.max)
        data = exact.astype("<f4") if single else exact
    return ("" if single else "f8:") + base64.b64encode(data.tobytes()).decode("ascii")


def packed_way(places: ArrayLike) -> str:
    """Places along a path in base64, as short as in float32, in which the last steps of a run would be lost.

    Each step leads from where the ones before have led to, so that roundings do not add up. Where a step is so much
    shorter than the one before that its rounding would be seen, and far beyond float32, the places are sent whole.
    """
    exact = np.asarray(places, dtype="<f8")
    sent = np.empty(len(exact) - 1, dtype="<f4")
    here = float(exact[0])
    with np.errstate(all="ignore"):
        for k, place in enumerate(exact[1:].tolist()):
            sent[k] = place - here
            here += float(sent[k])
        steps = np.diff(exact)
        near = bool((np.abs(sent - steps) <= 1e-4 * np.abs(steps) + 4e-16 * np.abs(exact[1:])).all())
    data = exact[:1].tobytes() + sent.tobytes() if near else exact.tobytes()
    return ("way:" if near else "f8:") + base64.b64encode(data).decode("ascii")


def _within(point: tuple[float, float], field: Field) -> bool:
    return bool(field.x[0] <= point[0] <= field.x[-1] and field.y[0] <= point[1] <= field.y[-1])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
