"""The view of a loss: what a descent passes is in it, and a ravine looks like one."""

import numpy as np
import pytest

from landscape.analysis.framing import framing
from landscape.descent.descend import descend
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import SAMPLES, standardize


def loss_over(key, scaled=False, **options):
    data_set = SAMPLES[key]
    samples = data_set.samples()
    x = standardize(samples.x).x if scaled else samples.x
    return (LogisticRegression if data_set.classes else LinearRegression)(x, samples.y, **options)


def inside(view, points):
    ends = np.array(view)
    return ((ends[:, :1] < points) & (points < ends[:, 1:])).all()


def sides(view):
    (left, right), (bottom, top) = view
    return right - left, top - bottom


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("key", SAMPLES)
def test_start_minimum_and_descent_are_in_sight(key, scaled):
    loss = loss_over(key, scaled)
    for start in ((0.0, 0.0), (-3.0, 2.0)):
        view = framing(loss, start)
        rate = 1 / np.linalg.eigvalsh(loss.hessian((0.0, 0.0)))[-1]  # that of a logistic loss is nowhere smaller
        run = descend(loss, start=start, learning_rate=rate, max_steps=200)
        assert inside(view, run.theta)
        assert loss.minimum is None or inside(view, np.reshape(loss.minimum, (2, 1)))


@pytest.mark.parametrize("key", ["noisy_line", "flats", "two_features", "cars", "old_faithful", "fuel"])
def test_both_axes_have_one_scale(key):
    assert sides(framing(loss_over(key), (0.0, 0.0)))[0] == pytest.approx(sides(framing(loss_over(key), (0.0, 0.0)))[1])


def test_an_axis_along_which_hardly_anything_happens_has_its_own_scale():
    wide, high = sides(framing(loss_over("o_rings"), (0.0, 0.0)))
    assert wide < high / 20


def test_a_minimum_at_the_other_end_of_the_world_is_left_out():
    loss = loss_over("separate", l2=1e-9)
    assert np.hypot(*loss.minimum) > 20
    view = framing(loss, (0.0, 0.0))
    assert sides(view)[0] < 100


@pytest.mark.parametrize(
    "loss",
    [
        LinearRegression([1.0], [2.0]),
        LinearRegression([0.0, 0.0], [0.0, 0.0]),
        LinearRegression([1.0, 2.0, 4.0], [1.0, 1.0, 7.0], loss="absolute"),
        LinearRegression([1.0, 2.0, 4.0], [100.0, 100.0, 700.0], loss="huber"),
        LinearRegression([1e8, 2e8], [1e-8, 3e-8]),
        LinearRegression([1e-20, 2e-20], [1e20, 3e20]),
        LogisticRegression([1.0, 2.0], [1.0, 1.0]),
    ],
    ids=["one point", "all zero", "absolute", "huber", "huge and tiny", "beyond all bounds", "one class"],
)
def test_every_loss_has_a_view_with_an_area(loss):
    for start in ((0.0, 0.0), loss.minimum or (1.0, 1.0), (1e6, -1e6)):
        view = framing(loss, start)
        assert np.isfinite(view).all()
        assert min(sides(view)) > 0
        assert inside(view, np.reshape(start, (2, 1))) or np.abs(start).max() > 1e12
