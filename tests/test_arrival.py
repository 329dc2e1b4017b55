"""When a run arrives: on bowls, where the loss at a step has a closed form, and against a plain reading of it."""

import math

from hypothesis import given
from hypothesis import strategies as st

import landscape as ls
from landscape.analysis.arrival import Arrival, arrival


def descend(objective, start, learning_rate, steps=300, optimizer=None):
    return ls.descend(
        objective,
        start=start,
        optimizer=optimizer or ls.GradientDescent(),
        learning_rate=learning_rate,
        max_steps=steps,
        stop=ls.Stopping(gradient=0),
    )


@given(st.floats(0.05, 0.9), st.floats(1e-8, 1e-1))
def test_on_a_round_bowl_a_run_arrives_where_the_geometric_series_says(learning_rate, tolerance):
    # The loss after k steps is (1 − η)²ᵏ/2.
    step = math.log(2 * tolerance) / (2 * math.log(1 - learning_rate))
    if abs(step - round(step)) > 1e-6:
        run = descend(ls.FUNCTIONS["round_bowl"], (1, 0), learning_rate)
        assert arrival(run, tolerance) == Arrival(math.ceil(step), math.ceil(step))


@given(st.floats(0.5, 0.99), st.floats(0.01, 0.15), st.sampled_from([1e-1, 1e-3, 1e-6]))
def test_a_swinging_run_settles_after_its_last_time_outside(momentum, learning_rate, tolerance):
    ball = descend(ls.FUNCTIONS["bowl"], (-4, 1.5), learning_rate, optimizer=ls.Momentum(momentum))
    inside = [k for k, loss in enumerate(ball.loss) if loss < tolerance]
    outside = [k for k, loss in enumerate(ball.loss) if not loss < tolerance]
    first = inside[0] if inside else None
    settled = outside[-1] + 1 if outside[-1] + 1 < len(ball.loss) else None
    assert arrival(ball, tolerance) == Arrival(first, settled)


def test_a_run_that_only_passes_by_arrives_and_does_not_settle():
    ball = descend(ls.FUNCTIONS["ravine"], (-4, 1), 0.04, steps=900, optimizer=ls.Momentum(0.99))
    assert arrival(ball) == Arrival(665, None)


def test_a_run_that_starts_at_the_minimum_is_there():
    assert arrival(descend(ls.FUNCTIONS["himmelblau"], (3, 2), 0.01, steps=5)) == Arrival(0, 0)


def test_a_run_that_bounces_for_ever_never_arrives():
    assert arrival(descend(ls.FUNCTIONS["bowl"], (-4, 1.5), 0.2)) == Arrival(None, None)


def test_another_valley_is_no_arrival():
    # The well on the right is 0.847 above the other one.
    assert arrival(descend(ls.FUNCTIONS["two_wells"], (2.3, 1.5), 0.05)) == Arrival(None, None)


def test_without_a_known_minimum_the_lowest_loss_of_the_run_counts():
    run = descend(ls.formula("x^2/2 + y^2/2 + 7"), (1, 0), 0.5, steps=60)
    assert arrival(run, 1e-3) == arrival(descend(ls.FUNCTIONS["round_bowl"], (1, 0), 0.5), 1e-3) == Arrival(5, 5)


def test_a_run_that_leaves_the_domain_does_not_settle():
    # log falls towards −∞, and the last step leads to a negative x.
    run = descend(ls.formula("log(x)"), (1, 0), 0.3)
    assert math.isnan(run.loss[-1])
    assert arrival(run) == Arrival(len(run.loss) - 2, None)


def test_a_start_outside_the_domain_is_nowhere():
    assert arrival(descend(ls.formula("log(x)"), (-1, 0), 0.1)) == Arrival(None, None)
