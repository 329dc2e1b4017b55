"""Constructed cases with known answers, among them the scenarios that the app shows."""

import math
import string

import numpy as np
import pytest

import landscape as ls
from landscape.analysis import diagnosis
from landscape.analysis.curvature import curvature
from landscape.analysis.diagnosis import Diagnosis, diagnose
from landscape.analysis.diagnosis import DiagnosisKind as Kind
from landscape.analysis.evidence import Evidence
from landscape.descent.descend import descend
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Newton,
    RMSProp,
)
from landscape.descent.schedules import Constant, CosineDecay, ExponentialDecay, InverseTimeDecay
from landscape.descent.stopping import Stopping, StopReason
from landscape.locale.sentence import filled
from landscape.objectives.formula import formula
from landscape.objectives.functions import FUNCTIONS
from landscape.objectives.regression import LinearRegression
from landscape.objectives.samples import SAMPLES

BOWL = formula("(x^2 + 10y^2) / 2")
RAVINE = formula("(x^2 + 25y^2) / 2")
SADDLE = formula("x^2/2 - y^2/2 + y^4/4")
ROSENBROCK, HIMMELBLAU, BEALE = FUNCTIONS["rosenbrock"], FUNCTIONS["himmelblau"], FUNCTIONS["beale"]
USUAL, NEVER = Stopping(), Stopping(gradient=0)
PLATEAU, TWO_WELLS, ROTATED = FUNCTIONS["plateau"], FUNCTIONS["two_wells"], FUNCTIONS["rotated_ravine"]


def finding(objective, start, optimizer, learning_rate, steps, stop=USUAL):
    run = descend(objective, start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=steps, stop=stop)
    return diagnose(run)


def loss_with(objective, start, optimizer, learning_rate, steps):
    return descend(objective, start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=steps).loss[-1]


# 1 Speed limit


def test_beyond_the_border_it_names_direction_curvature_and_border_and_a_rate_that_was_tried():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 0.21, 150)
    assert found.kind is Kind.DIVERGED
    assert (found.values["dx"], found.values["dy"]) == (0, 1)
    assert found.values["curvature"] == pytest.approx(10)
    assert found.values["limit"] == pytest.approx(0.2)
    assert "2/λ = 0.2" in found.text
    assert found.learning_rate < 0.2
    end = loss_with(BOWL, (-4, 1.5), GradientDescent(), found.learning_rate, found.values["better_steps"])
    assert found.values["better_loss"] == end < 1e-3


@pytest.mark.parametrize("slightly", [0.0, 2.3e-16, 1e-12, 1e-9])
@pytest.mark.parametrize(("optimizer", "border"), [(GradientDescent(), 2.0), (Momentum(0.9), 3.8)])
def test_at_the_border_it_bounces_and_has_not_diverged(optimizer, border, slightly):
    for degrees in range(5, 180, 10):
        a, b = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        turned = formula(f"(({a:.16f} x + {b:.16f} y)^2 + 10 ({a:.16f} y - {b:.16f} x)^2) / 2")
        steepest = float(curvature(turned, (0, 0)).eigenvalues[1])
        found = finding(turned, (-4, 1.5), optimizer, border / steepest * (1 + slightly), 300)
        assert found.kind is Kind.OSCILLATING
    assert finding(turned, (-4, 1.5), optimizer, border / steepest * 1.01, 300).kind is Kind.DIVERGED


def test_divergence_is_seen_before_it_has_reached_the_threshold():
    assert finding(BOWL, (-4, 1.5), GradientDescent(), 0.21, 40).kind is Kind.DIVERGED


@pytest.mark.parametrize("steps", [1, 2, 10, 300])
def test_a_remedy_promises_what_it_does_in_the_steps_that_are_set(steps):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 1e9, steps)
    assert found.kind is Kind.DIVERGED
    assert found.values["better_steps"] <= steps
    end = loss_with(BOWL, (-4, 1.5), GradientDescent(), found.learning_rate, steps)
    assert found.values["better_loss"] == end < BOWL((-4, 1.5))


@pytest.mark.parametrize("learning_rate", [0.2002, 0.20003, 0.2 * (1 + 1e-8)])
@pytest.mark.parametrize("steps", [50, 2000])
def test_a_learning_rate_beside_the_border_is_told_apart_from_it(learning_rate, steps):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), learning_rate, steps)
    assert f"{learning_rate:.10g}"[:6] in found.text
    assert "learning rate 0.2 " not in found.text
    assert "was 0.2," not in found.text
    assert "2/λ = 0.2 " in found.text


def test_a_learning_rate_on_the_border_is_as_long_as_the_border():
    assert "0.2 is 1 × 2/λ, and at 2/λ = 0.2" in finding(BOWL, (-4, 1.5), GradientDescent(), 0.2, 50).text


@pytest.mark.parametrize("steps", [*range(2, 13), 300])
def test_a_run_that_went_up_for_a_few_steps_has_not_diverged(steps):
    found = finding(ROSENBROCK, ROSENBROCK.start, Nesterov(), 0.001, steps)
    assert found.kind is not Kind.DIVERGED
    with_few = finding(BOWL, (-4, 1.5), GradientDescent(), 0.3, 3)
    assert with_few.kind is Kind.OSCILLATING
    assert with_few.values["limit"] == pytest.approx(0.2)


@pytest.mark.parametrize("learning_rate", [0.3, 0.5])
@pytest.mark.parametrize("steps", [5, 8, 20])
def test_a_run_that_explodes_has_diverged_after_a_few_steps_too(learning_rate, steps):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), learning_rate, steps)
    assert found.kind is Kind.DIVERGED
    assert found.values["loss"] > 1000


@pytest.mark.parametrize("learning_rate", [0.19, 0.2])
def test_below_or_on_the_border_it_zigzags(learning_rate):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), learning_rate, 20)
    assert found.kind is Kind.OSCILLATING
    assert found.values["flips"] == found.values["tail"]
    assert (found.values["dx"], found.values["dy"]) == (0, 1)
    assert found.values["part"] == pytest.approx(learning_rate / 0.2)
    assert found.learning_rate < learning_rate
    assert found.values["better_steps"] <= 20


def test_below_the_border_it_arrives_in_the_end():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 0.19, 100)
    assert found.kind is Kind.CONVERGED
    assert (found.values["x"], found.values["y"]) == (0, 0)
    descent = descend(BOWL, start=(-4, 1.5), learning_rate=0.19, max_steps=100).loss
    arrival = found.values["arrival"]
    assert descent[arrival - 1] > 1e-3 * descent[0] >= descent[arrival:].max()


def test_from_a_start_that_is_far_away_it_has_not_arrived_before_it_is_near():
    bowl, start = FUNCTIONS["bowl"], (1e9, 1.51)
    stop = Stopping.suiting(bowl, start)
    far = finding(bowl, start, GradientDescent(), 0.05, 125, stop)
    assert far.kind is Kind.DESCENDING
    assert "still 1.3e+12 above the minimum (0, 0)" in far.text
    assert finding(bowl, start, GradientDescent(), 0.05, 500, stop).kind is Kind.CONVERGED


def test_in_a_narrow_minimum_it_has_arrived_though_hardly_anything_slopes_beside_it():
    narrow = FUNCTIONS["sharp_and_flat"]
    assert finding(narrow, narrow.start, Nesterov(), 0.01, 200).kind is Kind.CONVERGED


def test_who_ends_higher_than_it_was_is_told_a_learning_rate_that_leads_down():
    rastrigin = FUNCTIONS["rastrigin"]
    found = finding(rastrigin, rastrigin.start, GradientDescent(), 0.1, 5)
    assert "no lower" in found.text
    assert found.values["better_loss"] == loss_with(rastrigin, rastrigin.start, GradientDescent(), 0.002, 5)


@pytest.mark.parametrize(("optimizer", "rate", "steps"), [(GradientDescent(), 0.1, 30), (Nesterov(), 0.01, 200)])
def test_jumps_from_dent_to_dent_are_no_divergence(optimizer, rate, steps):
    rastrigin = FUNCTIONS["rastrigin"]
    assert finding(rastrigin, rastrigin.start, optimizer, rate, steps).kind is Kind.CIRCLING


@pytest.mark.parametrize("learning_rate", [0.001, Constant(0.001)])
def test_far_below_the_border_it_crawls_and_k_is_verified(learning_rate):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), learning_rate, 100)
    assert found.kind is Kind.CRAWLING
    assert found.values["limit"] == pytest.approx(0.2)
    assert found.values["times"] == pytest.approx(found.learning_rate / 0.001)
    assert found.values["better_loss"] == loss_with(BOWL, (-4, 1.5), GradientDescent(), found.learning_rate, 100)
    assert found.values["better_loss"] < 1e-6 < found.values["loss"]


@pytest.mark.parametrize("start", [(-4, 1.5), (-3, 2.4), (5, 5)])
def test_it_crawls_however_far_down_the_sides_of_a_ravine_it_came(start):
    objective = formula("x^2/2 + 10y^2")
    found = finding(objective, start, GradientDescent(), 0.001, 300)
    assert found.kind is Kind.CRAWLING
    assert found.values["times"] >= 10
    assert found.values["better_loss"] == loss_with(objective, start, GradientDescent(), found.learning_rate, 300)


@pytest.mark.parametrize("key", ["adamw", "adamax"])
def test_an_adaptive_method_on_its_way_does_not_crawl(key):
    found = finding(FUNCTIONS["bowl"], (-4, 1.5), OPTIMIZERS[key](), 0.1, 50)
    assert found.kind is Kind.DESCENDING
    assert found.text.endswith("above the minimum (0, 0).")


# 2 Ravine, 3 too heavy a ball


def test_the_ravine_is_crossed_at_every_step():
    found = finding(RAVINE, (-4, 1), GradientDescent(), 0.076, 30)
    assert found.kind is Kind.OSCILLATING
    assert found.values["limit"] == pytest.approx(0.08)
    assert finding(RAVINE, (-4, 1), GradientDescent(), 0.076, 100).kind is Kind.CONVERGED


@pytest.mark.parametrize("beta", [0.9, 0.95, 0.99])
def test_a_heavy_ball_rolls_to_and_fro_and_a_lighter_one_is_verified(beta):
    found = finding(RAVINE, (-4, 1), Momentum(beta), 0.04, 60)
    assert found.kind is Kind.OSCILLATING
    assert found.values["kept"] == pytest.approx(math.sqrt(beta))
    lighter = found.values["lighter"]
    assert lighter < beta
    assert loss_with(RAVINE, (-4, 1), Momentum(lighter), 0.04, 60) == found.values["better_loss"] < found.values["loss"]
    assert found.learning_rate is None


@pytest.mark.parametrize("steps", [300, 3000])
def test_a_line_search_that_zigzags_is_not_told_the_border_of_a_fixed_rate(steps):
    found = finding(ROSENBROCK, ROSENBROCK.start, GradientDescent(), Backtracking(), steps)
    assert found.kind is Kind.OSCILLATING
    assert "takes the first learning rate that lowers the loss enough" in found.text
    assert "diverges" not in found.text
    assert "for ever" not in found.text
    run = descend(ROSENBROCK, start=ROSENBROCK.start, learning_rate=Backtracking(), max_steps=steps)
    since = found.values["since"]
    assert found.values["loss"] == run.loss[-1]
    assert found.values["drop"] == run.loss[since] - run.loss[-1] > 0
    assert found.values["way"] == pytest.approx(np.hypot(*np.diff(run.theta[:, since:])).sum())
    assert found.values["progress"] == pytest.approx(math.dist(run.theta[:, since], run.theta[:, -1]))
    assert found.learning_rate is None


@pytest.mark.parametrize("key", ["booth", "two_wells", "styblinski_tang"])
def test_no_minimum_is_too_narrow_for_a_line_search(key):
    function = FUNCTIONS[key]
    assert "Cannot settle" not in finding(function, function.start, GradientDescent(), Backtracking(), 5).text


def test_a_light_ball_arrives():
    assert finding(RAVINE, (-4, 1), Momentum(0.7), 0.04, 60).kind is Kind.CONVERGED


@pytest.mark.parametrize(
    ("optimizer", "border", "text"),
    [
        (Momentum(0.9), 2 * 1.9 / 25, "2(1 + β)/λ"),
        (Nesterov(0.9), 2 * 1.9 / 2.8 / 25, "2(1 + β)/((1 + 2β)λ)"),
        (GradientDescent(weight_decay=5.0), 2 / 30, "2/(λ + w)"),
    ],
)
def test_each_method_is_judged_by_its_own_border(optimizer, border, text):
    found = finding(RAVINE, (-4, 1), optimizer, 1.02 * border, 1000)
    assert found.kind is Kind.DIVERGED
    assert found.values["limit"] == pytest.approx(border)
    assert text in found.text
    assert finding(RAVINE, (-4, 1), optimizer, 0.98 * border, 1000).kind is Kind.CONVERGED


# 4 The valley


def test_in_the_valley_it_runs_out_of_steps_and_says_at_what_pace():
    run = descend(ROSENBROCK, start=(-1.5, 2), optimizer=Momentum(), learning_rate=0.001, max_steps=300)
    found = diagnose(run)
    assert found.kind is Kind.DESCENDING
    assert (found.values["x"], found.values["y"]) == pytest.approx((1, 1))
    longer = descend(ROSENBROCK, start=(-1.5, 2), optimizer=Momentum(), learning_rate=0.001, max_steps=400)
    assert run.loss[-1] / longer.loss[-1] == pytest.approx(found.values["factor"], rel=0.5)


def test_the_condition_number_says_what_the_best_learning_rate_can_do():
    found = finding(FUNCTIONS["steep_ravine"], (-4, 0.5), GradientDescent(), 0.01, 200)
    assert found.kind is Kind.DESCENDING
    assert found.values["condition"] == pytest.approx(100)
    assert found.values["kept"] == pytest.approx(99 / 101)
    assert found.values["kept_by_momentum"] == pytest.approx(9 / 11)


def test_an_explosion_on_a_curved_landscape_is_explained_where_it_began():
    found = finding(ROSENBROCK, (-1.5, 2), GradientDescent(), 0.003, 300)
    assert found.kind is Kind.DIVERGED
    assert found.values["onset"] == 1
    assert found.values["curvature"] == pytest.approx(np.linalg.eigvalsh(ROSENBROCK.hessian((-1.5, 2)))[1])
    assert math.isfinite(loss_with(ROSENBROCK, (-1.5, 2), GradientDescent(), found.learning_rate, 1000))


@pytest.mark.parametrize(("objective", "start"), [(BEALE, (1.5, 2)), (HIMMELBLAU, (50, 1.71)), (ROSENBROCK, (-1.5, 2))])
def test_a_rate_above_the_border_that_was_told_says_where_it_is_allowed(objective, start):
    found = finding(objective, start, GradientDescent(), 0.01, 300, Stopping.suiting(objective, start))
    assert found.values["limit"] < found.learning_rate < 0.01
    run = descend(objective, start=start, learning_rate=found.learning_rate, max_steps=found.values["better_steps"])
    there = float(curvature(objective, run.theta[:, -1]).eigenvalues[1])
    assert found.values["smaller"] == there < found.values["curvature"]
    assert found.learning_rate < 2 / there
    assert f"though above that limit, it leads to where the curvature is smaller, λ = {there:.4g}" in found.text


def test_a_rate_below_the_border_that_was_told_needs_no_excuse():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 0.21, 150)
    assert found.learning_rate < found.values["limit"]
    assert found.advice == diagnosis.ADVICE["rate"]


# 5 Saddle


@pytest.mark.parametrize("optimizer", [GradientDescent(), Adam()])
def test_on_the_ridge_it_is_stuck_at_the_saddle(optimizer):
    found = finding(SADDLE, (-2, 0), optimizer, 0.1, 300)
    assert found.kind is Kind.SADDLE
    assert "Stuck" in found.text
    assert (found.values["x"], found.values["y"]) == (0, 0)
    assert (found.values["dx"], found.values["dy"], found.values["curvature"]) == pytest.approx((0, 1, -1))


def test_beside_the_ridge_it_is_held_up_and_leaves():
    held = finding(SADDLE, (-2, 1e-6), GradientDescent(), 0.1, 100)
    assert held.kind is Kind.SADDLE
    assert "Held up" in held.text
    assert held.values["beside"] == pytest.approx(1e-6 * 1.1**100, rel=1e-3)
    left = finding(SADDLE, (-2, 1e-6), GradientDescent(), 0.1, 300)
    assert left.kind is Kind.CONVERGED
    assert (left.values["x"], left.values["y"]) == pytest.approx((0, 1))


def test_newton_on_a_saddle_is_told_the_damping_that_leaves_it():
    found = finding(HIMMELBLAU, (0.4, 4.1), Newton(), 1.0, 30)
    assert found.kind is Kind.SADDLE
    damping = found.values["damping"]
    beside = (found.values["x"] + 1e-3, found.values["y"])
    assert finding(HIMMELBLAU, beside, Newton(), 1.0, 200).kind is Kind.SADDLE
    assert finding(HIMMELBLAU, beside, Newton(damping=1.05 * damping), 1.0, 200).kind is Kind.CONVERGED


def test_where_newton_flees_there_is_no_saddle():
    found = finding(formula("log(x) + y^2"), (0.5, 1), Newton(), 1.0, 300)
    assert found.values["x"] > 1e6
    assert found.kind is Kind.PLATEAU
    assert "gradient is only 9.5e-07 long" in found.text


def test_a_loss_beyond_all_numbers_is_told_as_that():
    found = finding(HIMMELBLAU, (0.4, 4.1), GradientDescent(), 1e300, 50)
    assert found.kind is Kind.DIVERGED
    assert filled(found.message, **found.values).startswith("Diverged: the loss is ∞ at step 1.")


def test_a_line_search_that_keeps_its_first_rate_is_told_the_border_of_it():
    booth, search = FUNCTIONS["booth"], Backtracking(initial=0.1)
    found = finding(booth, (2.739, -4.604), GradientDescent(), search, 8)
    assert found.kind is Kind.OSCILLATING
    assert found.values["part"] == pytest.approx(0.1 * 18 / 2)
    assert "is 0.9 × 2/λ" in found.text


@pytest.mark.parametrize("schedule", [ExponentialDecay(0.01, factor=0.5), CosineDecay(0.01, steps=300)])
def test_a_rate_that_falls_by_itself_is_not_said_to_stay_within_a_border(schedule):
    found = finding(BEALE, (1.5, 2), GradientDescent(), schedule, 300, Stopping.suiting(BEALE, (1.5, 2)))
    assert found.learning_rate
    assert "though above that limit" not in found.text


def test_a_crawl_is_not_advised_a_rate_above_the_border_it_was_told_without_a_word():
    function = FUNCTIONS["three_hump_camel"]
    found = finding(function, function.start, GradientDescent(), 1e-3, 50)
    assert found.kind is Kind.CRAWLING
    assert found.values["learning_rate"] < found.values["limit"] < found.learning_rate < 2 / found.values["smaller"]
    assert "though above that limit" in found.text


@pytest.mark.parametrize("learning_rate", [1.0, 0.1])
def test_newton_that_climbs_onto_the_plateau_is_told_why_and_a_damping_that_was_tried(learning_rate):
    stop = Stopping.suiting(PLATEAU, PLATEAU.start)
    found = finding(PLATEAU, PLATEAU.start, Newton(), learning_rate, 2000, stop)
    assert found.kind is Kind.PLATEAU
    assert found.values["onset"] == 1
    assert found.values["curvature"] == np.linalg.eigvalsh(PLATEAU.hessian(PLATEAU.start))[0] < 0
    assert "where it is negative, Newton's step leads uphill" in found.text
    assert found.learning_rate is None
    damped = Newton(damping=found.values["damping"])
    run = descend(
        PLATEAU, start=PLATEAU.start, optimizer=damped, learning_rate=learning_rate, max_steps=2000, stop=stop
    )
    assert found.values["better_loss"] == run.loss[-1] < 1e-6


def test_newton_that_climbs_until_its_steps_end_is_told_why_and_a_damping_that_was_tried():
    himmelblau = FUNCTIONS["himmelblau"]
    found = finding(himmelblau, (1, 0.5), Newton(), 0.1, 20)
    assert found.kind is Kind.DESCENDING
    assert found.values["first"] == himmelblau((1, 0.5)) < found.values["loss"]
    assert found.values["curvature"] == np.linalg.eigvalsh(himmelblau.hessian((1, 0.5)))[0] < 0
    assert found.text.startswith("Out of steps")
    assert "where it is negative, Newton's step leads uphill" in found.text
    damped = Newton(damping=found.values["damping"])
    run = descend(himmelblau, start=(1, 0.5), optimizer=damped, learning_rate=0.1, max_steps=20)
    assert found.values["better_loss"] == run.loss[-1] < found.values["first"]
    assert found.values["damping"] > -found.values["curvature"]


@pytest.mark.parametrize(
    ("objective", "start"),
    [(FUNCTIONS["goldstein_price"], (0.88, 0.3)), (formula("1e4*sin(x) + 1e4*cos(y)"), (1, 0.5))],
    ids=["goldstein_price", "typed"],
)
def test_where_newton_climbs_steeply_only_dampings_that_can_be_set_are_tried(objective, start):
    found = finding(objective, start, Newton(), 0.1, 20)
    assert "Newton's step leads uphill" in found.text
    assert -found.values["curvature"] < found.values.get("damping", math.inf)
    steepest = finding(formula("-1e7*x^2 + 1e-3*y^2"), (1, 1), Newton(), 0.1, 5)
    assert "damping" not in steepest.values


def test_newton_on_a_plateau_that_it_did_not_climb_is_not_told_so():
    fallen = finding(formula("-log(x) + y^2"), (0.5, 1), Newton(damping=0.01), 1.0, 300)
    assert fallen.values["loss"] < 0
    assert "uphill" not in fallen.text
    assert "uphill" not in finding(PLATEAU, PLATEAU.start, GradientDescent(), 0.1, 50).text


def test_a_start_on_a_maximum_or_a_monkey_saddle():
    assert "maximum (0, 0)" in finding(formula("-x^2 - y^2"), (0, 0), GradientDescent(), 0.1, 10).text
    assert "lower places" in finding(FUNCTIONS["monkey_saddle"], (0, 0), GradientDescent(), 0.1, 10).text


# 6 Which valley, 10 two wells


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "minimum"),
    [
        (GradientDescent(), 0.01, (3, 2)),
        (Momentum(), 0.01, (3.584428, -1.848127)),
        (Adam(), 0.1, (-2.805118, 3.131313)),
    ],
)
def test_it_says_which_minimum_was_reached(optimizer, learning_rate, minimum):
    found = finding(HIMMELBLAU, (0.4, 4.1), optimizer, learning_rate, 125)
    assert found.kind is Kind.CONVERGED
    assert (found.values["x"], found.values["y"]) == pytest.approx(minimum, abs=1e-6)
    assert found.advice == ""


def test_the_number_of_steps_is_that_of_the_run():
    run = descend(HIMMELBLAU, start=(0.4, 4.1), learning_rate=0.01)
    assert run.stop.reason is StopReason.GRADIENT
    assert f"at step {run.stop.step};" in diagnose(run).text


def test_a_lower_minimum_is_mentioned():
    found = finding(TWO_WELLS, (2.3, 1.5), GradientDescent(), 0.05, 300)
    assert found.kind is Kind.CONVERGED
    assert found.values["x"] == pytest.approx(1.33222, abs=1e-4)
    assert found.values["lower_x"] == pytest.approx(-1.48397, abs=1e-4)
    assert found.values["loss"] - found.values["lower"] == pytest.approx(0.847, abs=1e-3)
    assert finding(TWO_WELLS, (2.3, 1.5), Momentum(), 0.05, 300).advice == ""
    for sign in (1, -1):  # of two equally low ones, neither is lower
        assert (
            finding(FUNCTIONS["six_hump_camel"], (sign * 0.1, sign * -0.6), GradientDescent(), 0.05, 300).advice == ""
        )


def test_a_lower_minimum_whose_loss_is_rounding_is_0():
    levy = FUNCTIONS["levy_13"]
    assert 0 < levy(levy.minima[0]) < 1e-30, "the sum of squared sines of multiples of π"
    found = finding(levy, levy.start, GradientDescent(), 0.0005, 300)
    assert "A lower minimum, with loss 0, lies at (1, 1)." in found.text


# 7 Cliff, 8 never still, 9 plateau, 11 rotated


def test_gradient_descent_explodes_on_the_cliff():
    found = finding(BEALE, (1.5, 2), GradientDescent(), 0.01, 300)
    assert found.kind is Kind.DIVERGED
    assert found.learning_rate == 0.005
    assert found.values["better_steps"] == 300, "three steps would prove nothing"


def test_adagrad_that_never_forgets_is_out_of_steps():
    found = finding(BEALE, (1.5, 2), AdaGrad(), 0.5, 2000)
    assert found.kind in (Kind.DESCENDING, Kind.CRAWLING)
    assert found.values["loss"] == pytest.approx(4.3e-3, rel=0.02)


@pytest.mark.parametrize(("learning_rate", "excess"), [(0.2, 0.055), (0.05, 0.0034)])
def test_rmsprop_never_settles(learning_rate, excess):
    found = finding(BOWL, (-4, 1.5), RMSProp(alpha=0.9), learning_rate, 300, Stopping(gradient=0))
    assert found.kind is Kind.CIRCLING
    assert found.values["excess"] == pytest.approx(excess, rel=0.02)
    assert found.values["typical"] == pytest.approx(math.hypot(learning_rate, learning_rate), rel=0.02)
    assert found.learning_rate < learning_rate
    assert found.values["better_loss"] < excess
    assert "decays" in found.text


def test_with_a_decaying_rate_it_settles():
    found = finding(BOWL, (-4, 1.5), RMSProp(alpha=0.9), ExponentialDecay(0.2, factor=0.98), 300, Stopping(gradient=0))
    assert found.kind is Kind.CONVERGED


def test_a_kink_is_hopped_over_for_ever():
    found = finding(formula("abs(x) + abs(y)"), (1, 0.53), GradientDescent(), 0.1, 100)
    assert found.kind is Kind.CIRCLING
    assert found.values["typical"] == pytest.approx(0.1 * math.sqrt(2))


def test_hops_from_dent_to_dent_promise_nothing():
    found = finding(FUNCTIONS["rastrigin"], (-3.4, 2.3), RMSProp(), 0.3, 200)
    assert found.kind is Kind.CIRCLING
    run = descend(FUNCTIONS["rastrigin"], start=(-3.4, 2.3), optimizer=RMSProp(), learning_rate=0.3, max_steps=200)
    late = run.loss[found.values["since"] :]
    assert (found.values["low"], found.values["high"]) == (late.min(), late.max())
    assert found.values["turns"] > 10


def test_so_little_above_the_minimum_it_may_hop():
    found = finding(BOWL, (0.005, 0.003), RMSProp(alpha=0.9), 5e-6, 3000, Stopping(gradient=0))
    assert found.kind is Kind.CONVERGED


def test_a_sharp_minimum_that_cannot_hold_the_run():
    found = finding(PLATEAU, (3, 2), GradientDescent(), 5.0, 300)
    assert found.kind is Kind.OSCILLATING
    assert found.values["limit"] == pytest.approx(2)
    assert "Cannot settle" in found.text
    assert finding(PLATEAU, (3, 2), GradientDescent(), found.learning_rate, 300).kind is Kind.CONVERGED


def test_thrown_out_of_its_minimum_into_endless_hops_is_not_divergence():
    found = finding(PLATEAU, (0.1, 0.05), GradientDescent(), 5.0, 300)
    assert found.values["loss"] > PLATEAU((0.1, 0.05))
    assert found.kind is Kind.OSCILLATING


def test_a_minimum_that_is_still_far_away_is_not_blamed():
    found = finding(FUNCTIONS["sharp_and_flat"], (3.2, 1.5), GradientDescent(), 0.1, 120)
    assert found.values["minimum"] < 0.06, "the sharp one, which allows 0.083"
    assert found.kind is Kind.DESCENDING
    assert "minimum" not in finding(FUNCTIONS["ackley"], (-3.4, 2.7), Momentum(), 0.5, 200).message


def test_a_slow_start_on_a_slope_is_no_plateau():
    assert finding(HIMMELBLAU, (0.4, 4.1), GradientDescent(), 1e-6, 125).kind is Kind.CRAWLING


def test_the_plateau_is_recognised_until_it_is_left():
    found = finding(PLATEAU, (3, 2), GradientDescent(), 0.1, 300)
    assert found.kind is Kind.PLATEAU
    assert found.values["ahead"] == pytest.approx(math.exp(-0.5), rel=0.05)
    assert found.values["better_loss"] < 1e-3
    assert finding(PLATEAU, (3, 2), GradientDescent(), 0.1, 750).kind is Kind.CONVERGED


@pytest.mark.parametrize("steps", [50, 120, 300])
@pytest.mark.parametrize(
    ("objective", "start"),
    [(PLATEAU, (3, 3)), (formula(PLATEAU.text), (3, 3)), (FUNCTIONS["easom"], (0, 0))],
    ids=["plateau", "plateau typed in", "easom"],
)
def test_a_plateau_is_one_without_a_remedy_too(objective, start, steps):
    found = finding(objective, start, GradientDescent(), 0.1, steps, Stopping.suiting(objective, start))
    assert found.kind is Kind.PLATEAU
    assert found.values["loss"] == pytest.approx(objective(start), abs=1e-4)


@pytest.mark.parametrize("key", FUNCTIONS)
def test_hardly_any_other_function_has_a_plateau(key):
    function = FUNCTIONS[key]
    assert (finding(function, function.start, GradientDescent(), 1e-8, 3).kind is Kind.PLATEAU) == (key == "plateau")
    if key not in ("plateau", "easom", "peaks"):
        (left, right), (bottom, top) = function.domain
        for x, y in ((left, bottom), (right, top), (0.9 * left + 0.1 * right, 0.3 * bottom + 0.7 * top)):
            run = descend(function, start=(x, y), learning_rate=1e-12, max_steps=3)
            assert not Evidence(run).on_level_ground


def test_so_far_out_that_there_is_no_gradient():
    found = finding(PLATEAU, (6, 5), GradientDescent(), 0.1, 300)
    assert found.kind is Kind.PLATEAU
    assert found.values["steps"] == 0


def test_turned_by_45_degrees_the_zigzag_is_too():
    found = finding(ROTATED, ROTATED.start, GradientDescent(), 0.0384, 60)
    assert found.kind is Kind.OSCILLATING
    assert (found.values["dx"], found.values["dy"]) == pytest.approx((math.sqrt(0.5), -math.sqrt(0.5)))
    assert found.values["curvature"] == pytest.approx(50)


def test_no_border_is_claimed_for_adaptive_methods():
    for key in ("adagrad", "rmsprop", "adam", "adamw", "adamax", "nadam", "radam", "amsgrad", "adadelta"):
        for rate in (1e-4, 0.1, 10.0):
            assert "λ" not in finding(ROSENBROCK, (-1.5, 2), OPTIMIZERS[key](), rate, 60).text.split("saddle")[0]


# Ends and starts without a number


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("log(x) + y", (-1, 2), "The start (-1, 2) lies outside the domain"),
        ("1/x", (0, 0), "infinite at the start (0, 0)"),
        ("x^0.5 + y", (0, 1), "no finite gradient at the start (0, 1)"),
        ("x^2", (1e13, 0), "already beyond"),
    ],
)
def test_a_start_without_numbers(text, start, sentence):
    found = finding(formula(text), start, GradientDescent(), 0.1, 100)
    assert found.kind is Kind.UNDEFINED
    assert sentence in found.text
    assert found.learning_rate is None


def test_a_step_out_of_the_domain_gets_a_shorter_one():
    inside = finding(formula("x - log(x) + y^2"), (2, 1), GradientDescent(), 0.5, 100)
    assert inside.kind is Kind.CONVERGED
    found = finding(formula("x - log(x) + y^2"), (3, 1), GradientDescent(), 5.0, 100)
    assert found.kind is Kind.UNDEFINED
    assert "Step 1 led out of the domain" in found.text
    assert loss_with(formula("x - log(x) + y^2"), (3, 1), GradientDescent(), found.learning_rate, 300) < 1.01


def test_what_has_no_bottom():
    found = finding(formula("-x^2 + y^2"), (1, 1), GradientDescent(), 0.1, 1000)
    assert found.kind is Kind.UNBOUNDED
    assert found.learning_rate is None


# The rest


@pytest.mark.parametrize("schedule", [0.0, Constant(0.0), CosineDecay(0.0)])
def test_learning_rate_0(schedule):
    found = finding(BOWL, (-4, 1.5), GradientDescent(), schedule, 50)
    assert found.kind is Kind.STILL
    assert "The learning rate is 0" in found.text
    assert finding(BOWL, (-4, 1.5), GradientDescent(), found.learning_rate, 50).values["loss"] < 1


def test_steps_that_round_to_nothing():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 1e-20, 50)
    assert found.kind is Kind.STILL
    assert "too short" in found.text


def test_a_run_that_stands_still_is_not_mistaken_for_one_that_stopped_by_its_rule():
    assert finding(BOWL, (-4, 1.5), GradientDescent(), 0.0, 50, Stopping(step=1e-3)).kind is Kind.STILL
    assert finding(PLATEAU, (6, 5), GradientDescent(), 0.0, 50, Stopping(gradient=0)).kind is Kind.STILL
    assert finding(BOWL, (-4, 1.5), GradientDescent(), 0.1, 50, Stopping(gradient=100.0)).kind is Kind.HALTED


def test_no_steps_at_all():
    assert finding(BOWL, (-4, 1.5), GradientDescent(), 0.1, 0).kind is Kind.STILL
    assert "a minimum already" in finding(BOWL, (0, 0), GradientDescent(), 0.1, 0).text


def test_a_constant_function_is_level():
    found = finding(formula("3"), (1, 2), GradientDescent(), 0.1, 100)
    assert found.kind is Kind.PLATEAU
    assert found.text == "The loss is level around (1, 2): no direction leads down."


def test_a_line_of_minima_and_a_flat_bottom_are_minima():
    assert finding(formula("x^2"), (1, 3), GradientDescent(), 0.3, 100).text.startswith(
        "Converged to the minimum (0, 3)"
    )
    assert finding(formula("x^4 + y^4"), (0.4, 0.3), GradientDescent(), 0.5, 100_000).kind is Kind.CONVERGED


def test_the_loss_that_was_asked_for():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), 0.1, 100, Stopping(loss=0.5))
    assert found.kind is Kind.REACHED
    assert found.values["loss"] <= 0.5


def test_weight_decay_holds_it_away_from_the_minimum():
    found = finding(formula("(x - 1)^2 + (y + 2)^2"), (3, 3), GradientDescent(weight_decay=1.0), 0.02, 3000)
    assert found.kind is Kind.CONVERGED
    assert "weight decay" in found.text
    assert (found.values["x"], found.values["y"]) == pytest.approx((2 / 3, -4 / 3))  # where 2 (x − 1) + x = 0


def test_a_rule_that_ends_it_too_early():
    assert finding(ROSENBROCK, (-1.5, 2), Adam(), 0.1, 1000, Stopping(step=0.05)).kind is Kind.HALTED
    uphill = finding(BOWL, (1, 1), Momentum(), Backtracking(), 300)
    assert uphill.kind is Kind.HALTED
    assert uphill.learning_rate is None


def test_passing_by_a_saddle_is_no_arrival():
    assert finding(FUNCTIONS["rastrigin"], (-3.4, 2.3), Momentum(), 0.05, 200).kind is not Kind.SADDLE


def test_a_schedule_is_suggested_by_its_initial_rate():
    found = finding(BOWL, (-4, 1.5), GradientDescent(), CosineDecay(0.001, steps=100), 100)
    assert found.kind is Kind.CRAWLING
    end = loss_with(BOWL, (-4, 1.5), GradientDescent(), CosineDecay(found.learning_rate, steps=100), 100)
    assert found.values["better_loss"] == end


def test_any_run_gets_a_sentence_without_warnings():
    texts = (
        "3",
        "x",
        "1/x",
        "log(x)",
        "exp(exp(x))",
        "abs(x) + y^2",
        "-x^2",
        "asin(x)",
        "x^0.5",
        "1e300 x^2",
        "sign(x) y",
    )
    for objective in (*map(formula, texts), BEALE, FUNCTIONS["bukin_6"]):
        for optimizer in OPTIMIZERS.values():
            for learning_rate in (0.3, Backtracking()):
                for steps in (0, 1, 20):
                    found = finding(objective, (0.7, 0.3), optimizer(), learning_rate, steps)
                    assert found.text
                    assert "nan" not in found.text


def test_values_are_plain():
    for objective, rate in ((BOWL, 0.21), (BOWL, 0.001), (ROSENBROCK, 0.001), (SADDLE, 0.1)):
        found = finding(objective, (-1.5, 1.0), GradientDescent(), rate, 100)
        assert {type(value) for value in found.values.values()} <= {int, float, str}
        assert found.learning_rate is None or type(found.learning_rate) is float


def test_every_template_is_filled_with_what_it_names():
    found = Diagnosis(Kind.STILL, "a {x:.2g}.", {"x": 1.0, "n": 2}, advice="b {n}.")
    assert found.text == "a 1. b 2."
    for template in diagnosis.ADVICE.values():
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(template))


def test_an_infinite_loss_without_a_slope_is_no_maximum() -> None:
    found = diagnose(descend(formula("log(0)"), start=(-2.6, 2.2)))
    assert found.kind is Kind.UNDEFINED
    assert "infinite" in found.text


def test_a_pace_is_that_of_the_last_steps():
    """A ravine: the loss falls steeply at first, and then by the factor that its floor allows."""
    line = ls.LinearRegression([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    run = ls.descend(line, start=(-1.5, 2.5), learning_rate=0.05, max_steps=60)
    told = ls.diagnose(run).values["factor"]
    more = ls.descend(line, start=(-1.5, 2.5), learning_rate=0.05, max_steps=160)
    assert told == pytest.approx(run.loss[-1] / more.loss[-1], rel=0.2)


def test_a_short_run_is_not_told_how_it_would_go_on():
    line = ls.LinearRegression([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    text = ls.diagnose(ls.descend(line, start=(-1.5, 2.5), learning_rate=0.05, max_steps=10)).text
    assert "still falling" in text
    assert "pace" not in text


def test_a_loss_that_rises_in_the_end_is_not_called_falling():
    run = descend(ROSENBROCK, start=ROSENBROCK.start, optimizer=Adam(), learning_rate=0.1, max_steps=5)
    assert run.loss[4] == run.loss.min() < run.loss[5] < run.loss[0]
    found = diagnose(run)
    assert "falling" not in found.text
    assert "though it has risen since step 4" in found.text


STEADY = {(GradientDescent(), 0.01), (Newton(), 0.01), (Momentum(), 0.001), (Nesterov(), 0.001)}
"""With these a run on the bowl has one pace from its 125th step on."""


@pytest.mark.parametrize("learning_rate", [0.001, 0.01])
@pytest.mark.parametrize("optimizer", [*(method() for method in OPTIMIZERS.values()), Adam(beta1=0.999999)])
@pytest.mark.parametrize("objective", [FUNCTIONS["bowl"], ROSENBROCK])
def test_a_pace_is_told_only_where_it_holds(objective, optimizer, learning_rate):
    run, longer = (
        descend(
            objective,
            start=objective.start,
            optimizer=optimizer,
            learning_rate=learning_rate,
            max_steps=steps,
            stop=NEVER,
        )
        for steps in (125, 225)
    )
    found = diagnose(run)
    told = "at this pace" in found.text
    if (optimizer, learning_rate) in STEADY and objective is not ROSENBROCK:
        assert told
    if told:
        assert run.loss[-1] / longer.loss[-1] == pytest.approx(found.values["factor"], rel=0.05)


def test_without_a_steady_pace_it_tells_what_is_left():
    found = finding(FUNCTIONS["bowl"], (-4, 1.5), Adam(), 0.1, 50)
    assert found.text.endswith("above the minimum (0, 0).")
    assert found.values["gap"] == pytest.approx(found.values["loss"])


# Batches

LINE = SAMPLES["noisy_line"].samples()
LINE = LinearRegression(LINE.x, LINE.y)
FLOOR = float(LINE(LINE.minimum))
DESCENT = GradientDescent()


def over_batches(loss, learning_rate, batch_size, epochs, optimizer=DESCENT, start=(-1.5, 2.5)):
    run = descend(
        loss, start=start, optimizer=optimizer, learning_rate=learning_rate, batch_size=batch_size, epochs=epochs
    )
    return run, diagnose(run)


@pytest.mark.parametrize("batch_size", [1, 4, 8])
@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum(0.5), Adam()])
def test_a_constant_learning_rate_ends_at_a_noise_floor_with_its_numbers(batch_size, optimizer):
    run, found = over_batches(LINE, 0.05, batch_size, 100, optimizer)
    assert found.kind is Kind.NOISE_FLOOR
    late = run.loss[-run.stop.step // 2 :] - FLOOR
    assert found.values["excess"] == pytest.approx(np.median(late), rel=0.02)
    assert found.values["low"] <= found.values["excess"] <= found.values["high"]
    assert (found.values["x"], found.values["y"]) == pytest.approx(LINE.minimum)
    assert f"{batch_size} of 64 samples" in found.text
    assert found.learning_rate < 0.05
    assert found.values["better_loss"] - FLOOR < found.values["excess"]
    # At the minimum the gradients of single samples scatter by σ, those of batches without replacement by less.
    scatter = math.hypot(*LINE.sample_gradients(LINE.minimum).std(axis=0))
    predicted = scatter / math.sqrt(batch_size) * math.sqrt((64 - batch_size) / 63)
    assert found.values["noise"] == pytest.approx(predicted, rel=0.25)


def test_noise_is_not_called_an_oscillation():
    for seed in range(5):
        run = descend(LINE, start=(0, 0), learning_rate=0.1, batch_size=2, epochs=30, seed=seed)
        assert diagnose(run).kind is Kind.NOISE_FLOOR


def test_a_decaying_learning_rate_has_no_noise_floor():
    _, found = over_batches(LINE, InverseTimeDecay(0.1, decay=1 / 64), 1, 100)
    assert found.kind is Kind.CONVERGED


def test_a_slow_descent_over_batches_is_no_noise_floor():
    assert over_batches(LINE, 1e-4, 1, 3)[1].kind is Kind.CRAWLING
    ravine = SAMPLES["flats"].samples()
    ravine = LinearRegression(ravine.x, ravine.y)
    assert over_batches(ravine, 5e-4, 8, 20, start=(0, 0))[1].kind is Kind.DESCENDING
    # The noise across a ravine hides for a while that the run goes on along it.
    geyser = SAMPLES["old_faithful"].samples()
    geyser = LinearRegression(geyser.x, geyser.y)
    assert over_batches(geyser, 0.02, 8, 10, start=(0, 0))[1].kind is Kind.DESCENDING
    assert over_batches(geyser, 0.02, 8, 60, start=(0, 0))[1].kind is Kind.NOISE_FLOOR


def test_all_samples_have_no_noise():
    assert over_batches(LINE, 0.3, 64, 200)[1].kind is Kind.CONVERGED
    assert over_batches(LINE, 0.05, 64, 200, RMSProp())[1].kind is not Kind.NOISE_FLOOR


def test_a_rate_that_only_a_batch_cannot_bear_is_told_so():
    _, found = over_batches(LINE, 0.9, 1, 20)
    assert found.kind is Kind.DIVERGED
    largest = max(np.linalg.eigvalsh(LINE.batch([i]).hessian((0, 0)))[-1] for i in range(64))
    assert found.values["curvature"] <= largest * (1 + 1e-12)
    assert found.values["limit"] == pytest.approx(2 / found.values["curvature"])
    assert found.values["limit"] < 0.9 < 1  # the border of all samples, whose λ is 2
    assert "that of a batch" in found.text
    assert over_batches(LINE, found.learning_rate, 1, 20)[1].kind is not Kind.DIVERGED


# Units


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0, 1e6])
def test_the_finding_does_not_depend_on_the_unit_of_the_loss(scale):
    bowl = formula(f"{scale} * (x^2 + 10 y^2) / 2")

    def kind(learning_rate, steps):
        stop = Stopping.suiting(bowl, (-4, 1.5))
        return finding(bowl, (-4, 1.5), GradientDescent(), learning_rate / scale, steps, stop).kind

    assert kind(0.19, 300) is Kind.CONVERGED
    assert kind(0.21, 150) is Kind.DIVERGED
    assert kind(0.001, 100) is Kind.CRAWLING


def test_samples_in_tiny_units_are_not_at_their_minimum_already():
    line = LinearRegression([-1e-12, 0.0, 1e-12], [1e-12, 2e-12, 3e-12])
    stop = Stopping.suiting(line, (0, 0))
    run = descend(line, start=(0, 0), learning_rate=0.4, max_steps=50, stop=stop)
    assert run.stop.step > 0
    assert "already" not in diagnose(run).text
    assert "already" in diagnose(descend(line, start=line.minimum, stop=stop)).text


def test_what_grows_out_of_rounding_has_not_diverged():
    exact = SAMPLES["five_points"].samples()
    exact = LinearRegression(exact.x, exact.y)
    run = descend(exact, start=(2 + 1e-9, 0), learning_rate=0.086, max_steps=300, stop=Stopping(gradient=0))
    assert 1e-17 < run.loss[0] < run.loss[-1] < 1e-6
    assert diagnose(run).kind is not Kind.DIVERGED


def test_a_slope_without_end_is_not_called_slow():
    for text in ("x", "x + y", "x*y", "x^2 - y^2", "x^2 + y"):
        found = finding(formula(text), (-3, 2.4), GradientDescent(), 0.001, 100)
        assert found.kind is Kind.DESCENDING
        assert not found.advice


@pytest.mark.parametrize(("optimizer", "learning_rate"), [(GradientDescent(), 5.0), (Adam(), 0.05), (Newton(), 0.01)])
def test_where_there_is_no_minimum_no_rate_is_advised_that_leads_out_of_sight(optimizer, learning_rate):
    objective, start = formula("1/(x^2 + y^2)"), (-3.0, 2.4)
    found = finding(objective, start, optimizer, learning_rate, 300, Stopping.suiting(objective, start))
    assert found.kind is Kind.DESCENDING
    assert not found.advice
    assert "still falling" in found.text
    assert "for x from -6 to 6 and y from -6 to 6 no minimum was found" in found.text


def test_a_rate_that_leads_to_a_minimum_out_of_sight_is_advised():
    objective = formula("(x - 1e5)^2 + y^2")
    found = finding(objective, (-3.0, 2.4), GradientDescent(), 1e-4, 300)
    assert found.kind is Kind.CRAWLING
    assert found.values["better_loss"] < 1e-4 * found.values["loss"]
    assert "no minimum" not in found.text


@pytest.mark.parametrize(
    "text", ["abs(x) + abs(y)", "x^2", "abs(x)", "max(1 - x, 0)", "max(abs(x) - 1, 0)", "max(1 - x - y, 0)"]
)
def test_a_minimum_that_is_a_tip_a_line_or_a_floor_is_not_denied(text):
    for start in ((-3.0, 2.4), (0.3, 50.0)):
        for rate in (1e-5, 0.01):
            assert "no minimum" not in finding(formula(text), start, GradientDescent(), rate, 100).text


@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum(), Adam()])
@pytest.mark.parametrize("learning_rate", [50, 2e3, 5e4])
def test_no_advice_leads_higher_than_the_run_came(optimizer, learning_rate):
    objective, start = formula("1/(x^2 + y^2)"), (-3.0, 2.4)
    stop = Stopping.suiting(objective, start)
    run = descend(objective, start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=300, stop=stop)
    found = diagnose(run)
    assert found.learning_rate is None or found.values["better_loss"] < run.loss[-1]
