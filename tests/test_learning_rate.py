import numpy as np
import pytest

from landscape.analysis.learning_rate import LADDER, USUAL, suggest_learning_rate
from landscape.descent.descend import descend
from landscape.descent.optimizers import LBFGS, OPTIMIZERS, Adam, GradientDescent, Momentum, Newton
from landscape.descent.stopping import StopReason
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.objectives.regression import LinearRegression

DOWNHILL = [key for key in OPTIMIZERS if key != "newton"]  # which is drawn to saddles and maxima


def test_the_ladder_goes_1_2_5():
    assert LADDER[:4] == (1e-5, 2e-5, 5e-5, 1e-4)
    assert LADDER[-3:] == (2.0, 5.0, 10.0)
    assert len(LADDER) == 19


@pytest.mark.parametrize("key", DOWNHILL)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_suggested_run_stays_in_sight_and_lowers_the_loss(function, key):
    optimizer = OPTIMIZERS[key]()
    rate = suggest_learning_rate(function, optimizer, function.start, max_steps=100)
    run = descend(function, start=function.start, optimizer=optimizer, learning_rate=rate, max_steps=100)
    assert rate in LADDER
    assert run.stop.reason in (StopReason.MAX_STEPS, StopReason.GRADIENT)
    assert run.loss[-1] < run.loss[0]
    low, high = np.transpose(function.domain)
    assert (np.abs(run.theta.T - (low + high) / 2) <= high - low).all()


@pytest.mark.parametrize("scale", [0.1, 1.0, 100.0])
def test_gradient_descent_gets_what_the_curvature_asks_for(scale):
    bowl = formula(f"{scale} * (x^2 + 10 y^2) / 2")
    rate = suggest_learning_rate(bowl, GradientDescent(), (-4, 1.5), max_steps=60)
    assert 0.4 * 2 / (10 * scale) < rate < 2 / (10 * scale)


def test_of_equally_good_ones_the_smallest_is_taken():
    bowl = formula("x^2")
    rate = suggest_learning_rate(bowl, Adam(), (1.5, 0.0))
    below = LADDER[LADDER.index(rate) - 1]
    slower, chosen, faster = (
        descend(bowl, start=(1.5, 0), optimizer=Adam(), learning_rate=each, max_steps=300).loss[-1]
        for each in (below, rate, 1.0)
    )
    assert slower > 1e-5 * 2.25 > chosen
    assert faster < 1e-5 * 2.25


@pytest.mark.parametrize(
    ("key", "optimizer", "fault"),
    [
        ("sharp_and_flat", GradientDescent(), 0.1),  # bounces in the sharp well; 0.5 leaps over it into the flat one
        ("levy_13", Momentum(), 0.002),  # is thrown above its start, and lands in the lowest dent
        ("bukin_6", GradientDescent(), 5e-5),  # still bounces in the end
    ],
)
def test_beyond_the_first_rate_that_misbehaves_nothing_is_trusted(key, optimizer, fault):
    function = FUNCTIONS[key]
    lucky = descend(function, start=function.start, optimizer=optimizer, learning_rate=fault, max_steps=300)
    rate = suggest_learning_rate(function, optimizer, function.start)
    chosen = descend(function, start=function.start, optimizer=optimizer, learning_rate=rate, max_steps=300)
    assert rate < fault
    assert lucky.loss[-1] < chosen.loss[-1]


def test_second_order_methods_take_their_own_step():
    for optimizer in (Newton(), LBFGS()):
        assert suggest_learning_rate(FUNCTIONS["booth"], optimizer, (-8, -2)) == 1.0


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("3", (1, 2)),
        ("x^2 + y^2", (0, 0)),
        ("log(x)", (-1, 0)),
        ("1/x", (0, 0)),
        ("-1/x^2", (0, 1)),
        ("x^2", (1e200, 0)),
    ],
)
def test_where_nothing_can_be_lowered_the_usual_one_is_given(text, start):
    for optimizer in (GradientDescent(), Momentum(), Adam(), Newton(), LBFGS()):
        assert suggest_learning_rate(formula(text), optimizer, start) == USUAL


def test_with_small_batches_a_rate_is_found_at_which_noise_hardly_matters():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(100) * 3
    loss = LinearRegression(x, 2 * x + 1 + rng.standard_normal(100))
    whole, single = (suggest_learning_rate(loss, GradientDescent(), (0, 0), batch_size=size) for size in (100, 1))
    assert whole == suggest_learning_rate(loss, GradientDescent(), (0, 0))
    assert single < whole
    run = descend(loss, start=(0, 0), learning_rate=single, batch_size=1, max_steps=300)
    assert run.loss[-1] - loss(loss.minimum) < 0.05 * (run.loss[0] - loss(loss.minimum))
