from itertools import islice

import numpy as np
import pytest

from landscape.analysis.learning_rate import OWN, USUAL, good_runs, rungs, suggest_learning_rate
from landscape.analysis.opening import opening
from landscape.descent.descend import descend
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import LBFGS, OPTIMIZERS, Adam, GradientDescent, Momentum, Newton
from landscape.descent.stopping import LARGEST, Stopping, StopReason
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import SAMPLES
from landscape.pages.run_settings import RunSettings

DOWNHILL = [key for key in OPTIMIZERS if key != "newton"]  # which is drawn to saddles and maxima


def test_the_rungs_are_1_2_5_in_every_decade():
    assert [*islice(rungs(1e-5), 4)] == [1e-5, 2e-5, 5e-5, 1e-4]
    assert [*islice(rungs(0.3), 3)] == [0.5, 1.0, 2.0]
    assert [*islice(rungs(1.0, downwards=True), 4)] == [1.0, 0.5, 0.2, 0.1]


def test_the_rungs_end_where_numbers_do():
    assert [*rungs(3e299)] == [5e299, 1e300]
    assert [*rungs(1e-323, downwards=True)] == [5e-324]
    assert next(rungs(1e305, downwards=True)) == 1e300
    for nowhere in (0.0, np.inf, np.nan, 1e305):
        assert [*rungs(nowhere)] == []


def test_good_runs_keep_the_one_that_was_found_and_take_none_twice():
    def tried_and_good(low, high, rate):
        tried = []

        def trial(rate):
            tried.append(rate)
            return rate

        return tried, [*good_runs(trial, rate, lambda rate: low <= rate <= high)]

    assert tried_and_good(1e-9, 0.1, 0.02) == ([0.02, 0.05, 0.1, 0.2], [0.02, 0.05, 0.1])
    tried, good = tried_and_good(1e-9, 0.03, 1.0)
    assert good == [1e-3, 2e-3, 5e-3, 0.01, 0.02]
    assert len(set(tried)) == len(tried)
    assert tried_and_good(0.006, 0.03, 1.0)[1] == [0.01, 0.02], "though a decade below none is good"
    assert tried_and_good(1.0, 0.0, 1.0)[1] == []


@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum(), Adam(), Newton()], ids=lambda each: each.name)
@pytest.mark.parametrize("scale", ["1e-310", "1e-307", "1e-300", "1e-9", "1e300", "1e307"])
def test_near_the_ends_of_the_numbers_a_rate_is_suggested_too(scale, optimizer):
    for text in (f"{scale}*x**2 + {scale}*y**2", f"{scale}*x**2 + y**2"):
        for start in ((3, 4), (1e-300, 1e-300)):
            rate = suggest_learning_rate(formula(text), optimizer, start, max_steps=50)
            assert 0 < rate <= LARGEST
            descend(formula(text), start=start, optimizer=optimizer, learning_rate=rate, max_steps=50)


@pytest.mark.parametrize("scale", [1e-300, 1e-24, 1e-9])
def test_what_is_suggested_can_be_set(scale):
    rate = suggest_learning_rate(formula(f"{scale}*(x^2 + y^2)"), GradientDescent(), (3, 4))
    assert rate > 1e6
    run = RunSettings("gradient_descent", rate)
    assert RunSettings.read(str(run)) == run


def test_without_steps_the_usual_one_is_given():
    assert suggest_learning_rate(FUNCTIONS["bowl"], Adam(), (3, 4), max_steps=0) == USUAL


def is_a_rung(rate):
    return f"{rate:.15e}"[0] in "125" and float(f"{rate:.0e}") == rate


@pytest.mark.parametrize("key", DOWNHILL)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_suggested_run_stays_in_sight_and_lowers_the_loss(function, key):
    optimizer = OPTIMIZERS[key]()
    rate = suggest_learning_rate(function, optimizer, function.start, max_steps=100)
    run = descend(function, start=function.start, optimizer=optimizer, learning_rate=rate, max_steps=100)
    assert is_a_rung(rate)
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
    below = [*islice(rungs(rate, downwards=True), 2)][1]
    slower, chosen, faster = (
        descend(bowl, start=(1.5, 0), optimizer=Adam(), learning_rate=each, max_steps=300).loss[-1]
        for each in (below, rate, 1.0)
    )
    assert slower > 1e-5 * 2.25 > chosen
    assert faster < 1e-5 * 2.25


@pytest.mark.parametrize(
    ("key", "optimizer", "fault"),
    [
        ("sharp_and_flat", GradientDescent(), 0.5),  # leaps over the sharp well into the flat one; 0.2 bounces in it
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
    for optimizer in (GradientDescent(), Momentum(), Adam()):
        assert suggest_learning_rate(formula(text), optimizer, start) == USUAL
    for optimizer in (Newton(), LBFGS()):
        assert suggest_learning_rate(formula(text), optimizer, start) == OWN


def test_with_small_batches_a_rate_is_found_at_which_noise_hardly_matters():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(100) * 3
    loss = LinearRegression(x, 2 * x + 1 + rng.standard_normal(100))
    whole, single = (suggest_learning_rate(loss, GradientDescent(), (0, 0), batch_size=size) for size in (100, 1))
    assert whole == suggest_learning_rate(loss, GradientDescent(), (0, 0))
    assert single < whole
    run = descend(loss, start=(0, 0), learning_rate=single, batch_size=1, max_steps=300)
    assert run.loss[-1] - loss(loss.minimum) < 0.05 * (run.loss[0] - loss(loss.minimum))


@pytest.mark.parametrize("seed", range(4))
def test_where_batches_only_seem_to_lead_uphill_the_rate_is_in_proportion_to_them(seed):
    """Labels at random: hardly anything can be learnt, and part of an epoch may lead anywhere."""
    rng = np.random.default_rng(seed)
    loss = LogisticRegression(rng.normal(size=(1000, 2)), rng.integers(2, size=1000).astype(float))
    whole, single = (suggest_learning_rate(loss, GradientDescent(), (0, 0), 100, size) for size in (1000, 1))
    assert whole / 5000 < single <= whole  # and not 10⁻¹⁵, at which the loss falls by rounding


FALLING_FOR_EVER = ("x", "x + y", "x^2 + y", "x^2 - y^2", "x*y", "x^3 + y^3", "tan(x)*tan(y)", "1/x + 1/y", "-x^2-y^2")
DEFINED_ON_A_PART = ("log(x) + y^2", "log(x) + log(y)", "sqrt(x-1) + y^2", "asin(x) + y^2", "-log(1-x^2-y^2)", "x^y")
LOWEST = {
    "x^2 + y^2": 0.0,
    "x^2": 0.0,
    "x^4 + y^4": 0.0,
    "x^10 + y^10": 0.0,
    "x^2 + 100*y^2": 0.0,
    "x^2*y^2": 0.0,
    "cosh(x) + cosh(y)": 2.0,
    "x*log(x) + y^2": -np.exp(-1),
    "1e6*x^2 + y^2": 0.0,
    "1e9*(x^2 + y^2)": 0.0,
    "1e-6*(x^2 + y^2)": 0.0,
    "1e-12*(x^2 + y^2)": 0.0,
    "exp(x^2 + y^2)": 1.0,
    "sin(20x) + y^2": -1.0,
    "abs(x) + abs(y)": 0.0,
    "max(abs(x), abs(y))": 0.0,
    "relu(x) + relu(-y)": 0.0,
    "sqrt(x^2 + y^2)": 0.0,
    "log(x^2 + y^2 + 1)": 0.0,
    "(x-100)^2 + (y-100)^2": 0.0,
    "sin(x)*cos(y)": -1.0,
    "-exp(-(x^2 + y^2))": -1.0,
    "exp(x) + y^2": 0.0,
    "sigmoid(x) + y^2": 0.0,
}
MAIN = {key: OPTIMIZERS[key]() for key in ("gradient_descent", "momentum", "adam", "rmsprop")}


def first_run(text, optimizer):
    objective = formula(text)
    view, start = opening(objective).view, opening(objective).start
    rate = suggest_learning_rate(objective, optimizer, start, view=view)
    stop = Stopping.suiting(objective, start)
    run = descend(objective, start=start, optimizer=optimizer, learning_rate=rate, max_steps=300, stop=stop)
    return run, view


@pytest.mark.parametrize("optimizer", MAIN.values(), ids=MAIN)
@pytest.mark.parametrize("text", FALLING_FOR_EVER + DEFINED_ON_A_PART)
def test_the_first_run_over_a_formula_goes_down_and_stays_about_the_view(text, optimizer):
    run, ((left, right), (bottom, top)) = first_run(text, optimizer)
    assert run.stop.reason in (StopReason.MAX_STEPS, StopReason.GRADIENT)
    assert run.loss[-1] == run.loss.min() < run.loss[0]
    (x, y), side = run.theta, right - left
    assert left - side / 4 <= x.min() <= x.max() <= right + side / 4
    assert bottom - side / 4 <= y.min() <= y.max() <= top + side / 4
    assert np.hypot(*np.diff(run.theta)).sum() > side / 100


@pytest.mark.parametrize("optimizer", MAIN.values(), ids=MAIN)
@pytest.mark.parametrize("text", LOWEST)
def test_the_first_run_over_a_formula_with_a_minimum_nearly_arrives(text, optimizer):
    run, _ = first_run(text, optimizer)
    assert run.stop.reason in (StopReason.MAX_STEPS, StopReason.GRADIENT)
    whole = run.loss[0] - LOWEST[text]
    assert run.loss[-1] - LOWEST[text] < 0.02 * whole
    assert run.loss.max() - run.loss[0] < 0.1 * whole


RNG = np.random.default_rng(0)
YEARS = np.arange(1990.0, 2021.0)
NOISE = RNG.standard_normal(31)
NASTY = {
    "prices over years": (YEARS, 1e5 + 3e3 * (YEARS - 1990) + 1e4 * NOISE),
    "tiny units": (1e-12 * RNG.standard_normal(31), 1e-12 * (1 + NOISE)),
    "huge units": (1e9 * RNG.standard_normal(31), 1e9 * (1 + NOISE)),
    "tiny target": (RNG.standard_normal(31), 1e-12 * (1 + NOISE)),
    "huge target": (RNG.standard_normal(31), 1e9 * (1 + NOISE)),
    "constant feature": (np.full(10, 5.0), NOISE[:10] + 3),
    "no feature": (np.zeros(10), NOISE[:10] + 3),
    "two samples": (np.array([1.0, 2.0]), np.array([3.0, 5.0])),
    "one sample": (np.array([4.0]), np.array([3.0])),
    "wide and noisy": (np.linspace(0, 1e6, 31), np.linspace(0, 3, 31) + NOISE),
}
DATA = {
    **{
        key: (LogisticRegression if data.classes else LinearRegression)(data.samples().x, data.samples().y)
        for key, data in SAMPLES.items()
    },
    **{key: LinearRegression(*samples) for key, samples in NASTY.items()},
    "absolute loss over years": LinearRegression(*NASTY["prices over years"], loss="absolute"),
    "huber's loss over years": LinearRegression(*NASTY["prices over years"], loss="huber"),
    "classes over years": LogisticRegression(YEARS, YEARS > 2005),
}


HOPELESS = ("huge units", 1)  # the noise of such batches is larger than what can be descended in this ravine
FIRST = {"descent": GradientDescent(), "momentum": Momentum(), "adam": Adam()}


def first_run_over_data(loss, batch_size, optimizer):
    """The run, and how much of what can be gained it gains."""
    size = min(batch_size or loss.sample_count, loss.sample_count)
    rate = suggest_learning_rate(loss, optimizer, (0, 0), max_steps=100, batch_size=size)
    given = {"start": (0, 0), "max_steps": 600, "stop": Stopping.suiting(loss, (0, 0))}
    run = descend(loss, optimizer=optimizer, learning_rate=rate, batch_size=size, **given)
    assert run.stop.reason in (StopReason.MAX_STEPS, StopReason.GRADIENT)
    assert run.loss.max() < 1.5 * run.loss[0]
    # What can be reached without scaled features: what the steeper of the parameters' axes is worth.
    best = descend(loss, learning_rate=Backtracking(1.0), **given).loss[-1]
    return run, (run.loss[0] - run.loss[-1]) / (run.loss[0] - best)


@pytest.mark.parametrize("optimizer", FIRST.values(), ids=FIRST)
@pytest.mark.parametrize(
    ("key", "batch_size"),
    [(key, size) for key in DATA for size in (1, 8, None) if (key, size) != HOPELESS],
)
def test_the_first_run_over_data_goes_down_whatever_their_units(key, batch_size, optimizer):
    _, gained = first_run_over_data(DATA[key], batch_size, optimizer)
    assert gained > 0.5


@pytest.mark.parametrize("optimizer", FIRST.values(), ids=FIRST)
def test_where_noise_is_all_there_is_the_first_run_at_least_stays(optimizer):
    key, batch_size = HOPELESS
    run, _ = first_run_over_data(DATA[key], batch_size, optimizer)
    assert run.loss[-1] < 1.05 * run.loss[0]
