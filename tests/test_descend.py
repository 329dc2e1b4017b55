"""The loop and its record: shapes, the identity θ⁺ = θ − η d, and numbers that never raise."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls

optimizers = st.sampled_from([optimizer() for optimizer in ls.OPTIMIZERS.values()])
functions = st.sampled_from(list(ls.FUNCTIONS.values()))


@settings(max_examples=60, deadline=None)
@given(functions, optimizers, st.floats(0, 1), st.integers(0, 40))
def test_the_record_is_what_happened(function, optimizer, learning_rate, max_steps):
    run = ls.descend(
        function, start=function.start, optimizer=optimizer, learning_rate=learning_rate, max_steps=max_steps
    )
    n = run.stop.step
    assert n <= max_steps
    assert run.theta.shape == run.gradient.shape == (2, n + 1)
    assert run.loss.shape == (n + 1,)
    assert run.learning_rate.shape == (n,)
    assert run.direction.shape == (2, n)
    assert {name: record.shape for name, record in run.states.items()} == dict.fromkeys(optimizer.quantities, (2, n))
    assert run.theta[:, 0].tolist() == list(function.start)
    assert np.isfinite(run.theta).all()
    np.testing.assert_array_equal(run.theta[:, 1:], run.theta[:, :-1] - run.learning_rate * run.direction)
    if run.stop.reason is not ls.StopReason.DIVERGED:
        np.testing.assert_allclose(run.loss, function(run.theta), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(run.gradient, function.gradient(run.theta), rtol=1e-9, atol=1e-9)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        functions,
        st.sampled_from(
            [
                ls.formula(text)
                for text in ("1/(x*y)", "sqrt(x) + log(y)", "exp(exp(x)) - y", "abs(x) - y^3", "x^x", "3")
            ]
        ),
    ),
    st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(-3, 3)),
    optimizers,
    st.floats(0, 1.7e308) | st.floats(0, 3),
    st.booleans(),
)
def test_numbers_never_raise(function, start, optimizer, learning_rate, search):
    rate = ls.Backtracking(min(learning_rate, 1e300)) if search else learning_rate
    run = ls.descend(function, start=start, optimizer=optimizer, learning_rate=rate, max_steps=30)
    assert run.stop.step == len(run.learning_rate) == len(run.loss) - 1
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss[:-1]).all()
    assert np.isfinite(run.gradient[:, :-1]).all()
    assert np.isfinite(run.direction).all()
    assert run.stop.text


class Bowl:
    """An objective with the least that descend asks for."""

    def __call__(self, theta):
        return 0.5 * theta[0] ** 2 + 5 * theta[1] ** 2

    def gradient(self, theta):
        return np.array([theta[0], 10 * theta[1]])


class FloatBowl(Bowl):
    def value_and_gradient(self, x, y):
        return 0.5 * x**2 + 5 * y**2, x, 10 * y


@pytest.mark.parametrize("optimizer", [ls.GradientDescent(), ls.Adam(), ls.LBFGS()])
def test_the_way_on_floats_and_the_way_on_arrays_agree(optimizer):
    slow, fast = (
        ls.descend(bowl, start=(-4, 1.5), optimizer=optimizer, learning_rate=0.05, max_steps=80)
        for bowl in (Bowl(), FloatBowl())
    )
    np.testing.assert_allclose(slow.theta, fast.theta, rtol=1e-12)
    np.testing.assert_allclose(slow.loss, fast.loss, rtol=1e-12)
    assert slow.stop == fast.stop


def test_an_overflow_in_numpy_warns_nobody():
    run = ls.descend(Bowl(), start=(1e300, 1), learning_rate=1.0, stop=ls.Stopping(divergence=1e305))
    assert run.stop.reason is ls.StopReason.INFINITE


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda x, y: (math.log(x), 1 / x, 0.0), ls.StopReason.LEFT_DOMAIN),
        (lambda x, y: (math.exp(-1000 * x), 1.0, 0.0), ls.StopReason.INFINITE),
        (lambda x, y: (1 / (x - x), 1.0, 0.0), ls.StopReason.INFINITE),
    ],
)
def test_what_python_raises_ends_the_run(function, reason):
    class Raises:
        value_and_gradient = staticmethod(function)

    run = ls.descend(Raises(), start=(-1, 0))
    assert run.stop.reason is reason
    assert run.theta.shape == (2, 1)
    assert ls.descend(Raises(), start=(-1, 0), learning_rate=ls.Backtracking()).stop.reason is reason


def test_runs_do_not_know_of_each_other():
    """An optimizer is only its settings: what it remembers belongs to a run."""
    adam, function = ls.Adam(), ls.FUNCTIONS["rosenbrock"]
    first = ls.descend(function, start=(0, 0), optimizer=adam, max_steps=20)
    ls.descend(function, start=(1, -1), optimizer=adam, max_steps=20)
    again = ls.descend(function, start=(0, 0), optimizer=adam, max_steps=20)
    np.testing.assert_array_equal(first.theta, again.theta)


def test_a_record_cannot_be_changed_and_can_be_stored():
    run = ls.descend(ls.FUNCTIONS["bowl"], start=np.array([1, 2]), optimizer=ls.Adam(), max_steps=np.int64(5))
    for array in (run.theta, run.loss, run.gradient, run.learning_rate, run.direction):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0
    copy = pickle.loads(pickle.dumps(run))
    np.testing.assert_array_equal(copy.theta, run.theta)
    np.testing.assert_array_equal(copy.direction, run.direction)
    assert copy.stop == run.stop
    assert (copy.optimizer, copy.schedule, copy.stopping) == (run.optimizer, run.schedule, run.stopping)


@pytest.mark.parametrize("start", [(1,), (1, 2, 3), (np.nan, 0), (np.inf, 0), "xy", None, 3.0, ("a", 1)])
def test_start_is_two_finite_numbers(start):
    with pytest.raises(ValueError, match="start must be two finite numbers"):
        ls.descend(ls.FUNCTIONS["bowl"], start=start)


@pytest.mark.parametrize("learning_rate", [-0.1, np.nan, np.inf, None, "0.1", True])
def test_learning_rate_is_a_number_of_at_least_zero(learning_rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number of at least 0"):
        ls.descend(ls.FUNCTIONS["bowl"], start=(0, 1), learning_rate=learning_rate)


@pytest.mark.parametrize("max_steps", [-1, 1.5, 10**7, None, "3"])
def test_max_steps_is_whole_and_bounded(max_steps):
    with pytest.raises(ValueError, match="max_steps must be a whole number from 0 to 1000000"):
        ls.descend(ls.FUNCTIONS["bowl"], start=(0, 1), max_steps=max_steps)
