"""Every scenario of the page: what it asks can be answered, and its answer is what its runs do."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.analysis.arrival import arrival
from landscape.descent.stopping import StopReason
from landscape.locale.sentence import filled
from landscape.objectives.functions import FUNCTIONS
from landscape.pages.explore.scenarios import SCENARIOS, facts
from landscape.pages.explore.scene import Scene
from landscape.pages.explore.settings import Settings
from landscape.pages.run_settings import MOST_RUNS

each = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def runs(scenario):
    return [descent.trajectory for descent in Scene(scenario.settings).descents]


def answer(scenario):
    return filled(scenario.answer, **facts(runs(scenario)))


def test_there_are_at_least_eight_and_the_keys_are_theirs():
    assert len(SCENARIOS) >= 8
    assert [scenario.key for scenario in SCENARIOS.values()] == [*SCENARIOS]
    assert len({scenario.title for scenario in SCENARIOS.values()}) == len(SCENARIOS)


@each
def test_a_scenario_sets_the_whole_page(scenario):
    before = Settings(
        lang="zh-Hant", projector=True, function="beale", lines=7, revealed=True, view=(0.0, 1.0, 0.0, 1.0)
    )
    opened = scenario.opened(before)
    assert opened == replace(scenario.settings, scenario=scenario.key, lang="zh-Hant", projector=True)
    assert scenario.opened(opened) == opened


@each
def test_its_runs_can_be_seen_beginning(scenario):
    settings = scenario.settings
    assert 1 <= len(settings.runs) <= MOST_RUNS
    left, right, bottom, top = Scene(settings).view
    for run in settings.runs:
        assert run.learning_rate is not None
        x, y = run.start or settings.start or FUNCTIONS[settings.function].start
        assert left < x < right
        assert bottom < y < top


def within(run, *point):
    return np.hypot(*(run.theta[:, -1] - point)) < 0.02


def which_valley(descent, momentum, adam):
    assert within(descent, 3, 2)
    assert within(momentum, 3.5844, -1.8481)
    assert within(adam, -2.8051, 3.1313)


def speed_limit(below, at, above):
    assert arrival(below).settled == 45
    assert np.diagonal(at.objective.hessian((0, 0))).max() == 10
    np.testing.assert_allclose(abs(at.theta[1]), 1.5)
    assert arrival(at).first is None
    lengths = np.hypot(*np.diff(above.theta))
    assert (np.diff(lengths) > 0).all()


def ravine(descent, momentum, nesterov):
    assert (descent.theta[1, :40] * descent.theta[1, 1:41] < 0).all()
    assert (arrival(descent).settled, arrival(momentum).settled, arrival(nesterov).settled) == (58, 28, 28)


def heavy_ball(*balls):
    assert [ball.optimizer.momentum for ball in balls] == [0.7, 0.9, 0.95, 0.99]
    assert [arrival(ball).settled for ball in balls] == [28, 94, 190, 988]


def valley(descent, *with_memory):
    assert arrival(descent).first == 7156
    assert [arrival(run).first for run in with_memory] == [666, 557, 638]


def saddle(descent, adam, beside):
    for run in (descent, adam):
        assert (run.theta[1] == 0).all()
        assert run.loss[-1] == pytest.approx(0)
    assert beside.loss[-1] == pytest.approx(-0.25)
    assert tuple(beside.theta[:, 0]) == (-2, 1e-6)
    assert type(beside.optimizer) is type(descent.optimizer)
    assert arrival(beside).first == 158


def cliff(adagrad, rmsprop, adam, descent):
    assert np.hypot(*adagrad.gradient[:, 0]) == pytest.approx(608, abs=0.5)
    assert (arrival(rmsprop).first, arrival(adam).first, arrival(adagrad).first) == (443, 878, None)
    assert adagrad.loss[-1] == pytest.approx(4.3e-3, abs=5e-5)
    assert (descent.stop.reason, descent.stop.step) == (StopReason.DIVERGED, 3)


def never_still(coarse, fine, decaying):
    for run, rate, loss in ((coarse, 0.2, 0.055), (fine, 0.05, 0.0034)):
        np.testing.assert_allclose(abs(np.diff(run.theta[:, -50:])), rate, rtol=0.1)
        assert run.loss[-1] == pytest.approx(loss, rel=0.02)
        assert arrival(run).settled is None
    assert arrival(decaying).settled == 109


def plateau(descent, momentum, adam):
    assert np.hypot(*descent.gradient[:, 0]) == pytest.approx(0.0054, abs=5e-5)
    assert [arrival(run).first for run in (descent, momentum, adam)] == [672, 109, 48]


def two_wells(descent, light, adam, heavy):
    for run in (descent, light, adam):
        assert run.theta[0, -1] == pytest.approx(1.33, abs=0.005)
        assert run.loss[-1] - heavy.loss[-1] == pytest.approx(0.847, abs=5e-4)
    assert (light.optimizer.momentum, heavy.optimizer.momentum) == (0.8, 0.9)
    assert heavy.theta[0, -1] == pytest.approx(-1.484, abs=5e-4)


def rotated(adam, adagrad, descent, momentum):
    assert [arrival(run).first for run in (adam, adagrad, descent, momentum)] == [248, 365, 115, 80]


CLAIMS = [
    which_valley,
    speed_limit,
    ravine,
    heavy_ball,
    valley,
    saddle,
    cliff,
    never_still,
    plateau,
    two_wells,
    rotated,
]


@each
def test_its_answer_is_what_its_runs_do(scenario):
    claims = {claim.__name__: claim for claim in CLAIMS}
    claims[scenario.key](*runs(scenario))


QUOTED = {
    "which_valley": ["(3, 2)", "(3.59, −1.84)", "(−2.8, 3.13)"],
    "speed_limit": ["step 45 ", "|y| = 1.5 "],
    "ravine": [" 58 steps", "momentum with β = 0.7 28,", "Nesterov with β = 0.8 28."],
    "heavy_ball": ["step 28 ", "from 94,", "from 190,", "from 988:"],
    "valley": ["step 7156", "momentum 666", "Nesterov 557", "Adam 638"],
    "saddle": [" 0.25 above", "step 158"],
    "cliff": ["step 443 ", "step 878.", "after 2000 steps its loss is still 0.0043 above", "explodes at step 3."],
    "never_still": [" 0.055;", " 0.0034;", "step 109 "],
    "plateau": ["step 672", "momentum 109", "Adam 48"],
    "two_wells": ["x = −1.484", "x = 1.33", "0.847 above"],
    "rotated": ["step 248 (Adam)", "365 (AdaGrad)", "95 and 86", "(115)", "(80)"],
}


@each
def test_its_answer_quotes_them(scenario):
    text = answer(scenario)
    assert [quote for quote in QUOTED[scenario.key] if quote not in text] == []
