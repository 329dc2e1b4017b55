"""What the scenarios tell is so, to the step.

A run has arrived at the first step at which the loss is less than 1e-3 above the minimum, and settled at the first from
which on it stays there.
"""

import numpy as np
import pytest

import landscape as ls

ENDLESS = ls.Stopping(gradient=0, divergence=1e300)
ROOT = 0.5**0.5

STABILITY, RAVINE = "1/2(x^2 + 10y^2)", "1/2(x^2 + 25y^2)"
ROSENBROCK, HIMMELBLAU = "(1 - x)^2 + 100(y - x^2)^2", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
SADDLE = "x^2/2 - y^2/2 + y^4/4"
BEALE = "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2"
PLATEAU, TWO_WELLS = "1 - exp(-(x^2 + y^2)/2)", "x^4/4 - x^2 + 0.3x + y^2/2"
ALONG, TURNED = "1/2(x^2 + 50y^2)", "1/4((x + y)^2 + 50(y - x)^2)"

DESCENT, ADAM, RMSPROP = ls.GradientDescent(), ls.Adam(), ls.RMSProp(alpha=0.9)


def run(text, start, optimizer, learning_rate, steps=1500):
    return ls.descend(
        ls.formula(text), start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=steps, stop=ENDLESS
    )


def arrived(run, minimum=0.0):
    return first(run.loss - minimum < 1e-3)


def settled(run, minimum=0.0):
    below = run.loss - minimum < 1e-3
    return first(np.logical_and.accumulate(below[::-1])[::-1])


def first(true):
    return int(true.argmax()) if true.any() else None


def test_1_speed_limit():
    start = (-4, 1.5)
    assert arrived(run(STABILITY, start, DESCENT, 0.19)) == 45
    assert arrived(run(STABILITY, start, DESCENT, 2 / 11)) == 25
    border = run(STABILITY, start, DESCENT, 0.2)
    np.testing.assert_allclose(abs(border.theta[1]), 1.5)
    beyond = run(STABILITY, start, DESCENT, 0.21)
    assert (np.diff(beyond.loss[1:200]) > 0).all()
    assert first(abs(beyond.theta[1]) > 3) == 8
    assert first(beyond.loss > 1e6) == 60
    assert first(abs(beyond.theta[1]) > 1e6) == 141


def test_2_ravine():
    zigzag = run(RAVINE, (-4, 1), DESCENT, 0.076)
    assert arrived(zigzag) == 58
    assert (zigzag.theta[1, :40] * zigzag.theta[1, 1:41] < 0).all()
    assert arrived(run(RAVINE, (-4, 1), ls.Momentum(0.7), 0.04)) == 28
    assert settled(run(RAVINE, (-4, 1), ls.Nesterov(0.8), 0.04)) == 28


@pytest.mark.parametrize(
    ("momentum", "steps"), [(0.7, (28, 28)), (0.9, (71, 94)), (0.95, (134, 190)), (0.99, (665, 988))]
)
def test_3_too_heavy_a_ball(momentum, steps):
    ball = run(RAVINE, (-4, 1), ls.Momentum(momentum), 0.04)
    assert (arrived(ball), settled(ball)) == steps


def test_3_border_of_momentum():
    assert run(RAVINE, (-4, 1), ls.Momentum(0.9), 0.15).loss[-1] < 1e-30
    assert run(RAVINE, (-4, 1), ls.Momentum(0.9), 0.153).loss[-1] > 1e30


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "steps"),
    [(DESCENT, 0.001, 7156), (ls.Momentum(), 0.001, 666), (ls.Nesterov(), 0.001, 557), (ADAM, 0.1, 638)],
)
def test_4_valley(optimizer, learning_rate, steps):
    assert arrived(run(ROSENBROCK, (-1.5, 2), optimizer, learning_rate, steps=steps + 1)) == steps


def test_4_too_fast_for_the_valley():
    assert first(abs(run(ROSENBROCK, (-1.5, 2), DESCENT, 0.003, steps=6).theta).max(axis=0) > 1e6) == 5
    explosion = ls.descend(ls.formula(ROSENBROCK), start=(-1.5, 2), learning_rate=0.003)
    assert (explosion.stop.reason, explosion.stop.step) == (ls.StopReason.DIVERGED, 4)  # its loss already is 6e13


@pytest.mark.parametrize(("optimizer", "steps"), [(DESCENT, (158, 158)), (ls.Momentum(), (73, 99)), (ADAM, (53, 72))])
def test_5_saddle(optimizer, steps):
    on_the_ridge = run(SADDLE, (-2, 0), optimizer, 0.1, steps=400)
    assert on_the_ridge.loss[-1] == pytest.approx(0)  # 0.25 above the minima
    assert (on_the_ridge.theta[1] == 0).all()
    beside = run(SADDLE, (-2, 1e-6), optimizer, 0.1, steps=400)
    assert (arrived(beside, -0.25), settled(beside, -0.25)) == steps


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "valley", "steps"),
    [
        (DESCENT, 0.01, (3, 2), (25, 25)),
        (ls.Momentum(), 0.01, (3.5844, -1.8481), (98, 114)),
        (ADAM, 0.1, (-2.8051, 3.1313), (111, 121)),
    ],
)
def test_6_which_valley(optimizer, learning_rate, valley, steps):
    path = run(HIMMELBLAU, (0.4, 4.1), optimizer, learning_rate, steps=125)
    assert path.theta[:, -1] == pytest.approx(valley, abs=0.01)
    assert (arrived(path), settled(path)) == steps


def test_6_four_starts_four_valleys():
    paths = [run(HIMMELBLAU, start, DESCENT, 0.01, 125) for start in ((1, 1), (-1, 1), (1, -1.5), (-1, -1.5))]
    assert len({tuple(path.theta[:, -1].round(2)) for path in paths}) == 4
    assert [arrived(path) for path in paths] == [15, 10, 17, 10]


def test_7_cliff():
    start = (1.5, 2)
    never = run(BEALE, start, ls.AdaGrad(), 0.5, steps=2000)
    assert np.hypot(*never.gradient[:, 0]) == pytest.approx(608, abs=0.5)
    assert never.loss[-1] == pytest.approx(4.3e-3, abs=5e-5)
    assert arrived(run(BEALE, start, RMSPROP, 0.01)) == 443
    assert arrived(run(BEALE, start, ADAM, 0.1)) == 878
    assert arrived(run(BEALE, start, DESCENT, 0.005)) == 1151
    explosion = ls.descend(ls.formula(BEALE), start=start, learning_rate=0.01)
    assert (explosion.stop.reason, explosion.stop.step) == (ls.StopReason.DIVERGED, 3)


def test_8_never_still():
    coarse = run(STABILITY, (-4, 1.5), RMSPROP, 0.2)
    np.testing.assert_allclose(abs(coarse.theta[:, -50:]), 0.1, rtol=1e-3)
    np.testing.assert_allclose(coarse.loss[-50:], 0.055, rtol=1e-3)
    np.testing.assert_allclose(run(STABILITY, (-4, 1.5), RMSPROP, 0.05).loss[-50:], 0.0034375, rtol=1e-3)
    assert settled(run(STABILITY, (-4, 1.5), RMSPROP, ls.ExponentialDecay(0.2, factor=0.98))) == 109


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "steps"),
    [
        (DESCENT, 0.1, (672, 672)),
        (ls.Momentum(), 0.1, (109, 155)),
        (ADAM, 0.1, (48, 76)),
        (RMSPROP, 0.05, (43, 156)),
    ],
)
def test_9_plateau(optimizer, learning_rate, steps):
    path = run(PLATEAU, (3, 2), optimizer, learning_rate)
    assert np.hypot(*path.gradient[:, 0]) == pytest.approx(0.0054, abs=5e-5)
    assert (arrived(path), settled(path)) == steps


def test_10_two_wells():
    lowest = ls.formula(TWO_WELLS)((-1.4839678912, 0.0))
    for optimizer, learning_rate in ((DESCENT, 0.05), (ls.Momentum(0.8), 0.05), (ADAM, 0.1)):
        stuck = run(TWO_WELLS, (2.3, 1.5), optimizer, learning_rate)
        assert stuck.theta[0, -1] == pytest.approx(1.33, abs=0.005)
        assert stuck.loss[-1] - lowest == pytest.approx(0.847, abs=5e-4)
    over = run(TWO_WELLS, (2.3, 1.5), ls.Momentum(0.9), 0.05)
    assert over.theta[0, -1] == pytest.approx(-1.484, abs=5e-4)
    assert (arrived(over, lowest), settled(over, lowest)) == (49, 79)


@pytest.mark.parametrize(
    ("optimizer", "learning_rate", "along", "turned"),
    [
        (ADAM, 0.1, (95, 95), (248, 248)),
        (ls.AdaGrad(), 0.5, (86, 86), (365, 365)),
        (DESCENT, 0.0384, (115, 115), (115, 115)),
        (ls.Momentum(), 0.02, (80, 100), (80, 100)),
    ],
)
def test_11_rotated(optimizer, learning_rate, along, turned):
    straight = run(ALONG, (-4, 1), optimizer, learning_rate)
    oblique = run(TURNED, (ROOT * (-4 - 1), ROOT * (-4 + 1)), optimizer, learning_rate)
    assert (arrived(straight), settled(straight)) == along
    assert (arrived(oblique), settled(oblique)) == turned
