"""Backtracking against the definition of Armijo's rule, and where it ends a run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls


@settings(max_examples=40, deadline=None)
@given(
    st.builds(ls.Backtracking, st.floats(1e-3, 1e3), st.floats(0.1, 0.9), st.floats(1e-6, 0.5)),
    st.sampled_from(["rosenbrock", "himmelblau", "bowl", "ravine"]),
    st.sampled_from([ls.GradientDescent(), ls.LBFGS(), ls.RMSProp(), ls.Newton(5.0)]),
)
def test_backtracking_takes_the_first_trial_that_satisfies_armijo(search, key, optimizer):
    objective = ls.FUNCTIONS[key]
    run = ls.descend(objective, start=objective.start, optimizer=optimizer, learning_rate=search, max_steps=30)
    slopes = (run.gradient[:, :-1] * run.direction).sum(axis=0)
    assert (np.diff(run.loss) < 0).all()
    for step, rate in enumerate(run.learning_rate):

        def satisfied(rate, step=step):
            there = run.theta[:, step] - rate * run.direction[:, step]
            return objective(there) <= run.loss[step] - search.decrease * rate * slopes[step] * (1 - 1e-9)

        assert satisfied(rate)
        trials = np.log(rate / search.initial) / np.log(search.factor)
        assert trials == pytest.approx(round(trials), abs=1e-6)
        if round(trials) > 0:
            before = run.theta[:, step] - rate / search.factor * run.direction[:, step]
            promised = search.decrease * rate / search.factor * slopes[step]
            assert objective(before) > run.loss[step] - promised * (1 + 1e-9) - 1e-12 * abs(run.loss[step])


def test_backtracking_stays_within_the_domain():
    barrier = ls.formula("x - log(x) + y^2")
    run = ls.descend(barrier, start=(0.05, 1), learning_rate=ls.Backtracking(initial=100.0))
    assert run.stop.reason is ls.StopReason.GRADIENT
    assert run.theta[:, -1] == pytest.approx([1, 0], abs=1e-5)


def test_backtracking_ends_where_the_direction_goes_uphill():
    run = ls.descend(
        ls.FUNCTIONS["rosenbrock"], start=(-1.5, 2), optimizer=ls.Momentum(0.99), learning_rate=ls.Backtracking()
    )
    assert run.stop.reason is ls.StopReason.UPHILL
    saddle = ls.formula("x^2/2 - y^2/2")
    assert (
        ls.descend(saddle, start=(0.1, 1), optimizer=ls.Newton(), learning_rate=ls.Backtracking()).stop.reason
        is ls.StopReason.UPHILL
    )


def test_backtracking_ends_when_nothing_decreases():
    run = ls.descend(ls.FUNCTIONS["bowl"], start=(1, 1), learning_rate=ls.Backtracking(initial=0.0))
    assert run.stop.reason is ls.StopReason.NO_DECREASE
    high = ls.formula("1e9 + x^2 + y^2")  # here rounding hides the decrease before the gradient is short
    assert ls.descend(high, start=(1, 1), learning_rate=ls.Backtracking(0.1)).stop.reason is ls.StopReason.NO_DECREASE
