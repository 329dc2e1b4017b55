"""diagnose: what a run did and why, in a sentence or two with its own numbers."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from landscape.analysis.convergence import convergence
from landscape.analysis.curvature import PointKind
from landscape.analysis.evidence import Axis, Evidence, StationaryPoint, initial
from landscape.analysis.quadratic import contraction
from landscape.descent.descend import Trajectory
from landscape.descent.optimizers import GradientDescent, Momentum, Nesterov, Newton
from landscape.descent.stopping import StopReason

__all__ = ["Diagnosis", "DiagnosisKind", "diagnose"]


class DiagnosisKind(StrEnum):
    """What became of a run."""

    CONVERGED = "converged"
    REACHED = "reached"  # the loss that was asked for
    SADDLE = "saddle"  # or a maximum
    PLATEAU = "plateau"
    OSCILLATING = "oscillating"
    CIRCLING = "circling"
    CRAWLING = "crawling"  # a larger learning rate is better
    NOISE_FLOOR = "noise_floor"  # as near to the minimum as batches lead
    DESCENDING = "descending"  # out of steps
    HALTED = "halted"  # by its own rule, before it arrived
    STILL = "still"
    DIVERGED = "diverged"
    UNBOUNDED = "unbounded"
    UNDEFINED = "undefined"  # outside the domain, at a pole, or without a step that can be computed


@dataclass(frozen=True)
class Diagnosis:
    """A finding: English templates for str.format, with `values`, plain numbers and strings, for both.

    `advice` says what would do better, and is empty where nothing was found. `learning_rate` is the one to set for it;
    it was tried before it is suggested.
    """

    kind: DiagnosisKind
    message: str
    values: dict[str, Any]
    advice: str = ""
    learning_rate: float | None = None

    @property
    def text(self) -> str:
        """Message and advice in English, with their numbers."""
        return f"{self.message} {self.advice}".strip().format(**self.values)


def diagnose(run: Trajectory) -> Diagnosis:
    """The first of CASES, or of CASES_OF_BATCHES, for which the run gives evidence.

    Its objective needs `hessian` besides what `descend` needs.
    Other learning rates are really run before one is suggested, for 2000 steps at most.
    """
    evidence = Evidence(run)
    with np.errstate(all="ignore"):
        cases = CASES_OF_BATCHES if evidence.noisy else CASES
        return next(finding for case in cases if (finding := case(evidence)))


GROWN = 1.1  # times as long are the gradients after a whole run: with less, it bounces at the border of stability
ENOUGH_FOR_A_PACE = 30  # steps, to speak of a hundred more
STEADY_PACE = 1.2  # times more or less may be what a hundred more steps do, if the pace goes on changing as it does
ADVICE = {
    "rate": "With learning rate {better_rate:g} the loss falls to {better_loss:.4g} by step {better_steps}.",
    "beyond": "With learning rate {better_rate:g} the loss falls to {better_loss:.4g} by step {better_steps}: though"
    " above that limit, it leads to where the curvature is smaller, λ = {smaller:.4g}, and allows it.",
    "times": "With learning rate {better_rate:g}, {times:.3g} times as large, the loss falls to {better_loss:.4g} by"
    " step {better_steps}.",
    "decay": "With learning rate {better_rate:g} the loss falls to {better_loss:.4g} by step {better_steps}; with a"
    " learning rate that decays the steps shrink to nothing.",
    "noise": "The floor sinks with the learning rate and rises as batches get smaller.",
    "lighter": "With momentum {lighter:g} the loss falls to {better_loss:.4g} by step {better_steps}.",
    "damped": "With damping {damping:g} the loss falls to {better_loss:.4g} by step {better_steps}.",
    "lower": "A lower minimum, with loss {lower:.4g}, lies at ({lower_x:.4g}, {lower_y:.4g}).",
    "beside": "A run that starts a little to the side would leave this point.",
    "damping": "Newton's method looks for any point with gradient 0; a damping above {damping:.3g} makes it leave.",
    "condition": "At condition number {condition:.3g} even the best learning rate leaves {kept:.4g} of the distance at"
    " every step; the best momentum leaves {kept_by_momentum:.4g}.",
}

# Runs that ended where no number is


def unbounded(e: Evidence) -> Diagnosis | None:
    lost = e.run.stop.reason in (StopReason.DIVERGED, StopReason.INFINITE)
    if not (e.steps and lost and e.run.loss[-1] < e.run.loss[0]):
        return None
    return Diagnosis(
        DiagnosisKind.UNBOUNDED,
        message="The loss falls without end: at step {steps} it is {loss:.3g}. This way down there is no minimum.",
        values=_facts(e) | {"loss": float(e.run.loss[-1])},
    )


def diverged(e: Evidence) -> Diagnosis | None:
    reason = e.run.stop.reason
    if not e.steps or e.arrived or reason in (StopReason.GRADIENT, StopReason.STEP, StopReason.LOSS):
        return None
    grows = e.grows and not np.power(convergence(e.run).measured, e.steps) <= GROWN  # NaN: too few to measure
    on_its_way = reason is StopReason.MAX_STEPS and (e.negligible or not grows)
    if reason is not StopReason.DIVERGED and (e.overstep is None or _facts(e)["loss"] <= e.run.loss[0] or on_its_way):
        return None
    facts = _facts(e)
    if math.isinf(e.run.loss[-1]):
        facts["loss"] = math.inf
    batch = e.steepest_batch if e.noisy and e.overstep is None else None
    if batch:
        finding = Diagnosis(
            DiagnosisKind.DIVERGED,
            message="Diverged: the loss is {loss:.3g} at step {steps}. The curvature of all samples allows the learning"
            " rate {learning_rate:.{digits}g}, but that of a batch, up to λ = {curvature:.4g} along ({dx:.2g},"
            " {dy:.2g}), allows {border} = {limit:.{digits}g} at most.",
            values=facts | _axis(e, batch),
        )
    elif e.overstep is None:
        message = "Diverged: from step {onset} on the loss grows, to {loss:.3g} at step {steps}."
        finding = Diagnosis(DiagnosisKind.DIVERGED, message, facts | {"onset": int(np.nanargmin(e.run.loss)) + 1})
    else:
        point, axis = e.overstep
        finding = Diagnosis(
            DiagnosisKind.DIVERGED,
            message="Diverged: the loss is {loss:.3g} at step {steps}. At step {onset} the learning rate was"
            " {learning_rate:.{digits}g}, but along ({dx:.2g}, {dy:.2g}) the curvature there, λ = {curvature:.4g},"
            " allows {border} = {limit:.{digits}g} at most.",
            values=facts | _axis(e, axis, float(e.run.learning_rate[point])) | {"onset": point + 1},
        )
    return _advised(e, finding, e.slower)


def undefined(e: Evidence) -> Diagnosis | None:
    messages = {
        StopReason.LEFT_DOMAIN: (
            "The start ({x:.4g}, {y:.4g}) lies outside the domain: the function has no value there.",
            "Step {steps} led out of the domain: at ({x:.4g}, {y:.4g}) the function has no value.",
        ),
        StopReason.INFINITE: (
            "The loss is infinite at the start ({x:.4g}, {y:.4g}): a pole, or a number too large.",
            "Step {steps} led to ({x:.4g}, {y:.4g}), where the loss is infinite: a pole, or a number too large.",
        ),
        StopReason.NO_GRADIENT: (
            "The function has no finite gradient at the start ({x:.4g}, {y:.4g}).",
            "Step {steps} led to ({x:.4g}, {y:.4g}), where the function has no finite gradient.",
        ),
        StopReason.NO_STEP: (
            "At the start ({x:.4g}, {y:.4g}) the optimizer's formula divides by zero or overflows.",
            "After step {steps}, at ({x:.4g}, {y:.4g}), the optimizer's formula divides by zero or overflows.",
        ),
        StopReason.DIVERGED: (
            "The start ({x:.4g}, {y:.4g}), with loss {loss:.3g}, is already beyond what counts as diverged.",
            "",  # is another case
        ),
    }
    if e.run.stop.reason not in messages or (e.arrived and math.isfinite(e.run.loss[-1])):
        return None
    at_start, later = messages[e.run.stop.reason]
    if not e.steps:
        return Diagnosis(DiagnosisKind.UNDEFINED, at_start, _facts(e) | {"loss": float(e.run.loss[0])})
    return _advised(e, Diagnosis(DiagnosisKind.UNDEFINED, later, _facts(e)), e.slower)


# Runs that did what they could


def reached(e: Evidence) -> Diagnosis | None:
    if e.run.stop.reason is not StopReason.LOSS:
        return None
    return Diagnosis(
        DiagnosisKind.REACHED,
        message="Reached the loss that was asked for: {loss:.4g} at step {steps}.",
        values=_facts(e),
    )


def still(e: Evidence) -> Diagnosis | None:
    could_move = e.end_kind in (PointKind.SLOPE, PointKind.FLAT) and e.run.gradient[:, -1].any()
    if e.extent or not could_move or not (e.steps or e.run.stop.reason is StopReason.MAX_STEPS):
        return None
    if not e.steps:
        return Diagnosis(DiagnosisKind.STILL, message="No step was taken: the limit is 0 steps.", values=_facts(e))
    if not e.run.learning_rate.any():
        message = "The learning rate is 0: no step moves the point."
    else:
        message = "The steps are too short to move the point: shorter than the rounding of the coordinates."
    return _advised(e, Diagnosis(DiagnosisKind.STILL, message, _facts(e)), e.faster)


def converged(e: Evidence) -> Diagnosis | None:
    if e.minimum is None or not e.arrived or e.settles_nowhere:
        return None
    values = _facts(e) | _place(e.minimum) | {"arrival": e.arrival}
    if not e.steps:
        message = "The start ({x:.4g}, {y:.4g}) is a minimum already."
    elif e.run.stop.reason is StopReason.MAX_STEPS:
        message = (
            "Arrived at the minimum ({x:.4g}, {y:.4g}): from step {arrival} on less than a thousandth of the descent"
            " is left, and in the end the loss is {gap:.2g} above the minimum."
        )
        values["gap"] = max(0.0, values["loss"] - e.minimum.loss)
    else:
        message = "Converged to the minimum ({x:.4g}, {y:.4g}) at step {steps}; the loss there is {minimum:.4g}."
    finding = Diagnosis(DiagnosisKind.CONVERGED, message, values)
    lower = e.lower_minimum
    if lower is None:
        return finding
    place, loss = lower
    values |= {"lower": loss, "lower_x": place[0], "lower_y": place[1]}
    return replace(finding, advice=ADVICE["lower"])


def at_noise_floor(e: Evidence) -> Diagnosis | None:
    if e.floor is None or e.run.batches is None:
        return None
    x, y = e.run.objective.minimum
    lowest, usual = float(e.run.objective((x, y))), float(np.median(e.floor))
    finding = Diagnosis(
        DiagnosisKind.NOISE_FLOOR,
        message="At its noise floor: since step {since} the loss stays about {excess:.2g} above the minimum"
        " ({x:.4g}, {y:.4g}), between {low:.2g} and {high:.2g}. The gradients of its batches, {size} of {samples}"
        " samples each, are off the whole one by {noise:.2g}, so that its steps never end.",
        values=_facts(e)
        | {"x": x, "y": y, "minimum": lowest, "since": e.steps - len(e.floor) + 1, "excess": usual, "noise": e.noise}
        | {"low": max(0.0, float(e.floor.min())), "high": float(e.floor.max())}
        | {"size": e.run.batches.batch_size, "samples": e.run.batches.samples},
        advice=ADVICE["noise"],
    )
    better = e.slower if e.slower and e.slower.loss[-1] - lowest < 0.5 * usual else None
    return _advised(e, finding, better, "decay")


def balanced(e: Evidence) -> Diagnosis | None:
    decay = getattr(e.run.optimizer, "weight_decay", 0.0)
    if not (decay and e.steps >= 10 and e.step_lengths[-10:].max() <= 1e-5 * e.extent):
        return None
    return Diagnosis(
        DiagnosisKind.CONVERGED,
        message="Came to rest at ({x:.4g}, {y:.4g}), where the weight decay {weight_decay:g} balances the gradient.",
        values=_facts(e) | {"weight_decay": float(decay)},
    )


def at_saddle(e: Evidence) -> Diagnosis | None:
    point = e.nearest
    if point is None or not e.arrived or point.kind not in (PointKind.SADDLE, PointKind.MAXIMUM):
        return None
    down, lowest = point.curvature.eigenvectors[:, 0], float(point.curvature.eigenvalues[0])
    beside = abs(float(down @ (e.end - point.theta)))
    values = (
        _facts(e)
        | _place(point)
        | {"dx": float(down[0]), "dy": float(down[1]), "curvature": lowest, "beside": beside, "damping": -lowest}
    )
    if point.kind is PointKind.MAXIMUM:
        message = "Ended on the maximum ({x:.4g}, {y:.4g}): the gradient there is 0, and every way leads down."
    elif lowest == 0:
        message = (
            "Stuck at ({x:.4g}, {y:.4g}): the gradient and the smallest curvature there are 0, though lower places are"
            " close by."
        )
    elif beside > 1e-9 * e.extent:
        message = (
            "Held up at the saddle ({x:.4g}, {y:.4g}): the gradient there is 0, and along ({dx:.2g}, {dy:.2g}), the"
            " direction with curvature λ = {curvature:.3g}, the distance to it is only {beside:.2g}."
        )
        return Diagnosis(DiagnosisKind.SADDLE, message, values)
    else:
        message = (
            "Stuck at the saddle ({x:.4g}, {y:.4g}): the gradient there is 0, though the loss falls along"
            " ({dx:.2g}, {dy:.2g}), where the curvature is λ = {curvature:.3g}."
        )
    advice = ADVICE["damping" if isinstance(e.run.optimizer, Newton) and lowest < 0 else "beside"]
    return Diagnosis(DiagnosisKind.SADDLE, message, values, advice)


# Runs on their way


def unheld(e: Evidence) -> Diagnosis | None:
    if e.rate is None or e.minimum is None or not e.steps or not e.surrounds(e.minimum):  # a line search settles
        return None
    axis = e.axis(e.minimum.theta)
    if not e.run.learning_rate[-1] > 1.001 * axis.limit:
        return None
    finding = Diagnosis(
        DiagnosisKind.OSCILLATING,
        message="Cannot settle in the minimum ({x:.4g}, {y:.4g}): along ({dx:.2g}, {dy:.2g}) its curvature"
        " λ = {curvature:.4g} allows {border} = {limit:.{digits}g} at most, but the learning rate is"
        " {learning_rate:.{digits}g}.",
        values=_facts(e) | _place(e.minimum) | _axis(e, axis),
    )
    return _advised(e, finding, e.slower)


def zigzagging(e: Evidence) -> Diagnosis | None:
    if e.steps < 4 or e.flips < 0.7 * e.tail:
        return None
    part = float(e.run.learning_rate[-1]) / e.across.limit
    if not part >= 0.5:
        return None
    if e.searches:  # each step lowers the loss, so that no border of a fixed rate applies
        before, now = e.losses_of_tail
        late = e.run.theta[:, -1 - e.tail :]
        return Diagnosis(
            DiagnosisKind.OSCILLATING,
            message="Zigzags: at {flips} of the last {tail} steps the gradient along ({dx:.2g}, {dy:.2g}), across the"
            " ravine, changed its sign; the curvature along it is λ = {curvature:.4g}. The line search takes the first"
            " learning rate that lowers the loss enough. These steps are {way:.2g} long together, and lead"
            " {progress:.2g} farther along the ravine, where the loss, {loss:.4g}, goes on falling, by {drop:.2g}"
            " since step {since}.",
            values=_facts(e)
            | _axis(e, e.across)
            | {"flips": e.flips, "tail": e.tail, "since": e.steps - e.tail, "drop": before - now}
            | {"way": float(e.step_lengths[-e.tail :].sum()), "progress": math.dist(late[:, 0], late[:, -1])},
        )
    message = (
        "Zigzags: at {flips} of the last {tail} steps the gradient along ({dx:.2g}, {dy:.2g}) changed its sign."
        " The curvature along it is λ = {curvature:.4g}; the learning rate {learning_rate:.{digits}g} is"
        " {part:.{digits}g} × {border}, and at {border} = {limit:.{digits}g} the run would bounce for ever."
    )
    if part > 1:
        message = (
            "Zigzags: at {flips} of the last {tail} steps the gradient along ({dx:.2g}, {dy:.2g}) changed its sign."
            " The curvature along it is λ = {curvature:.4g}; the learning rate {learning_rate:.{digits}g} is"
            " {part:.{digits}g} × {border}, and beyond {border} = {limit:.{digits}g} a run diverges where the curvature"
            " stays the same."
        )
    finding = Diagnosis(
        DiagnosisKind.OSCILLATING,
        message=message,
        values=_facts(e) | _axis(e, e.across) | {"flips": e.flips, "tail": e.tail, "part": part},
    )
    return _advised(e, finding, e.slower)


def rolling(e: Evidence) -> Diagnosis | None:
    optimizer, minimum = e.run.optimizer, e.minimum
    if not isinstance(optimizer, Momentum | Nesterov) or minimum is None or e.steps < 10:
        return None
    along = minimum.curvature.eigenvectors.T @ (e.run.theta - minimum.theta[:, None])
    widest = int(np.abs(along[:, -1 - e.tail :]).max(axis=1).argmax())
    passes = int((along[widest, 1:] * along[widest, :-1] < 0).sum())
    if e.climbs < 0.1 or passes < 2:
        return None
    kept = contraction(optimizer, e.run.learning_rate[-1], minimum.curvature.eigenvalues[widest])
    finding = Diagnosis(
        DiagnosisKind.OSCILLATING,
        message="Rolls to and fro through the minimum ({x:.4g}, {y:.4g}): {passes} times in {steps} steps. With"
        " momentum {momentum:g} a step keeps {kept:.4g} of the swing.",
        values=_facts(e) | _place(minimum) | {"passes": passes, "momentum": optimizer.momentum, "kept": float(kept)},
    )
    return _advised_setting(e, finding, e.lighter, "lighter", "lighter")


def circling(e: Evidence) -> Diagnosis | None:
    if not e.settles_nowhere:
        return None
    values = _facts(e) | {
        "tail": e.tail,
        "typical": float(np.median(e.step_lengths[-e.tail :])),
        "level": float(np.median(e.run.loss[-e.tail :])),
    }
    if e.minimum is not None and e.surrounds(e.minimum) and e.minimum.loss < values["level"]:
        message = (
            "Never settles: the steps stay about {typical:.2g} long, and the loss stays about {excess:.2g} above the"
            " minimum ({x:.4g}, {y:.4g})."
        )
        values |= _place(e.minimum) | {"excess": values["level"] - e.minimum.loss}
    else:
        message = "Never settles: the steps stay about {typical:.2g} long, and the loss about {level:.4g}."
    finding = Diagnosis(DiagnosisKind.CIRCLING, message, values)
    return _advised(e, finding, e.slower, "decay")


def jumping(e: Evidence) -> Diagnosis | None:
    if not (e.climbs >= 0.5 and e.turns >= max(4, 0.2 * e.tail)):
        return None
    late = e.run.loss[-1 - e.tail :]
    finding = Diagnosis(
        DiagnosisKind.CIRCLING,
        message="Jumps about: since step {since} the loss turned up or down {turns} times, between {low:.4g} and"
        " {high:.4g}.",
        values=_facts(e)
        | {"since": e.steps - e.tail, "turns": e.turns, "low": float(late.min()), "high": float(late.max())},
    )
    return _advised(e, finding, e.slower)


def level(e: Evidence) -> Diagnosis | None:
    if e.end_kind is not PointKind.FLAT or e.run.gradient[:, -1].any():
        return None
    message = "The loss is level around ({x:.4g}, {y:.4g}): no direction leads down."
    return Diagnosis(DiagnosisKind.PLATEAU, message, _facts(e))


def above_a_slope(e: Evidence) -> Diagnosis | None:
    if e.end_kind is PointKind.FLAT or e.faster is None:
        return None
    here, ahead = (float(np.hypot(*run.gradient).max()) for run in (e.run, e.faster))
    fell, falls = (float(run.loss[0] - run.loss[-1]) for run in (e.run, e.faster))
    if here > 0.1 * ahead or fell > 0.05 * falls:
        return None
    finding = Diagnosis(
        DiagnosisKind.PLATEAU,
        message="On a plateau: at step {steps}, at ({x:.4g}, {y:.4g}), the gradient is {gradient:.2g} long; farther"
        " down it is up to {ahead:.2g} long.",
        values=_facts(e) | {"ahead": ahead},
    )
    return _advised(e, finding, e.faster, "times")


def driven_uphill(e: Evidence) -> Diagnosis | None:
    """Newton's method that ended above its start. A smaller learning rate would climb as well, a damping would not."""
    if e.uphill is None or not (e.on_a_plateau or e.run.stop.reason is StopReason.MAX_STEPS):
        return None
    here = e.curvature_uphill
    dx, dy = here.eigenvectors[:, 0].tolist()
    values = _facts(e) | {"onset": e.uphill, "dx": dx, "dy": dy, "curvature": float(here.eigenvalues[0])}
    if e.on_a_plateau:
        message = (
            "On a plateau: at step {steps}, at ({x:.4g}, {y:.4g}), the gradient is only {gradient:.2g} long. At step"
            " {onset} the curvature along ({dx:.2g}, {dy:.2g}) was λ = {curvature:.3g}: where it is negative, Newton's"
            " step leads uphill."
        )
        finding = Diagnosis(DiagnosisKind.PLATEAU, message, values)
    else:
        message = (
            "Out of steps: the loss is {loss:.4g}, above the {first:.4g} at the start. At step {onset} the curvature"
            " along ({dx:.2g}, {dy:.2g}) was λ = {curvature:.3g}: where it is negative, Newton's step leads uphill."
        )
        finding = Diagnosis(DiagnosisKind.DESCENDING, message, values | {"first": float(e.run.loss[0])})
    return _advised_setting(e, finding, e.damped, "damped", "damping")


def on_plateau(e: Evidence) -> Diagnosis | None:
    if not e.on_a_plateau:
        return None
    message = "On a plateau: at step {steps}, at ({x:.4g}, {y:.4g}), the gradient is only {gradient:.2g} long."
    finding = Diagnosis(DiagnosisKind.PLATEAU, message, _facts(e))
    if e.faster is None:  # it may have been thrown there
        return _advised(e, finding, e.slower)
    return _advised(e, finding, e.faster, "times")


def crawling(e: Evidence) -> Diagnosis | None:
    if e.faster is None:
        return None
    values = _facts(e)
    if values["learning_rate"] < e.steepest.limit < math.inf:
        values |= _axis(e, e.steepest)
        message = (
            "Crawls: at step {steps} the loss is {loss:.4g}. The learning rate is {learning_rate:.{digits}g}, where"
            " even the largest curvature on the path, λ = {curvature:.4g}, allows {border} = {limit:.{digits}g}."
        )
    else:
        message = "Crawls: at step {steps} the loss is {loss:.4g}, and the last step was only {length:.2g} long."
    return _advised(e, Diagnosis(DiagnosisKind.CRAWLING, message, values), e.faster, "times")


def halted(e: Evidence) -> Diagnosis | None:
    messages = {
        StopReason.GRADIENT: "Stopped at step {steps} on its way: the gradient, {gradient:.2g} long, was short enough.",
        StopReason.STEP: "Stopped at step {steps} on its way: the step, {length:.2g} long, was short enough.",
        StopReason.UPHILL: "Stopped at step {steps}: the optimizer points uphill, and a line search only goes down.",
        StopReason.NO_DECREASE: "Stopped at step {steps}: no learning rate of the line search lowers the loss.",
    }
    if e.run.stop.reason not in messages:
        return None
    return Diagnosis(DiagnosisKind.HALTED, messages[e.run.stop.reason], _facts(e))


def out_of_steps(e: Evidence) -> Diagnosis:
    before, now = e.losses_of_tail
    floor = e.minimum.loss if e.minimum and e.minimum.loss < now < before else -math.inf
    factor, steady = _pace(e, floor)
    values = _facts(e) | {"since": e.steps - e.tail, "drop": before - now, "gap": now - floor, "factor": factor}
    if not now < before:
        message = "Out of steps: the loss is {loss:.4g}, which is no lower than the loss at step {since}."
        return _advised(e, Diagnosis(DiagnosisKind.DESCENDING, message, values), e.slower)
    if e.turned < e.steps and not e.noisy:
        message = (
            "Out of steps: the loss is {loss:.4g}, {drop:.2g} lower than at step {since}, though it has risen since"
            " step {turned}."
        )
        values["turned"] = e.turned
    elif e.bare:
        message = (
            "Out of steps: the loss is {loss:.4g} and still falling, by {drop:.2g} since step {since}, the farther the"
            " run goes; for x from {left:.4g} to {right:.4g} and y from {bottom:.4g} to {top:.4g} no minimum was found."
        )
        (values["left"], values["right"]), (values["bottom"], values["top"]) = e.bare
    elif e.minimum is None or factor < 1.05 or e.climbs > 0.1:
        message = "Out of steps: the loss is {loss:.4g} and still falling, by {drop:.2g} since step {since}."
    elif not steady:
        message = "Out of steps: the loss is {loss:.4g}, still {gap:.2g} above the minimum ({x:.4g}, {y:.4g})."
        values |= _place(e.minimum)
    else:
        message = (
            "Out of steps: the loss is {loss:.4g}, still {gap:.2g} above the minimum ({x:.4g}, {y:.4g});"
            " at this pace 100 more steps divide this gap by {factor:.3g}."
        )
        values |= _place(e.minimum)
    finding = Diagnosis(DiagnosisKind.DESCENDING, message, values)
    condition = float(e.minimum.curvature.condition_number) if e.minimum else math.nan
    if not (isinstance(e.run.optimizer, GradientDescent) and 20 <= condition < math.inf):
        return finding
    best, best_momentum = (condition - 1) / (condition + 1), (condition**0.5 - 1) / (condition**0.5 + 1)
    values |= {"condition": condition, "kept": best, "kept_by_momentum": best_momentum}
    return replace(finding, advice=ADVICE["condition"])


def _pace(e: Evidence, floor: float) -> tuple[float, bool]:
    """By what 100 more steps divide the gap to a floor, and whether the pace is steady enough to say so.

    It is that of the very last steps: the first ones down a ravine are long, and say nothing about its floor. It is
    steady if the factor stays about the same when the pace goes on changing as it did in the steps before those.
    """
    stretch, before = max(2, e.tail // 5), 3
    if floor == -math.inf or e.steps < ENOUGH_FOR_A_PACE:
        return 1.0, False
    gaps = (e.run.loss - floor)[-1 - (before + 1) * stretch :: stretch]
    if not (gaps > 0).all():
        return 1.0, False
    paces = -np.diff(np.log(gaps)) / stretch
    change = float(np.ptp(paces)) / (before * stretch)
    return math.exp(min(100 * paces[-1], 700)), change * 100**2 / 2 <= math.log(STEADY_PACE)


CASES: tuple[Callable[[Evidence], Diagnosis | None], ...] = (
    unbounded,
    diverged,
    undefined,
    reached,
    still,
    converged,
    balanced,
    at_saddle,
    unheld,
    zigzagging,
    rolling,
    circling,
    jumping,
    driven_uphill,
    level,
    above_a_slope,
    on_plateau,
    crawling,
    halted,
    out_of_steps,
)

CASES_OF_BATCHES = (
    unbounded,
    diverged,
    undefined,
    reached,
    still,
    at_noise_floor,
    converged,
    balanced,
    level,
    above_a_slope,
    on_plateau,
    crawling,
    halted,
    out_of_steps,
)
"""Of runs over batches, whose steps turn and jump by noise, so that nothing is told by that."""


def _facts(e: Evidence) -> dict[str, Any]:
    """The numbers of a run's end; the loss is the last finite one."""
    finite = e.run.loss[np.isfinite(e.run.loss)]
    return {
        "steps": e.steps,
        "loss": float(finite[-1]) if finite.size else math.nan,
        "x": float(e.end[0]),
        "y": float(e.end[1]),
        "gradient": float(np.hypot(*e.run.gradient[:, -1])),
        "length": float(e.step_lengths[-1]) if e.steps else 0.0,
        "learning_rate": float(e.run.learning_rate[-1]) if e.steps else math.nan,
    }


def _place(point: StationaryPoint) -> dict[str, float]:
    return {"x": float(point.theta[0]), "y": float(point.theta[1]), "minimum": point.loss}


def _axis(e: Evidence, axis: Axis, rate: float | None = None) -> dict[str, Any]:
    """A direction with its curvature, and beside a learning rate, the last one unless told, the border of stability.

    The border is there in numbers, in as many `digits` as tell it from the learning rate, and as a formula.
    """
    rate = float(e.run.learning_rate[-1]) if rate is None else rate
    curvature = "(λ + w)" if getattr(e.run.optimizer, "weight_decay", 0) else "λ"
    match e.run.optimizer:
        case Momentum():
            border = "2(1 + β)/λ"
        case Nesterov():
            border = "2(1 + β)/((1 + 2β)λ)"
        case _:
            border = f"2/{curvature}"
    dx, dy = axis.direction.tolist()
    return {"dx": dx, "dy": dy, "curvature": axis.eigenvalue, "border": border, "limit": axis.limit} | {
        "learning_rate": rate,
        "digits": next((d for d in range(3, 13) if f"{rate:.{d}g}" != f"{axis.limit:.{d}g}"), 3),
    }


def _advised(e: Evidence, finding: Diagnosis, better: Trajectory | None, kind: str = "rate") -> Diagnosis:
    """The finding with the advice to do as the better run does, if there is one that in the steps there are gets lower.

    Lower than the run ended, or than it began where it was lost.
    """
    if better is None:
        return finding
    steps = min(better.stop.step, e.run.max_steps)
    rate, loss = initial(better), float(better.loss[steps])
    lost = finding.kind in (DiagnosisKind.DIVERGED, DiagnosisKind.UNDEFINED)
    if not loss < e.run.loss[0 if lost else -1]:
        return finding
    values = {"better_rate": rate, "better_loss": loss, "better_steps": steps}
    values["times"] = rate / e.rate if e.rate else math.inf
    constant = bool((better.learning_rate[:steps] == rate).all())  # else it may be what keeps the run calm
    if kind in ("rate", "times") and rate > finding.values.get("limit", math.inf) and constant and not e.noisy:
        there = e.axis(better.theta[:, steps])
        if rate < there.limit:  # the border that was told holds at one point, and this one where the run goes
            kind, values["smaller"] = "beyond", there.eigenvalue
    return replace(finding, advice=ADVICE[kind], values=finding.values | values, learning_rate=rate)


def _advised_setting(
    e: Evidence, finding: Diagnosis, better: tuple[float, Trajectory] | None, kind: str, name: str
) -> Diagnosis:
    """The finding with the advice to give the optimizer the value that the better run has, told by that name."""
    if better is None:
        return finding
    value, run = better
    advised = _advised(e, finding, run, kind)
    return replace(advised, values=advised.values | {name: value}, learning_rate=None)
