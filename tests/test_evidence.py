import math
from dataclasses import replace

import numpy as np
import pytest

from landscape.analysis.curvature import PointKind
from landscape.analysis.evidence import Evidence
from landscape.descent.descend import descend
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import Adam, GradientDescent, Momentum, Newton, RMSProp
from landscape.descent.schedules import ExponentialDecay
from landscape.descent.stopping import Stopping
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.objectives.regression import LinearRegression
from landscape.objectives.samples import SAMPLES

BOWL = formula("(x^2 + 10y^2) / 2")
PLAIN = GradientDescent()
DEGENERATE = {
    "x^4 + y^4": PointKind.MINIMUM,
    "x^2": PointKind.MINIMUM,
    "-x^4 - y^2": PointKind.MAXIMUM,
    "x^3 - 3x*y^2": PointKind.SADDLE,
    "x^4 - y^4": PointKind.SADDLE,
    "3": PointKind.FLAT,
}


def evidence(objective, start, optimizer=PLAIN, learning_rate=0.1, max_steps=100):
    return Evidence(
        descend(
            objective,
            start=start,
            optimizer=optimizer,
            learning_rate=learning_rate,
            max_steps=max_steps,
            stop=Stopping(gradient=0),
        )
    )


@pytest.mark.parametrize("function", [each for each in FUNCTIONS.values() if each.minima], ids=lambda each: each.key)
def test_from_beside_a_minimum_that_minimum_is_found(function):
    width = np.ptp(function.domain)
    for minimum in function.minima:
        e = evidence(function, np.add(minimum, (1e-6 * width, -1e-6 * width)), learning_rate=0.0, max_steps=1)
        assert e.nearest.theta == pytest.approx(minimum, abs=1e-9 * width)
        assert e.nearest.kind is PointKind.MINIMUM


@pytest.mark.parametrize("text", DEGENERATE)
def test_where_second_derivatives_are_silent_the_losses_around_speak(text):
    assert evidence(formula(text), (0, 0), max_steps=0).nearest.kind is DEGENERATE[text]


def test_no_stationary_point_is_made_up():
    assert evidence(formula("x + 2y"), (0, 0)).nearest is None
    assert evidence(formula("exp(x)"), (0, 0)).nearest is None
    assert evidence(formula("log(x)"), (-1, 0)).nearest is None


@pytest.mark.parametrize("text", ["log(x) + y^2", "sqrt(x) + y^2", "1/x + y^2", "exp(-x) + y^2"])
def test_a_way_to_infinity_has_no_stationary_point_though_its_gradient_vanishes(text):
    run = descend(formula(text), start=(0.5, 1), optimizer=Newton(), learning_rate=1.0, max_steps=100)
    assert np.hypot(*run.gradient[:, -1]) < 1e-6
    assert Evidence(run).nearest is None


def test_arrived_means_near_low_and_staying():
    assert not evidence(BOWL, (-4, 1.5), max_steps=20).arrived
    assert evidence(BOWL, (-4, 1.5), max_steps=60).arrived
    path = descend(BOWL, start=(-4, 0), optimizer=Momentum(), learning_rate=0.02, max_steps=100).theta[0]
    passing = int((np.abs(path) < 0.08).argmax())
    assert not evidence(BOWL, (-4, 0), Momentum(), 0.02, passing).arrived


@pytest.mark.parametrize("far", [4, 1e3, 1e6, 1e9])
def test_from_afar_arrived_means_near_on_the_scale_of_the_landscape_too(far):
    stop = replace(Stopping.suiting(BOWL, (far, 1.5)), gradient=0)
    for steps in range(50, 600, 50):
        run = descend(BOWL, start=(far, 1.5), learning_rate=0.05, max_steps=steps, stop=stop)
        distance = math.hypot(*run.theta[:, -1])
        assert Evidence(run).arrived or distance > 0.05
        assert not Evidence(run).arrived or distance < 2
    assert Evidence(run).arrived


def test_near_but_high_on_a_steep_side_is_no_arrival():
    steep = formula("x^2 + 1e6 y^2")
    run = descend(steep, start=(-4, 0), learning_rate=1e-7, max_steps=20)
    end = np.repeat([[0.0], [0.05]], 21, axis=1)
    theta = np.where(np.arange(21) == 0, [[-4.0], [0.0]], end)
    assert not Evidence(replace(run, theta=theta, loss=steep(theta), gradient=steep.gradient(theta))).arrived


def test_arrival_is_the_step_from_which_on_a_thousandth_is_left():
    e = evidence(BOWL, (-4, 1.5), Momentum(), 0.05, 300)
    left = e.run.loss / e.run.loss[0]
    assert left[e.arrival - 1] > 1e-3 >= left[e.arrival :].max()


def test_flips_are_counted_across_the_ravine():
    e = evidence(BOWL, (-4, 1.5), learning_rate=0.19, max_steps=30)
    assert e.across.direction.tolist() == [0, 1]
    assert (e.across.eigenvalue, e.across.limit) == pytest.approx((10, 0.2))
    assert e.flips == e.tail == 10
    assert evidence(BOWL, (-4, 1.5), learning_rate=0.05, max_steps=30).flips == 0
    assert evidence(BOWL, (-4, 1e-9), learning_rate=0.19, max_steps=30).flips == 0, "a sway too small to matter"


def test_the_axis_is_that_of_the_hessian_and_the_limit_that_of_the_optimizer():
    e = evidence(BOWL, (-4, 1.5), Momentum(0.5))
    assert (e.steepest.eigenvalue, e.steepest.limit) == pytest.approx((10, 0.3))
    assert math.isnan(evidence(BOWL, (-4, 1.5), Adam()).across.limit)
    assert evidence(formula("-x^2"), (-4, 1.5), max_steps=3).across.limit == math.inf


def test_overstep_is_found_where_the_path_enters_steeper_ground():
    # λ = 1 on the right, 51 on the left: a learning rate of 1.5 crosses over and is thrown back
    wall = formula("x^2/2 + 25 max(0, -x)^2 + y^2/8")
    step, axis = evidence(wall, (3, 0), learning_rate=1.5, max_steps=20).overstep
    assert (step, axis.eigenvalue, axis.limit) == pytest.approx((1, 51, 2 / 51))
    assert axis.direction.tolist() == [1, 0]
    assert evidence(wall, (3, 0), learning_rate=0.9, max_steps=20).overstep is None
    assert evidence(wall, (-3, 0), learning_rate=0.1, max_steps=99).overstep is None, "thrown out once, to lower ground"
    assert evidence(wall, (3, 0), RMSProp(), learning_rate=5.0, max_steps=20).overstep is None


def test_settling_is_told_from_hopping():
    assert evidence(BOWL, (-4, 1.5), RMSProp(alpha=0.9), 0.2, 300).settles_nowhere
    assert not evidence(BOWL, (-4, 1.5), RMSProp(alpha=0.9), ExponentialDecay(0.2, factor=0.98), 300).settles_nowhere
    assert not evidence(BOWL, (-4, 1.5), max_steps=300).settles_nowhere
    assert not evidence(formula("x"), (0, 0), max_steps=300).settles_nowhere
    assert not evidence(BOWL, (-4, 1.5), Adam(), max_steps=3000).settles_nowhere, "what is left is rounding"
    uphill = evidence(formula("x^2"), (4, 0), Momentum(0.9999), 1e-3, 60)
    assert uphill.run.loss[-1] > uphill.run.loss[-20] + 1
    assert not uphill.settles_nowhere, "it goes one way"


def test_slower_and_faster_are_real_runs_and_better():
    slow, fast = evidence(BOWL, (-4, 1.5), learning_rate=0.001), evidence(BOWL, (-4, 1.5), learning_rate=0.21)
    assert slow.faster.learning_rate[0] > 0.001
    assert slow.faster.loss[-1] < slow.run.loss[-1]
    assert slow.faster.stop.step == slow.steps
    assert fast.slower.learning_rate[0] < 0.2
    assert fast.slower.loss[-1] < 1e-3


def test_of_equally_good_rates_the_nearest_to_the_one_set_is_taken():
    assert evidence(BOWL, (-4, 1.5), learning_rate=0.21, max_steps=200).slower.learning_rate[0] == 0.1


def test_nothing_better_is_found_where_there_is_nothing_better():
    e = evidence(BOWL, (-4, 1.5), learning_rate=2 / 11, max_steps=20)
    assert e.faster is None
    assert e.slower is None


def test_a_line_search_has_no_learning_rate_to_change():
    e = evidence(BOWL, (-4, 1.5), learning_rate=Backtracking(), max_steps=20)
    assert e.rate is None
    assert e.faster is None
    assert e.slower is None


def test_other_learning_rates_are_tried_over_the_same_batches():
    samples = SAMPLES["noisy_line"].samples()
    loss = LinearRegression(samples.x, samples.y)
    run = descend(loss, start=(-1.5, 2.5), learning_rate=0.3, epochs=20, batch_size=4, seed=3, reshuffle=False)
    slower = Evidence(run).slower
    assert slower is not None
    assert slower.batches == run.batches
    assert slower.learning_rate[0] < 0.3


def test_climbs_and_turns_of_the_loss():
    hopping = evidence(formula("abs(x)"), (0.53, 0), learning_rate=0.1, max_steps=60)
    assert hopping.climbs == pytest.approx(1)
    assert hopping.turns == hopping.tail - 1 == 19
    falling = evidence(BOWL, (-4, 1.5), learning_rate=0.05)
    assert (falling.climbs, falling.turns) == (0, 0)
    climbing = evidence(formula("x^2"), (4, 0), Momentum(0.9999), 1e-3, 60)
    assert (climbing.climbs, climbing.turns) == (math.inf, 0)
    assert evidence(formula("3"), (4, 0)).climbs == 0


@pytest.mark.parametrize("learning_rate", [5e-324, 1e-320, 1e-308, 1e-300, 1e298, 1e305, 1.7e308])
@pytest.mark.parametrize("text", ["1e307*x**2 + y**2", "1e-308*(x^2 + y^2)", "x^2 + y^2", "1e-310*x^2"])
def test_near_the_ends_of_the_numbers_other_rates_are_tried_too(text, learning_rate):
    for start in ((1e-300, 1e-300), (3, 4)):
        for schedule in (learning_rate, ExponentialDecay(learning_rate)):
            e = evidence(formula(text), start, learning_rate=schedule, max_steps=20)
            with np.errstate(all="ignore"):
                for other in (e.slower, e.faster):
                    assert other is None or np.isfinite(other.learning_rate).all()


def test_a_run_that_rests_has_arrived_however_short_it_is():
    """A tiny unit of x makes an axis along which nothing moves: the run of one step still ends at a minimum."""
    line = LinearRegression(1e-12 * np.arange(1, 9), [1.0, 3, 2, 5, 4, 3, 6, 4])
    e = Evidence(descend(line, start=(3, 4), learning_rate=0.5, stop=Stopping.suiting(line, (3, 4))))
    assert e.steps == 1
    assert e.arrived
    assert e.minimum is not None
