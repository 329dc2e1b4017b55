"""Many seeds side by side: each lane is the run that descend makes, and the noise floors are those of scenario 12."""

import numpy as np
import pytest

import landscape as ls
from landscape.descent.optimizers import Elementwise
from landscape.objectives.samples import SAMPLES

FIRST_ORDER = [optimizer() for optimizer in ls.OPTIMIZERS.values() if issubclass(optimizer, Elementwise)]
START = (-1.5, 2.5)


def noisy(kind="squared", **arguments):
    samples = SAMPLES["noisy_line"].samples()
    if kind == "logistic":
        return ls.LogisticRegression(samples.x, samples.y > 0, **arguments)
    return ls.LinearRegression(samples.x, samples.y, kind, **arguments)


def assert_lanes_are_runs(many, loss, **arguments):
    for lane, seed in enumerate(many.seeds):
        run = ls.descend(loss, start=START, seed=seed, stop=ls.Stopping(gradient=0), **arguments)
        np.testing.assert_allclose(many.theta[:, lane], run.theta, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(many.loss[lane], run.loss, rtol=1e-9)


@pytest.mark.parametrize("optimizer", FIRST_ORDER, ids=lambda optimizer: optimizer.name)
def test_every_lane_is_the_run_with_its_seed(optimizer):
    arguments = {"optimizer": optimizer, "learning_rate": ls.CosineDecay(0.05, steps=40), "epochs": 4, "batch_size": 10}
    many = ls.repeats(noisy(), start=START, seeds=3, **arguments)
    assert many.theta.shape == (2, 3, 29)
    assert many.seeds == (0, 1, 2)
    assert_lanes_are_runs(many, noisy(), **arguments)


@pytest.mark.parametrize("kind", ["squared", "absolute", "huber", "logistic"])
@pytest.mark.parametrize("arguments", [{}, {"reshuffle": False}, {"replacement": True}])
@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_lanes_are_runs_whatever_the_loss_and_the_sampling(kind, arguments, batch_size):
    loss = noisy(kind, l2=0.1, l1=0.05)
    arguments = arguments | {"learning_rate": 0.05, "max_steps": 90, "batch_size": batch_size}
    many = ls.repeats(loss, start=START, seeds=[5, 17], **arguments)
    assert_lanes_are_runs(many, loss, **arguments)
    assert many.batches.seed == 5
    assert (many.end == many.theta[:, :, -1]).all()


@pytest.mark.parametrize("optimizer", [ls.Newton(), ls.LBFGS(), ls.Momentum()])
def test_the_whole_batch_has_no_noise(optimizer):
    many = ls.repeats(noisy(), start=START, optimizer=optimizer, learning_rate=0.3, epochs=60, batch_size=64, seeds=4)
    assert many.theta.shape == (2, 4, 61)
    assert (many.theta == many.theta[:, :1]).all()
    assert (many.quartiles == many.loss[0]).all()


def test_quartiles_are_of_the_runs_at_each_update():
    many = ls.repeats(noisy(), start=START, learning_rate=0.05, epochs=3, batch_size=8, seeds=9)
    low, median, high = many.quartiles
    ordered = np.sort(many.loss, axis=0)
    np.testing.assert_allclose([low, median, high], ordered[[2, 4, 6]])


@pytest.mark.parametrize(("batch_size", "floor"), [(16, 1e-4), (4, 1.3e-3), (1, 1.1e-2)])
def test_scenario_12_noise_floors(batch_size, floor):
    """Half the learning rate and half the excess: the scenario's loss has a ½ before the square."""
    many = ls.repeats(noisy(), start=START, learning_rate=0.05, epochs=100, batch_size=batch_size, seeds=20)
    assert many.floor is not None
    assert many.floor / 2 == pytest.approx(floor, rel=0.04)
    second_half = slice(50 * len(many.batches) // 100, None)
    excess = many.loss - noisy()(noisy().minimum)
    assert many.floor == pytest.approx(excess[:, second_half].mean(), rel=1e-9)


def test_scenario_12_decay_removes_the_floor():
    schedule = ls.InverseTimeDecay(0.05, decay=1 / 64)
    many = ls.repeats(noisy(), start=START, learning_rate=schedule, epochs=100, batch_size=1, seeds=20)
    loss = noisy()
    excess = (many.loss - loss(loss.minimum)) / 2
    assert excess[:, -64:].mean() == pytest.approx(2.4e-6, rel=0.02)


def test_runs_that_overflow_count_as_infinite():
    with np.errstate(all="raise"):
        many = ls.repeats(noisy(), start=START, learning_rate=3.0, epochs=60, batch_size=4, seeds=5)
        assert (many.loss[:, -1] == np.inf).all()
        assert (many.quartiles[:, -1] == np.inf).all()
    assert many.floor == np.inf
    whole = ls.repeats(noisy(), start=START, learning_rate=3.0, epochs=1000, batch_size=64, seeds=5)
    assert whole.loss[0, -1] == np.inf


def test_a_loss_that_falls_for_ever_has_no_floor():
    apart = ls.LogisticRegression([-2.0, -1, 1, 2], [0, 0, 1, 1])
    assert ls.repeats(apart, start=(0, 0), epochs=3, batch_size=2, seeds=3).floor is None


def test_a_record_cannot_be_changed():
    many = ls.repeats(noisy(), start=START, epochs=3, batch_size=8, seeds=3)
    for array in (many.theta, many.loss, many.quartiles, many.end):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"batch_size": 65}, "batch_size must be a whole number from 1 to 64"),
        ({"seeds": 0}, "seeds must be a number of at least 1, or some seeds, but it is 0"),
        ({"seeds": []}, "seeds must be a number of at least 1"),
        ({"seeds": [0, -1]}, "seed must be a whole number of at least 0, but it is -1"),
        ({"optimizer": ls.Newton()}, "Newton needs the same loss at every step"),
        ({"learning_rate": ls.Backtracking()}, "Backtracking line search needs the same loss"),
        ({"max_steps": 500_000}, "30 runs of 500,000 updates are more than 10,000,000"),
        ({"max_steps": 50_000, "batch_size": 32}, "30 runs would draw 48,000,000 samples, more than 20,000,000"),
    ],
)
def test_unfit_arguments_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        ls.repeats(noisy(), **{"start": START, "batch_size": 8} | arguments)


def test_a_function_without_samples_cannot_be_repeated():
    with pytest.raises(ValueError, match="Batches need a loss over samples"):
        ls.repeats(ls.FUNCTIONS["bowl"], start=START, batch_size=1)
