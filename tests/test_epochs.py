"""Epochs for a first look: enough for single samples to get near the minimum, and no more than may be computed."""

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.epochs import ends_near, suggest_epochs
from landscape.objectives.samples import SAMPLES

POINTS = SAMPLES["five_points"].samples()
LOSS = ls.LinearRegression(POINTS.x, POINTS.y)
VIEW = ((-1.0, 3.0), (-2.0, 2.0))


def walk(epochs, learning_rate=0.02, loss=LOSS):
    return ls.descend(loss, start=(0, 0), learning_rate=learning_rate, epochs=epochs, batch_size=1)


@pytest.mark.parametrize(("learning_rate", "epochs"), [(0.02, 50), (0.002, 500)])
def test_the_fewest_epochs_that_lead_near_the_minimum(learning_rate, epochs):
    """Along the floor of this ravine the error shrinks by 0.34 times the learning rate with each of 5 updates."""
    assert suggest_epochs(LOSS, learning_rate, (0, 0), VIEW, 20_000) == epochs
    assert ends_near(walk(epochs, learning_rate), VIEW)
    fewer = {50: 20, 500: 200}[epochs]
    assert not ends_near(walk(fewer, learning_rate), VIEW)


def test_near_is_a_part_of_the_view_in_each_direction():
    run = walk(100)
    away = np.abs(run.theta[:, -51:].mean(axis=1) - LOSS.minimum)
    for scale, near in ((21, True), (19, False)):
        (width, height), (x, y) = away * scale, LOSS.minimum
        assert ends_near(run, ((x, x + width), (y, y + 99))) is near
        assert ends_near(run, ((x, x + 99), (y, y + height))) is near


def test_ten_where_no_number_is_enough():
    assert suggest_epochs(LOSS, 0.002, (0, 0), VIEW, 2_000) == 10
    assert suggest_epochs(LOSS, 0.002, (0, 0), VIEW, 10) == 10
    apart = ls.LogisticRegression([-1.0, 1.0], [0, 1])  # whose weight may always grow
    assert apart.minimum is None
    assert suggest_epochs(apart, 1.0, (0, 0), VIEW, 20_000) == 10
    assert not ends_near(walk(10, 1.0, apart), VIEW)


def test_a_run_that_explodes_is_not_near():
    run = walk(200, 1.0)
    assert run.stop.reason is ls.StopReason.DIVERGED
    assert not ends_near(run, VIEW)
