import math

import numpy as np
import pytest

from landscape.analysis.convergence import convergence
from landscape.analysis.quadratic import contraction
from landscape.descent.descend import descend
from landscape.descent.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, Nesterov
from landscape.descent.stopping import Stopping
from landscape.objectives.formula import formula

ON_AND_ON = Stopping(gradient=0)
RAVINE = formula("((x - 1)^2 + 25 (y + 2)^2) / 2")


def walk(optimizer, learning_rate, steps=300, objective=RAVINE, start=(-3.0, -1.0)):
    run = descend(
        objective, start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=steps, stop=ON_AND_ON
    )
    return convergence(run)


@pytest.mark.parametrize("learning_rate", [0.001, 0.01, 0.03, 2 / 26, 0.0799, 0.0801])
def test_gradient_descent_shrinks_by_the_larger_of_the_two_factors(learning_rate):
    rates = walk(GradientDescent(), learning_rate, steps=1000)
    assert rates.predicted == pytest.approx(max(abs(1 - learning_rate), abs(1 - 25 * learning_rate)))
    assert rates.measured == pytest.approx(rates.predicted, abs=1e-4)


def test_weight_decay_moves_the_minimum_and_the_rate():
    rates = walk(GradientDescent(weight_decay=1.0), 0.05)
    assert rates.predicted == pytest.approx(1 - 0.05 * 2)
    assert rates.measured == pytest.approx(0.9, abs=1e-6)


@pytest.mark.parametrize("beta", [0.3, 0.7, 0.9, 0.95])
@pytest.mark.parametrize("method", [Momentum, Nesterov])
def test_momentum_is_measured_through_its_oscillation(method, beta):
    rates = walk(method(beta), 0.04)
    assert rates.predicted == pytest.approx(contraction(method(beta), 0.04, [1.0, 25.0]).max())
    assert math.log(rates.measured) == pytest.approx(math.log(rates.predicted), rel=0.08)


def test_a_run_that_explodes_is_measured_as_growth():
    rates = walk(Momentum(0.9), 0.153)
    assert rates.predicted == pytest.approx(1.125)
    assert rates.measured == pytest.approx(1.125, rel=1e-6)


def test_only_the_descent_is_measured_and_not_the_rounding_after_it():
    short, long = walk(GradientDescent(), 0.03, steps=500), walk(GradientDescent(), 0.03, steps=5000)
    assert long.measured == pytest.approx(short.measured, abs=1e-3) == pytest.approx(0.97, abs=1e-3)


def test_a_plateau_that_is_left_behind_does_not_count_as_growth():
    well = formula("1 - exp(-(x^2 + y^2) / 2)")
    rates = walk(GradientDescent(), 0.1, steps=720, objective=well, start=(3.0, 2.0))
    assert rates.measured == pytest.approx(0.9, abs=0.02)
    assert rates.predicted == pytest.approx(0.9, abs=1e-3)


def test_noise_of_the_gradients_hardly_moves_the_measurement():
    clean = descend(RAVINE, start=(-3, -1), learning_rate=0.01, max_steps=600, stop=ON_AND_ON)
    noise = np.random.default_rng(0).lognormal(0, 0.5, clean.loss.size)
    noisy = type(clean)(**{**vars(clean), "gradient": clean.gradient * noise})
    assert math.log(convergence(noisy).measured) == pytest.approx(math.log(0.99), rel=0.25)


def test_nothing_is_predicted_where_nothing_is_known():
    assert math.isnan(walk(Adam(), 0.1).predicted)
    saddle = walk(GradientDescent(), 0.1, objective=formula("x^2 - y^2"), start=(1.0, 0.0))
    assert math.isnan(saddle.predicted)
    assert saddle.measured == pytest.approx(0.8)


@pytest.mark.parametrize("optimizer", [optimizer() for optimizer in OPTIMIZERS.values()], ids=OPTIMIZERS)
@pytest.mark.parametrize("text", ["3", "1/x", "log(x)", "x^4", "x + y", "exp(exp(x))", "abs(x) + y"])
def test_any_run_can_be_measured(optimizer, text):
    for start in ((-1.0, 0.0), (1.0, 1.0), (0.0, 0.0)):
        for steps in (0, 1, 2, 3, 30):
            rates = walk(optimizer, 0.1, steps, formula(text), start)
            assert math.isnan(rates.measured) or rates.measured >= 0
