"""What runs over batches cost: counts by definition, scenario 12's winners, and times that are really measured."""

import time
from itertools import count

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.efficiency import positions, winners
from landscape.objectives.samples import SAMPLES


def noisy(**arguments):
    samples = SAMPLES["noisy_line"].samples()
    return ls.LinearRegression(samples.x, samples.y, **arguments)


def race(*sizes, learning_rate=0.05, **arguments):
    loss = noisy()
    return [
        ls.descend(loss, start=(-1.5, 2.5), learning_rate=learning_rate, epochs=100, batch_size=size, **arguments)
        for size in sizes
    ]


def test_scenario_12_who_wins_on_which_axis():
    """Twice the tolerance, for the scenario's loss has a ½ before the square."""
    runs = race(64, 16, 1)
    target = float(runs[0].objective(runs[0].objective.minimum)) + 0.02
    rows = [ls.efficiency(run, target, seconds) for run, seconds in zip(runs, (4e-5, 3e-5, 2e-5), strict=True)]
    assert [row.reached["updates"] for row in rows] == [33, 33, 31]
    assert [row.reached["samples"] for row in rows] == [2112, 528, 31]
    assert [row.reached["epochs"] for row in rows] == [33, 8.25, 31 / 64]
    assert [row.reached["seconds"] for row in rows] == pytest.approx([33 * 4e-5, 33 * 3e-5, 31 * 2e-5])
    assert [row.updates_per_epoch for row in rows] == [1, 4, 64]
    assert [row.memory for row in rows] == [64 * 16, 16 * 16, 16]
    assert winners(rows) == dict.fromkeys(ls.AXES, (2,))
    assert winners(rows[:2]) == {"updates": (0, 1), "epochs": (1,), "samples": (1,), "seconds": (1,)}


def test_noise_grows_as_batches_shrink():
    rows = [ls.efficiency(run, 0.0, 1.0) for run in race(64, 16, 4, 1)]
    noise = [row.noise for row in rows]
    assert noise[0] < 1e-6
    assert noise == sorted(noise)
    late = race(4)[0].loss[-401:]
    assert rows[2].noise == pytest.approx(np.std(late), rel=1e-12)
    assert all(row.reached is None for row in rows)
    assert winners(rows) == dict.fromkeys(ls.AXES, ())


def test_positions_count_short_batches_as_they_are():
    (run,) = race(24)
    axes = positions(run, 0.5)
    assert tuple(axes) == ls.AXES
    assert axes["updates"].tolist() == list(range(301))
    assert axes["samples"][:5].tolist() == [0, 24, 48, 64, 88]
    assert axes["epochs"][[3, 4, -1]].tolist() == [1, 1.375, 100]
    assert axes["seconds"][-1] == 150


def test_the_target_is_a_part_of_the_way_above_the_minimum():
    runs = race(64, 1)
    start, lowest = runs[0].loss[0], runs[0].objective(runs[0].objective.minimum)
    assert ls.target_loss(runs) - lowest == pytest.approx(0.01 * (start - lowest))
    assert ls.target_loss(runs, part=1) == pytest.approx(start)
    apart = ls.LogisticRegression([-2.0, -1, 1, 2], [0, 0, 1, 1])  # whose loss falls for ever
    runs = [ls.descend(apart, start=(0, 0), epochs=50, batch_size=size, learning_rate=0.1) for size in (4, 1)]
    assert ls.target_loss(runs, part=0) == min(run.loss.min() for run in runs)


def test_a_sample_with_two_features_is_larger():
    loss = ls.LinearRegression(np.eye(4, 2), np.ones(4))
    assert ls.efficiency(ls.descend(loss, start=(0, 0), epochs=2, batch_size=3), 0.1, 1.0).memory == 3 * 24


@pytest.mark.parametrize("optimizer", [ls.GradientDescent(), ls.Adam(), ls.LBFGS()])
def test_an_update_is_timed(optimizer):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(200_000)
    loss = ls.LinearRegression(x, 2 * x + rng.standard_normal(200_000))
    sizes = (200_000,) if isinstance(optimizer, ls.LBFGS) else (200_000, 20)
    runs = [ls.descend(loss, start=(1, 1), optimizer=optimizer, max_steps=20, batch_size=size) for size in sizes]
    before = time.perf_counter()
    seconds = ls.seconds_per_update(runs)
    assert all(0 < each < time.perf_counter() - before for each in seconds)
    assert seconds[0] == max(seconds)  # ten thousand times the samples


@pytest.mark.parametrize(
    "slow", [range(1), range(20, 22), (3, 40)], ids=["first update", "two in a row", "now and then"]
)
def test_a_computer_that_hesitates_makes_no_update_slower(slow, monkeypatch):
    (run,) = race(8)
    calls, gradient = count(), ls.LinearRegression.batch_gradient

    def hesitant(loss, theta, batch):
        if next(calls) in slow:
            time.sleep(0.1)  # longer than anybody waits for all rounds
        return gradient(loss, theta, batch)

    monkeypatch.setattr(ls.LinearRegression, "batch_gradient", hesitant)
    assert ls.seconds_per_update([run])[0] < 0.1 / 16 / 2


def test_runs_take_turns_so_that_a_busy_moment_is_no_runs_alone(monkeypatch):
    sizes, gradient = [], ls.LinearRegression.batch_gradient

    def noted(loss, theta, batch):
        sizes.append(len(batch))
        return gradient(loss, theta, batch)

    runs = race(16, 1)
    monkeypatch.setattr(ls.LinearRegression, "batch_gradient", noted)
    ls.seconds_per_update(runs)
    assert sizes[:48] == [16] * 16 + [1] * 16 + [16] * 16


def test_no_run_wins_by_a_time_that_chance_may_have_measured():
    rows = [ls.efficiency(run, 0.5, seconds) for run, seconds in zip(race(8, 8, 8), (2.1e-5, 2e-5, 3e-5), strict=True)]
    assert winners(rows) == {"updates": (0, 1, 2), "epochs": (0, 1, 2), "samples": (0, 1, 2), "seconds": (0, 1)}


def test_runs_that_diverge_or_stand_have_numbers_too():
    (thrown,) = race(1, learning_rate=9)
    row = ls.efficiency(thrown, 0.5, ls.seconds_per_update([thrown])[0])
    assert row.reached is None
    assert row.noise > 1
    standing = ls.descend(noisy(), start=(-1.5, 2.5), epochs=0)
    assert ls.seconds_per_update([standing]) == [0]
    assert ls.efficiency(standing, 1e9, 0.0).reached == dict.fromkeys(ls.AXES, 0)
    assert ls.efficiency(standing, 1e9, 0.0).noise == 0
    far = ls.descend(noisy(), start=(1e200, 0), epochs=1, batch_size=1)
    assert np.isnan(ls.efficiency(far, 0.5, 1.0).noise)


def test_a_run_without_batches_is_refused():
    run = ls.descend(noisy(), start=(0, 0), max_steps=3)
    for ask in (lambda: ls.efficiency(run, 0, 1), lambda: positions(run, 1), lambda: ls.seconds_per_update([run])):
        with pytest.raises(ValueError, match="This run has no batches"):
            ask()
