"""The cloud of gradients: moments by their definitions, batches' scatter by drawing every batch there is."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landscape as ls
from landscape.objectives.samples import SAMPLES

SMALL = ls.LinearRegression([0.0, 1, 2, 3, 5, 8], [1.0, 0, 2, 5, 4, 9], l2=0.1)


@pytest.fixture(scope="module")
def noisy():
    samples = SAMPLES["noisy_line"].samples()
    return ls.LinearRegression(samples.x, samples.y)


def test_the_cloud_is_the_samples_gradients_and_their_moments(noisy):
    cloud = ls.gradient_cloud(noisy, (0.3, -1))
    assert (cloud.samples == noisy.sample_gradients((0.3, -1)).T).all()
    assert cloud.whole == pytest.approx(noisy.gradient((0.3, -1)), rel=1e-13)
    assert cloud.covariance == pytest.approx(np.cov(cloud.samples, bias=True), rel=1e-13)


def test_scenario_12_one_sample_points_uphill_and_at_the_minimum_all_still_scatter(noisy):
    assert ls.gradient_cloud(noisy, (-1.5, 2.5)).uphill == 1
    at_minimum = ls.gradient_cloud(noisy, noisy.minimum)
    assert at_minimum.whole == pytest.approx([0, 0], abs=1e-14)
    assert np.sqrt(np.diag(at_minimum.covariance)) / 2 == pytest.approx([0.44, 0.53], abs=0.005)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("batch_size", [1, 2, 3, 4, 6])
def test_the_scatter_is_that_of_all_batches_there_are(batch_size, replacement):
    theta, n = (0.5, -0.2), 6
    every = list(product(range(n), repeat=batch_size) if replacement else combinations(range(n), batch_size))
    away = np.array([SMALL.batch_gradient(theta, batch) for batch in every]).T - SMALL.gradient(theta)[:, None]
    cloud = ls.gradient_cloud(SMALL, theta)
    assert cloud.spread(batch_size, replacement) == pytest.approx(np.sqrt((away**2).sum(axis=0).mean()), abs=1e-12)
    ellipse = cloud.ellipse(batch_size, replacement)
    scatter = away @ away.T / len(every)
    # An ellipse's points, as many on each side, have half the covariance of what it stands for.
    around = ellipse[:, :-1] - cloud.whole[:, None]
    assert 2 * around @ around.T / 64 == pytest.approx(scatter, abs=1e-12)


@given(st.integers(1, 30))
def test_the_ellipse_is_one_standard_deviation_from_the_whole_gradient(batch_size):
    cloud = ls.gradient_cloud(ls.LinearRegression(np.arange(30.0), np.sin(np.arange(30))), (0.1, 0.2))
    ellipse = cloud.ellipse(batch_size, replacement=True)
    assert ellipse.shape == (2, 65)
    assert ellipse[:, 0] == pytest.approx(ellipse[:, -1], rel=1e-12)
    away = ellipse - cloud.whole[:, None]
    mahalanobis = (away * np.linalg.solve(cloud.covariance / batch_size, away)).sum(axis=0)
    assert mahalanobis == pytest.approx(np.ones(65), rel=1e-6)


@pytest.mark.parametrize("replacement", [False, True])
def test_what_is_measured_is_what_was_predicted(noisy, replacement):
    spread = ls.gradient_spread(noisy, (-1.5, 2.5), seed=1, replacement=replacement)
    assert spread.batch_size.tolist() == [1, 2, 4, 8, 16, 32, 64]
    assert spread.measured[:-1] == pytest.approx(spread.predicted[:-1], rel=0.1)
    if replacement:
        assert spread.predicted * np.sqrt(spread.batch_size) == pytest.approx(np.full(7, spread.predicted[0]))
        assert spread.measured[-1] == pytest.approx(spread.predicted[-1], rel=0.1)
    else:
        assert spread.predicted[-1] == 0
        assert spread.measured[-1] == pytest.approx(0, abs=1e-13)


def test_any_number_of_samples_has_its_sizes():
    for n, sizes in ((1, [1]), (2, [1, 2]), (5, [1, 2, 4, 5]), (8, [1, 2, 4, 8])):
        loss = ls.LinearRegression(np.arange(n), np.ones(n))
        spread = ls.gradient_spread(loss, (1, 0))
        assert spread.batch_size.tolist() == sizes
        assert np.isfinite(spread.measured).all()
        assert spread.predicted[-1] == 0


@pytest.mark.parametrize("batch_size", [0, 7])
def test_a_batch_larger_than_the_data_is_refused(batch_size):
    with pytest.raises(ValueError, match="batch_size must be a whole number from 1 to 6"):
        ls.gradient_cloud(SMALL, (0, 0)).spread(batch_size)
