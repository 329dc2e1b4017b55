"""Every question of the Batches page: it can be answered, and its answer is what its runs do."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.analysis.arrival import arrival
from landscape.analysis.efficiency import efficiency
from landscape.analysis.gradient_cloud import gradient_spread
from landscape.descent.descend import descend
from landscape.descent.stopping import StopReason
from landscape.locale.sentence import filled
from landscape.objectives.regression import LinearRegression
from landscape.objectives.samples import SAMPLES, standardize
from landscape.pages.batches.scenarios import SCENARIOS, facts
from landscape.pages.batches.scene import Scene
from landscape.pages.batches.settings import Settings
from landscape.pages.run_settings import MOST_RUNS

each = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def runs(scenario):
    return [descent.trajectory for descent in Scene(scenario.settings).descents]


def answer(scenario):
    return filled(scenario.answer, **facts(scenario.settings))


def test_there_are_at_least_five_and_the_keys_are_theirs():
    assert len(SCENARIOS) >= 5
    assert [scenario.key for scenario in SCENARIOS.values()] == [*SCENARIOS]
    assert len({scenario.title for scenario in SCENARIOS.values()}) == len(SCENARIOS)


@each
def test_a_scenario_sets_the_whole_page(scenario):
    before = Settings(lang="zh-Hant", projector=True, data="cars", lines=7, revealed=True, scaled=True)
    opened = scenario.opened(before)
    assert opened == replace(scenario.settings, scenario=scenario.key, lang="zh-Hant", projector=True)
    assert Settings.read(opened.address()) == (opened, [])


@each
def test_its_runs_can_be_seen_beginning(scenario):
    scene = Scene(scenario.settings)
    assert 1 <= len(scenario.settings.runs) <= MOST_RUNS
    (left, right), (bottom, top) = scene.view
    x, y = scene.start
    assert left < x < right
    assert bottom < y < top
    assert all(run.learning_rate is not None for run in scenario.settings.runs)


def excess(run):
    return run.loss - run.objective(run.objective.minimum)


def who_wins(whole, sixteen, single):
    """The numbers of the plan: 33 updates = 2112 samples, 33 = 528, 31 = 31 at half of twice the loss."""
    firsts = [int(np.argmax(excess(run) < 0.02)) for run in (whole, sixteen, single)]
    assert firsts == [33, 33, 31]
    assert [int(run.batches.seen(first)) for run, first in zip((whole, sixteen, single), firsts, strict=True)] == [
        2112,
        528,
        31,
    ]
    # The page counts to the same loss.
    rows = [efficiency(run, SCENARIOS["who_wins"].settings.target, 1.0) for run in (whole, sixteen, single)]
    assert [row.reached["updates"] for row in rows] == firsts
    assert "below a loss of 0.3051, 0.02 above" in SCENARIOS["who_wins"].answer


def noise_floor(sixteen, four, single):
    """Against the mean over the second half of each run, for seeds of its own."""
    for run, floor in ((sixteen, 2e-4), (four, 2.6e-3), (single, 2.2e-2)):
        size = run.batches.batch_size
        ends = [
            excess(
                descend(
                    run.objective,
                    start=run.theta[:, 0],
                    learning_rate=0.05,
                    batch_size=size,
                    epochs=100,
                    seed=seed,
                )
            )[-run.stop.step // 2 :].mean()
            for seed in range(30)
        ]
        assert np.mean(ends) == pytest.approx(floor, rel=0.1)


def decay(constant, decaying):
    assert excess(constant)[-3200:].mean() > 1e-2
    assert excess(decaying)[-3200:].mean() < 2e-5
    assert decaying.learning_rate[64] == pytest.approx(0.025)


def batch_noise(single, four, sixteen):
    spread = gradient_spread(single.objective, single.theta[:, 0])
    by_size = dict(zip(spread.batch_size.tolist(), spread.measured, strict=True))
    assert by_size[1] / by_size[4] == pytest.approx(2, rel=0.1)
    assert by_size[1] / by_size[16] > 4
    draws = np.random.default_rng(0)
    gradients = single.objective.sample_gradients(single.theta[:, 0])
    means = [gradients[draws.permutation(64)[:4]].mean(axis=0) for _ in range(4000)]
    error = np.hypot(*(np.array(means) - gradients.mean(axis=0)).T)
    assert np.sqrt(np.mean(error**2)) == pytest.approx(by_size[4], rel=0.1)


def outlier(whole, single):
    x, y = np.arange(1.0, 6.0), np.array([2.0, 4.0, 6.0, 8.0, 2.0])
    assert whole.objective.minimum == pytest.approx(np.polyfit(x, y, 1))
    assert LinearRegression(x, y, loss="absolute").minimum == pytest.approx((2, 0), abs=1e-9)
    np.testing.assert_allclose(whole.theta[:, -1], (0.4, 3.2), atol=0.05)


def scaling(slow, diverging):
    assert arrival(slow, 2e-3).first == 2056
    assert diverging.stop.reason is StopReason.DIVERGED
    assert np.linalg.cond(slow.objective.hessian((0.0, 0.0))) == pytest.approx(1163, abs=0.5)
    flats = SAMPLES["flats"].samples()
    scaled = LinearRegression(standardize(flats.x).x, flats.y)
    quick = descend(scaled, start=(0, 0), learning_rate=0.15)
    assert arrival(quick, 2e-3).first == 13


def sparse(whole, eight):
    weights = whole.objective.minimum
    assert weights[0] > 0.1
    assert weights[1] == 0
    assert min(Scene(Settings(data="overlapping", l2=0.3)).objective.minimum) > 0.1


CLAIMS = [who_wins, noise_floor, decay, batch_noise, outlier, scaling, sparse]


@each
def test_its_answer_is_what_its_runs_do(scenario):
    claims = {claim.__name__: claim for claim in CLAIMS}
    claims[scenario.key](*runs(scenario))


QUOTED = {
    "who_wins": ["33 with the whole batch", "33 with 16", "31 with one", "2112 samples", "528,", "at 31: 0.48 of"],
    "noise_floor": ["0.00019 above", "0.0026 with 4", "0.022 with one"],
    "decay": ["0.022 above", "1 × 10⁻⁵ with"],
    "batch_noise": ["12.4 with 1 sample", "5.77 with 4", "2.6 with 16"],
    "outlier": ["weight 0.4 and bias 3.2", "weight 2 and bias 0:"],
    "scaling": [
        "is 1163,",
        "= 0.00866",
        "2056 updates to get within 0.002",
        "update 46",
        "is 1, and 0.15 takes 13 updates:",
    ],
    "sparse": ["1.89 and 1.07", "0.32 and 0,", "0.415 and 0.263"],
}


@each
def test_its_answer_quotes_them(scenario):
    text = answer(scenario)
    assert [quote for quote in QUOTED[scenario.key] if quote not in text] == []
