import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.analysis.quadratic import contraction, largest_stable_learning_rate
from landscape.descent.descend import descend
from landscape.descent.optimizers import OPTIMIZERS, GradientDescent, Momentum, Nesterov
from landscape.descent.stopping import Stopping
from landscape.objectives.formula import formula

ON_AND_ON = Stopping(gradient=0)
curvatures = st.floats(1e-3, 1e3)
betas = st.sampled_from([0.0, 0.3, 0.5, 0.9, 0.99])
linear = st.one_of(st.just(GradientDescent()), betas.map(Momentum), betas.map(Nesterov))


def iteration_matrix(optimizer, learning_rate, eigenvalue):
    """One step on ½λθ² of (θ, v), probed column by column from the optimizer itself."""
    columns = []
    for theta, velocity in ((1.0, 0.0), (0.0, 1.0)):
        direction, *rest = optimizer.update(eigenvalue * theta, (0.0, velocity), 2, theta)
        columns.append((theta - learning_rate * direction, rest[0] if rest else 0.0))
    return np.array(columns).T


def test_borders_are_those_of_the_textbook():
    assert largest_stable_learning_rate(GradientDescent(), 10.0) == pytest.approx(0.2)
    assert largest_stable_learning_rate(Momentum(0.9), 25.0) == pytest.approx(0.152)
    assert largest_stable_learning_rate(Nesterov(0.9), 1.0) == pytest.approx(2 * 1.9 / 2.8)
    assert largest_stable_learning_rate(GradientDescent(weight_decay=3), 2.0) == pytest.approx(0.4)


@given(linear, st.floats(1e-3, 3), curvatures)
def test_contraction_is_the_spectral_radius_of_the_optimizer_s_own_step(optimizer, part, eigenvalue):
    learning_rate = part / eigenvalue
    radius = np.abs(np.linalg.eigvals(iteration_matrix(optimizer, learning_rate, eigenvalue))).max()
    # where two roots meet, rounding moves them by its square root
    assert contraction(optimizer, learning_rate, eigenvalue) == pytest.approx(radius, rel=1e-7, abs=1e-7)


@given(linear, curvatures)
def test_just_below_the_border_a_run_contracts_and_just_above_it_explodes(optimizer, eigenvalue):
    border = largest_stable_learning_rate(optimizer, eigenvalue)
    assert contraction(optimizer, 0.999 * border, eigenvalue) < 1 < contraction(optimizer, 1.001 * border, eigenvalue)


@pytest.mark.parametrize(
    "optimizer", [GradientDescent(), Momentum(0.9), Nesterov(0.9), GradientDescent(weight_decay=2)]
)
def test_the_border_holds_for_real_runs(optimizer):
    bowl = formula("(x^2 + 10y^2) / 2")
    border = largest_stable_learning_rate(optimizer, 10.0)
    for part, explodes in ((0.97, False), (1.03, True)):
        run = descend(
            bowl, start=(1, 1), optimizer=optimizer, learning_rate=part * border, max_steps=600, stop=ON_AND_ON
        )
        assert (run.loss[-1] > run.loss[0]) == explodes


def test_without_upward_curvature_no_learning_rate_is_too_large():
    assert largest_stable_learning_rate(Momentum(), [-3.0, 0.0]).tolist() == [math.inf, math.inf]


def test_shapes_follow_the_eigenvalues():
    borders = largest_stable_learning_rate(GradientDescent(), np.array([[1.0, 2.0], [4.0, np.nan]]))
    assert borders[0].tolist() == [2, 1]
    assert borders[1, 0] == 0.5
    assert np.isnan(borders[1, 1])
    assert contraction(Momentum(), 0.1, np.ones((2, 3))).shape == (2, 3)


LINEAR = ("gradient_descent", "momentum", "nesterov")


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if key not in LINEAR])
def test_nothing_is_claimed_of_methods_that_are_not_linear(key):
    optimizer = OPTIMIZERS[key]()
    assert np.isnan(largest_stable_learning_rate(optimizer, [1.0, -1.0])).all()
    assert np.isnan(contraction(optimizer, 0.1, 1.0))


def test_extreme_numbers_do_not_warn():
    for optimizer in (GradientDescent(), Momentum(), Nesterov()):
        contraction(optimizer, [1e308, math.inf, math.nan, 0.0], [1e308, 1.0, 1.0, math.inf])
        largest_stable_learning_rate(optimizer, [1e-320, math.inf, math.nan])
