"""What the server tells the stage of the batches: the samples, and what the updates around the playhead see."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.field import View
from landscape.analysis.gradient_cloud import GradientCloud, gradient_cloud, gradient_spread
from landscape.descent.descend import Trajectory
from landscape.figures.height import Height
from landscape.locale.sentence import filled
from landscape.objectives.samples import Column, Samples, Standardized
from landscape.stage.message import packed

__all__ = ["MOST_GLIMPSED", "data_message", "glimpse_message"]

Array = NDArray[np.float64]
Translate = Callable[[str], str]

MOST_GLIMPSED = 12  # that a glimpse holds
ROUNDING = 1e-12  # of the largest spread: less is none
COARSE = 33  # rows and columns of the batch's landscape: its lines are smooth, for so are the losses


def data_message(
    samples: Samples,
    *,
    scaled: Standardized | None,
    classes: bool,
    key: str,
    parameters: tuple[str, str],
    class_names: tuple[str, str] = ("0", "1"),
    _: Translate,
) -> dict[str, Any]:
    """The samples in their own units, and how they were scaled before θ applies to them.

    `key` is the data set's: as long as it is the same, the axes stay where they are. `parameters` are what θ is called.
    """
    two = samples.x.ndim == 2
    kind = ("boundary" if classes else "prediction") if two else ("probability" if classes else "line")
    across, up = samples.x.T if two else (samples.x, samples.y)
    message = {
        "key": key,
        "kind": kind,
        "x": packed(across),
        "y": packed(up),
        "target": packed(samples.y) if kind == "prediction" else None,
        "labels": packed(samples.y) if classes else None,
        "mean": np.atleast_1d(scaled.mean).tolist() if scaled else [0.0] * (1 + two),
        "scale": np.atleast_1d(scaled.scale).tolist() if scaled else [1.0] * (1 + two),
        "axes": [_title(column, _) for column in (*samples.features, samples.target)],
        "names": [_(column.name) for column in (*samples.features, samples.target)],
        "classes": list(class_names),
        "slopes": [f"∂ {_('loss')} / ∂ {parameter}" for parameter in parameters],
        "texts": words(_),
    }
    return message | {"id": _digest(message)}


def words(_: Translate) -> dict[str, str]:
    """The words of the data panel and the cloud of gradients."""
    return {
        "stepName": _("update"),
        "data": _("Data"),
        "dataLabel": _("The samples, and what the run in focus makes of them at the playhead"),
        "dataHint": _("Click adds a point, drag moves it"),
        "measuredHint": _("Drag sideways: what was measured"),
        "featuresHint": _("Click adds, drag moves a point"),
        "features": _("features"),
        "larger": _("larger: more {target}"),
        "addSample": _("Add a point (+)"),
        "removeSample": _("Remove the chosen point (Delete)"),
        "newClass": _("Class of a new point"),
        "samples": _("{n} samples."),
        "sampleKeys": _(
            "Arrow keys choose a sample, with Shift they move it; + adds a sample, Delete removes the chosen one."
        ),
        "sample": _("Sample {i} of {n}: {place}"),
        "actual": _("{target}, measured"),
        "predicted": _("{target}, predicted"),
        "actualAlone": _("measured"),
        "predictedAlone": _("predicted"),
        "boundary": _("Boundary:"),
        "side": _("class {class}"),
        "half": _("The probability of {class} is ½ at {feature} = {place}."),
        "flat": _("The probability is the same everywhere."),
        "cloud": _("Gradients at the playhead"),
        "cloudLabel": _("Every sample's gradient at the playhead, the batch's and the whole one"),
        "wholeGradient": _("whole"),
        "batchGradient": _("batch"),
        "batchLines": _("Batch's contours"),
        "gradients": _("Gradients"),
        "allArrows": _("−gradients × {scale}"),
        "someArrows": _("−gradients × {scale}, of {shown} of {n} samples"),
        "spreadSize": _("batch size"),
        "spreadMeasured": _("its gradient is off by, measured"),
        "ellipses": _("Ellipses: one standard deviation, of single samples' gradients dashed, of batches' solid."),
        "batchLoss": _("the batch's own loss"),
        "seedsKey": _("median and quartiles of {seeds} seeds"),
    }


def glimpse_message(
    run: Trajectory,
    *,
    asked: Mapping[str, Any],
    landscape: str,
    kept: NDArray[np.intp],
    height: Height,
    view: View,
    _: Translate,
) -> dict[str, Any]:
    """What the updates of a run see at the frames that were asked for; `kept` has the update of each frame of the run.

    With `asked["lines"]` each frame has the heights of its batch's loss over the view, on a coarse grid. A single frame
    has the measured spread of batches, for which many are drawn; while a run is played back there is no time for it.
    """
    last, resting = len(kept) - 1, len(asked["frames"]) == 1
    theta = np.stack(np.meshgrid(*(np.linspace(*ends, COARSE) for ends in view))) if asked["lines"] else None
    return {
        "landscape": landscape,
        "paths": asked["paths"],
        "run": asked["run"],
        "view": view,
        "shape": [COARSE, COARSE],
        "frames": [
            _frame(run, k, int(kept[min(k, last)]), theta, height, resting, _) for k in asked["frames"][:MOST_GLIMPSED]
        ],
    }


def _frame(
    run: Trajectory, k: int, update: int, theta: Array | None, height: Height, resting: bool, _: Translate
) -> dict[str, Any]:
    cloud = gradient_cloud(run.objective, run.theta[:, update].tolist())
    with np.errstate(all="ignore"):  # of a run that explodes
        spread = bool(np.isfinite(cloud.covariance).all())
    frame: dict[str, Any] = {
        "k": k,
        "samples": None,
        "each": _pair(cloud.samples),
        "whole": _finite(cloud.whole),
        "batch": None,
        "sample_ellipse": _pair(cloud.ellipse()) if spread else None,
        "batch_ellipse": None,
        "spread": _spread(run, update, cloud, resting, _) if spread else None,
        "heights": None,
    }
    n, whole = cloud.samples.shape[1], math.hypot(*cloud.whole)
    last = len(run.learning_rate) - 1
    after = _("After {update} updates: the whole gradient has length {whole:.3g}.")
    if run.batches is None or run.batch_gradient is None or last < 0:
        return frame | {"text": filled(after, update=update, whole=whole)}

    chosen = run.batches[min(update, last)]  # at the end none is to come: that of the last update stays
    seen = run.objective if run.batches.whole else run.objective.batch(chosen)
    frame["samples"] = packed(chosen)
    if update > last:
        marked = _(
            "After {update} updates: the whole gradient has length {whole:.3g}. "
            "Marked is the batch of the last update, {size} of {n} samples."
        )
        told = filled(after if run.batches.whole else marked, update=update, whole=whole, size=len(chosen), n=n)
    elif run.batches.whole:
        text = _(
            "Next, update {update}: all {n} samples. Their mean gradient has length {whole:.3g}; single gradients that "
            "point the other way: {uphill}."
        )
        told = filled(text, update=update + 1, n=n, whole=whole, uphill=cloud.uphill)
    else:
        batch = run.batch_gradient[:, update]
        frame["batch"] = _finite(batch)
        if spread:
            frame["batch_ellipse"] = _pair(cloud.ellipse(len(chosen), run.batches.replacement))
        text = _(
            "Next, update {update}: {size} of {n} samples. The batch's gradient has length {length:.3g}, the whole one "
            "{whole:.3g}; the angle between them is {angle:.0f}°."
        )
        numbers = {"length": math.hypot(*batch), "whole": whole, "angle": _angle(batch, cloud.whole)}
        told = filled(text, update=update + 1, size=len(chosen), n=n, **numbers)
    if theta is not None:
        frame["heights"] = packed(height(seen(theta)))
    return frame | {"text": told}


def _spread(run: Trajectory, update: int, cloud: GradientCloud, measured: bool, _: Translate) -> dict[str, Any]:
    """How far batches' gradients lie from the whole one, for sizes 1, 4, 16, … and n, by the formula and in fact."""
    n, replacement = cloud.samples.shape[1], run.batches is not None and run.batches.replacement
    sizes = [*(4**power for power in range(n.bit_length()) if 4**power < n), n]
    found: dict[str, Any] = {
        "sizes": sizes,
        "predicted": [cloud.spread(size, replacement) for size in sizes],
        "predicted_as": _("predicted, as 1/√b") if replacement else _("predicted, as √((n − b)/((n − 1) b))"),
        "why": "" if replacement else _("No sample comes twice in an epoch, so that the gradient of all n is exact."),
        "measured": None,
    }
    if measured:
        drawn = gradient_spread(run.objective, run.theta[:, update].tolist(), replacement=replacement)
        rounding = ROUNDING * drawn.measured.max()
        by_size = dict(zip(drawn.batch_size.tolist(), drawn.measured.tolist(), strict=True))
        found["measured"] = [by_size[size] if by_size[size] > rounding else 0.0 for size in sizes]
    return found


def _angle(a: Array, b: Array) -> float:
    """Between two vectors, in degrees from 0 to 180 (Kahan, Miscalculating area and angles of a triangle, 2014)."""
    with np.errstate(all="ignore"):
        u, v = a / math.hypot(*a), b / math.hypot(*b)
    return math.degrees(2 * math.atan2(math.hypot(*(u - v)), math.hypot(*(u + v))))


def _title(column: Column, _: Translate) -> str:
    return f"{_(column.name)} ({column.unit})" if column.unit else _(column.name)


def _pair(points: Array) -> list[str]:
    return [packed(points[0]), packed(points[1])]


def _finite(point: Array) -> list[float] | None:
    """A point for JSON, which knows no infinity."""
    return [float(value) for value in point] if np.isfinite(point).all() else None


def _digest(message: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(message).encode()).hexdigest()[:16]
