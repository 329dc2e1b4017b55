"""Every run says why it ended, at which step, and with which numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landscape as ls
from landscape.descent.stopping import MESSAGES

R = ls.StopReason
ENDLESS = ls.Stopping(gradient=0, divergence=1e300)


def run(text, start, **arguments):
    return ls.descend(ls.formula(text), **{"start": start, "learning_rate": 0.1, "max_steps": 300} | arguments)


ENDS = {
    # x shrinks by 0.9 a step: 0.9ⁿ < 1e-6 first at n = 132
    R.GRADIENT: (run("x^2/2", (1, 0)), 132, {"gradient": 0.9**132, "threshold": 1e-6}),
    # the n-th step is 0.1 · 0.9ⁿ⁻¹ long
    R.STEP: (run("x^2/2", (1, 0), stop=ls.Stopping(step=1e-3)), 45, {"length": 0.1 * 0.9**44, "threshold": 1e-3}),
    # the loss is 0.5 · 0.81ⁿ
    R.LOSS: (run("x^2/2", (1, 0), stop=ls.Stopping(loss=0.1)), 8, {"loss": 0.5 * 0.81**8, "threshold": 0.1}),
    R.MAX_STEPS: (run("x^2/2", (1, 0), max_steps=7), 7, {}),
    # x grows by −2 a step, so that the loss is 2 · 4ⁿ
    R.DIVERGED: (run("2x^2", (1, 0), learning_rate=0.75, stop=ls.Stopping(divergence=1e3)), 5, {"loss": 2048.0}),
    # the slope at 0.5 is 3 − 2 = 1
    R.LEFT_DOMAIN: (run("3x - log(x)", (0.5, 0), learning_rate=0.6), 1, {"x": -0.1, "y": 0.0}),
    R.INFINITE: (run("1/x^2", (0.0, 1)), 0, {"loss": math.inf, "x": 0.0, "y": 1.0}),
    R.NO_GRADIENT: (run("sqrt(x) + y", (0.0, 1)), 0, {"loss": 1.0}),
    R.NO_STEP: (run("x", (0, 0), optimizer=ls.Newton()), 0, {}),
    R.UPHILL: (run("x^2 - y^2", (0, 1), optimizer=ls.Newton(), learning_rate=ls.Backtracking()), 0, {}),
    R.NO_DECREASE: (run("x^2", (1, 0), learning_rate=ls.Backtracking(0.0)), 0, {}),
}


def test_every_reason_is_shown():
    assert set(ENDS) == set(R) == set(MESSAGES)


@pytest.mark.parametrize("reason", R)
def test_reason_step_and_numbers(reason):
    run, step, values = ENDS[reason]
    assert run.stop.reason is reason
    assert run.stop.step == step == run.stop.values["step"]
    assert run.theta.shape == (2, step + 1)
    for name, value in values.items():
        assert run.stop.values[name] == pytest.approx(value)
    assert run.stop.text == run.stop.message.format(**run.stop.values)
    assert str(step) in run.stop.text
    assert run.stop.text.endswith(".")


def test_reasons_are_plain_strings():
    assert R.MAX_STEPS == "max_steps"
    assert f"{R.LEFT_DOMAIN}" == "left_domain"


@given(
    st.tuples(st.floats(-4, 4), st.floats(-4, 4)),
    st.floats(0.005, 0.25),
    st.builds(
        ls.Stopping,
        gradient=st.sampled_from([0.0, 1e-3, 0.5]),
        step=st.sampled_from([0.0, 1e-3, 0.1]),
        loss=st.sampled_from([None, 1e-3, 1.0, -1.0]),
        divergence=st.sampled_from([5.0, 100.0, 1e12]),
    ),
    st.integers(0, 60),
)
def test_ends_at_the_first_point_that_satisfies_a_condition(start, learning_rate, stop, max_steps):
    run = ls.descend(ls.FUNCTIONS["bowl"], start=start, learning_rate=learning_rate, max_steps=max_steps, stop=stop)
    moved = np.append(np.inf, np.hypot(*np.diff(run.theta)))
    met = {
        R.DIVERGED: (abs(run.theta).max(axis=0) > stop.divergence) | (abs(run.loss) > stop.divergence),
        R.LOSS: run.loss <= (-np.inf if stop.loss is None else stop.loss),
        R.GRADIENT: np.hypot(*run.gradient) < stop.gradient,
        R.STEP: moved < stop.step * (1 - 1e-12),
    }
    last = run.stop.step
    assert not np.any([where[:last] for where in met.values()])
    if run.stop.reason is R.MAX_STEPS:
        assert last == max_steps
    elif run.stop.reason is not R.STEP or moved[-1] < stop.step * (1 - 1e-9):
        assert met[run.stop.reason][last]


def test_zero_turns_a_threshold_off():
    flat = ls.descend(ls.formula("3"), start=(1, 2), max_steps=5, stop=ENDLESS)
    assert flat.stop.reason is R.MAX_STEPS
    assert ls.descend(ls.formula("3"), start=(1, 2), max_steps=5).stop.reason is R.GRADIENT


def test_exactly_at_a_threshold():
    """Short is less than the threshold; reached is not above it."""
    slope = {"start": (8.0, 0.0), "learning_rate": 0.5, "max_steps": 9}
    assert run("x", **slope, stop=ls.Stopping(gradient=1.0)).stop.reason is R.MAX_STEPS
    assert run("x", **slope, stop=ls.Stopping(step=0.5)).stop.reason is R.MAX_STEPS
    reached = run("x", **slope, stop=ls.Stopping(loss=6.0)).stop
    assert (reached.reason, reached.step) == (R.LOSS, 4)
    assert run("x", **slope, stop=ls.Stopping(divergence=8.0)).stop.reason is R.MAX_STEPS


def test_a_learning_rate_of_zero_stays():
    run = ls.descend(ls.FUNCTIONS["bowl"], start=(1, 2), learning_rate=0, max_steps=5)
    assert run.stop.reason is R.MAX_STEPS
    assert (run.theta.T == [1, 2]).all()


def test_a_point_with_a_huge_gradient_is_no_end():
    steep = ls.formula("1e200 x")  # its squared gradient overflows
    run = ls.descend(steep, start=(0, 0), learning_rate=1e-200, max_steps=3, stop=ENDLESS)
    assert run.stop.reason is R.MAX_STEPS


def test_beyond_the_largest_number_there_is_no_step():
    run = ls.descend(ls.FUNCTIONS["bowl"], start=(1e3, 1), learning_rate=1e306, max_steps=9)
    assert run.stop.reason is R.NO_STEP
    assert run.stop.step == 0
    assert run.theta.tolist() == [[1e3], [1]]
    assert run.learning_rate.shape == (0,)


@pytest.mark.parametrize("field", ["gradient", "step", "divergence"])
def test_negative_thresholds_are_refused(field):
    with pytest.raises(ValueError, match=f"Stopping: {field} must be a finite number of at least 0"):
        ls.Stopping(**{field: -1e-9})


def test_ordinary_problems_are_judged_by_about_the_usual_thresholds():
    for function in ls.FUNCTIONS.values():
        for place in (function.start, *function.minima):
            stop = ls.Stopping.suiting(function, place)
            assert 1e-8 < stop.gradient <= 1e-6
            assert stop == ls.Stopping(gradient=stop.gradient)
    assert ls.Stopping.suiting(ls.FUNCTIONS["himmelblau"], (0, 0)) == ls.Stopping()


def test_a_short_gradient_is_a_millionth_of_the_usual_one_without_a_jump():
    slopes = np.geomspace(1e-20, 1e6, 500)
    thresholds = [ls.Stopping.suiting(ls.formula(f"{slope!r} x"), (0, 0)).gradient for slope in slopes.tolist()]
    assert thresholds == pytest.approx(1e-6 * np.minimum(slopes, 1), rel=1e-12, abs=0)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0])
def test_in_tiny_units_a_run_goes_on_until_it_has_arrived(scale):
    bowl = ls.formula(f"{scale} * (x^2 + y^2)")
    run = ls.descend(bowl, start=(3, 4), learning_rate=0.1 / scale, stop=ls.Stopping.suiting(bowl, (3, 4)))
    assert run.stop.reason is R.GRADIENT
    assert run.loss[-1] < 1e-10 * run.loss[0]


def test_of_samples_in_tiny_units_the_start_is_not_taken_for_the_minimum():
    line = ls.LinearRegression([-1e-12, 1e-12], [1e-12, 3e-12])
    assert ls.descend(line, start=(0, 0), learning_rate=0.4).stop.step == 0
    run = ls.descend(line, start=(0, 0), learning_rate=0.4, stop=ls.Stopping.suiting(line, (0, 0)))
    assert run.stop.reason is R.GRADIENT
    assert run.theta[1, -1] == pytest.approx(2e-12)
    minimum = ls.descend(line, start=line.minimum, stop=ls.Stopping.suiting(line, line.minimum))
    assert (minimum.stop.reason, minimum.stop.step) == (R.GRADIENT, 0)


def test_huge_numbers_at_the_start_are_no_divergence_yet():
    far = ls.formula("(x - 1e9)^2 + y^2")
    assert ls.descend(far, start=(0, 1), learning_rate=0.1).stop.reason is R.DIVERGED
    stop = ls.Stopping.suiting(far, (0, 1))
    assert ls.descend(far, start=(0, 1), learning_rate=0.1, stop=stop).theta[0, -1] == pytest.approx(1e9)
    lost = ls.descend(far, start=(0, 1), learning_rate=1.1, stop=stop)
    assert lost.stop.reason is R.DIVERGED
    assert lost.loss[-1] > 1e6 * lost.loss[0]


@pytest.mark.parametrize(("text", "start"), [("log(x)", (-1, 0)), ("1/x", (0, 0)), ("x^2", (1e200, 0)), ("3", (1, 2))])
def test_thresholds_stay_finite_where_nothing_else_is(text, start):
    stop = ls.Stopping.suiting(ls.formula(text), start)
    assert (stop.gradient, stop.step, stop.loss) == (1e-6, 0, None)
    assert 1e12 <= stop.divergence <= 1e300
