import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from landscape.objectives.lowest_point import lowest_point
from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES

ALL = {**LOSSES, "cross_entropy": CROSS_ENTROPY}
NONE = np.zeros(2)


def loss_at(rows, targets, loss, l2, l1):
    def f(theta):
        return float(loss.value(rows @ theta - targets).mean() + l2 @ np.square(theta) + l1 @ np.abs(theta))

    return f


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 25))
    rows = rng.standard_normal((n, 2)) * draw(st.sampled_from([0.1, 1, 20])) + draw(st.sampled_from([0, 5]))
    targets = rng.standard_normal(n) * draw(st.sampled_from([1, 30]))
    if draw(st.booleans()):
        rows[:, 1] = 1
    if draw(st.booleans()):  # ties: several residuals vanish at once
        rows, targets = rows.round(), targets.round()
    strengths = st.tuples(*[st.sampled_from([0.0, 0.0, 0.05, 1.0, 30.0])] * 2).map(np.array)
    key = draw(st.sampled_from(list(ALL)))
    if key == "cross_entropy":
        targets = np.zeros(n)
    return rows, targets, ALL[key], draw(strengths), draw(strengths)


@settings(max_examples=150)
@given(problems(), st.integers(0, 2**32))
def test_nothing_is_lower_near_or_far(problem, seed):
    point = lowest_point(*problem)
    f = loss_at(*problem)
    if point is None:
        assert problem[2] is CROSS_ENTROPY
        return
    lowest, rng = f(np.array(point)), np.random.default_rng(seed)
    room = 1e-14 * (1 + abs(lowest)) + 1e-15 * np.abs(problem[1]).max()
    for distance in (1e-9, 1e-6, 1e-3, 1.0, 100.0):
        for direction in [*rng.standard_normal((10, 2)), [0, 1], [0, -1], [1, 0], [-1, 0]]:
            assert f(np.array(point) + distance * np.array(direction)) >= lowest - room


def test_a_long_straight_slope_is_walked_to_its_end():
    weights, targets = np.array([5.0, -9, 28, -12, -2, -39]), np.array([28.0, 26, -5, -9, -26, 41])
    p, _ = lowest_point(np.column_stack([weights, np.zeros(6)]), targets, ALL["huber"], NONE, NONE)
    assert weights @ np.clip(weights * p - targets, -1, 1) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("key", ["squared", "huber", "cross_entropy"])
def test_scipy_finds_the_same_point_where_the_loss_is_smooth(key, seed):
    rng = np.random.default_rng(seed)
    rows, targets = rng.standard_normal((30, 2)), 3 * rng.standard_normal(30)
    if key == "cross_entropy":
        targets = NONE[:1].repeat(30)
    problem = rows, targets, ALL[key], np.array([0.1, 0.0]), NONE
    theirs = minimize(loss_at(*problem), [0, 0], method="BFGS", options={"gtol": 1e-9})
    assert lowest_point(*problem) == pytest.approx(theirs.x, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_a_linear_program_finds_the_same_least_absolute_loss(seed, strength):
    rng = np.random.default_rng(seed)
    n = 25
    rows, targets = np.column_stack([rng.standard_normal(n) + 3, np.ones(n)]), 5 * rng.standard_normal(n)
    l1 = np.array([strength, 0.0])
    problem = rows, targets, LOSSES["absolute"], NONE, l1
    table, right = np.vstack([rows, [1, 0]]), np.append(targets, 0)  # |r| ≤ bound, for each sample and the weight
    program = linprog(
        [0, 0, *[1 / n] * n, strength],
        A_ub=np.block([[table, -np.eye(n + 1)], [-table, -np.eye(n + 1)]]),
        b_ub=np.concatenate([right, -right]),
        bounds=(None, None),
    )
    assert loss_at(*problem)(np.array(lowest_point(*problem))) == pytest.approx(program.fun, rel=1e-12)


@pytest.mark.parametrize("key", ["squared", "huber", "cross_entropy"])
def test_the_gradient_vanishes_to_the_last_digit(key):
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.uniform(50, 80, 40), np.ones(40)])
    targets = rows[:, 0] + rng.standard_normal(40)
    if key == "cross_entropy":
        rows, targets = rows * rng.choice([-1.0, 1.0], 40)[:, None], np.zeros(40)
    loss = ALL[key]
    point = np.array(lowest_point(rows, targets, loss, NONE, NONE))
    terms = rows * loss.slope(rows @ point - targets)[:, None]
    assert np.abs(terms.mean(axis=0)).max() < 1e-12 * np.abs(rows).max()


@pytest.mark.parametrize("key", ALL)
def test_a_strong_penalty_makes_a_weight_exactly_zero(key):
    rng = np.random.default_rng(1)
    rows, targets = np.column_stack([rng.standard_normal(30), np.ones(30)]), rng.standard_normal(30)
    if key == "cross_entropy":
        rows, targets = rows * rng.choice([-1.0, 1.0], 30)[:, None], np.zeros(30)
    weak, strong = (lowest_point(rows, targets, ALL[key], NONE, np.array([l1, 0.0])) for l1 in (1e-3, 2.0))
    assert weak[0] != 0
    assert strong[0] == 0
    assert strong[1] != 0


@pytest.mark.parametrize(
    ("rows", "exists"),
    [
        ([(1, 1)], False),
        ([(1, 1), (2, 1), (3, 1)], False),
        ([(1, 1), (-1, -1)], True),  # along the line between them all is one-dimensional
        ([(1, 1), (-1, -1), (1, 0)], False),  # two on the border, one inside
        ([(1, 0), (-1, 1), (-1, -1)], True),
        ([(0, 0), (1, 0), (-1, 1), (-1, -1)], True),
        ([(0, 0)], True),
    ],
)
def test_classes_that_a_line_separates_have_no_lowest_point(rows, exists):
    rows = np.array(rows, dtype=float)
    point = lowest_point(rows, np.zeros(len(rows)), CROSS_ENTROPY, NONE, NONE)
    assert (point is not None) == exists
    assert lowest_point(rows, np.zeros(len(rows)), CROSS_ENTROPY, np.array([0.1, 0.1]), NONE) is not None


@pytest.mark.parametrize("key", ALL)
def test_where_a_whole_valley_is_lowest_one_of_its_points_is_found(key):
    rows, targets = np.tile([3.0, 1.0], (4, 1)), np.array([1.0, 2.0, 3.0, 5.0])  # the feature is constant
    if key == "cross_entropy":
        rows, targets = rows * np.array([1, 1, 1, -1.0])[:, None], np.zeros(4)
    f = loss_at(rows, targets, ALL[key], NONE, NONE)
    p, q = lowest_point(rows, targets, ALL[key], NONE, NONE)
    assert math.hypot(p, q) < 100
    along = np.linspace(-20, 20, 4001)
    assert f(np.array([p, q])) <= min(f(np.array([0.0, level])) for level in along) + 1e-12
