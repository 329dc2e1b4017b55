import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import SAMPLES, MadeDataSet, RecordedDataSet, standardize

MADE = {key: data_set for key, data_set in SAMPLES.items() if isinstance(data_set, MadeDataSet)}
RECORDED = {key: data_set for key, data_set in SAMPLES.items() if isinstance(data_set, RecordedDataSet)}


@pytest.mark.parametrize("key", SAMPLES)
def test_a_data_set_has_words_and_samples_that_fit(key):
    data_set = SAMPLES[key]
    samples = data_set.samples()
    assert data_set.key == key
    assert data_set.about.endswith(".")
    assert all((data_set.name, data_set.target.name))
    assert bool(data_set.source) is (key in ("cars", "old_faithful", "fuel", "o_rings")), "recorded, not our own"
    n = len(samples.y)
    assert samples.x.shape == ((n,) if len(data_set.features) == 1 else (n, 2))
    assert samples.x.dtype == samples.y.dtype == np.float64
    assert (samples.features, samples.target) == (data_set.features, data_set.target)
    assert (set(np.unique(samples.y)) == {0, 1}) == data_set.classes
    (LogisticRegression if data_set.classes else LinearRegression)(samples.x, samples.y)


@pytest.mark.parametrize(
    ("key", "size", "first", "last", "sums"),
    [
        ("five_points", 5, (1, 2), (5, 10), (15, 30)),
        ("cars", 50, (4, 2), (25, 85), (770, 2149)),  # means 15.4 and 42.98 in R's summary()
        ("old_faithful", 272, (3.6, 79), (4.467, 74), (948.677, 19284)),  # 3.488 and 70.9
        ("fuel", 32, (2.62, 21), (2.78, 21.4), (102.952, 642.9)),  # 3.217 and 20.09
        ("o_rings", 23, (66, 0), (58, 1), (1600, 7)),
    ],
)
def test_recorded_numbers(key, size, first, last, sums):
    samples = RECORDED[key].samples()
    assert len(samples.y) == size
    assert (samples.x[0], samples.y[0]) == first
    assert (samples.x[-1], samples.y[-1]) == last
    assert (samples.x.sum(), samples.y.sum()) == pytest.approx(sums, rel=1e-12)


def test_the_data_of_scenario_12():
    rng = np.random.default_rng(7)
    x = rng.standard_normal(64)
    x = (x - x.mean()) / x.std()
    samples = SAMPLES["noisy_line"].samples()
    assert samples.x == pytest.approx(x, abs=1e-15)
    assert samples.y == pytest.approx(1.5 * x - 0.5 + 0.6 * rng.standard_normal(64), abs=1e-14)


@pytest.mark.parametrize("key", MADE)
def test_size_noise_and_seed_are_adjustable_and_the_same_ones_give_the_same_samples(key):
    data_set = MADE[key]
    for size in (2, 3, 500):
        samples, again = (data_set.samples(size=size, noise=0.1, seed=5) for _ in range(2))
        assert len(samples.y) == size
        assert np.isfinite(samples.x).all()
        assert samples.x.tolist() == again.x.tolist()
        assert samples.y.tolist() == again.y.tolist()
    seeds, noises = data_set.samples(size=500, noise=0.1, seed=6), data_set.samples(size=500, noise=0.2, seed=5)
    assert not np.array_equal(samples.x, seeds.x)
    assert not (np.array_equal(samples.y, noises.y) and np.array_equal(samples.x, noises.x))


@given(st.integers(2, 300), st.floats(0, 100), st.integers(0, 1000))
def test_separate_classes_are_separate_whatever_the_noise(size, noise, seed):
    samples = SAMPLES["separate"].samples(size, noise, seed)
    assert ((samples.x @ [0.8, 0.6] > 0) == (samples.y == 1)).all()
    assert LogisticRegression(samples.x, samples.y).minimum is None


def test_overlapping_classes_overlap():
    samples = SAMPLES["overlapping"].samples()
    assert LogisticRegression(samples.x, samples.y).minimum is not None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"size": 1}, "size must be a whole number from 2 to 5000, but it is 1"),
        ({"size": 10.5}, "size must be a whole number"),
        ({"size": 10**6}, "size must be a whole number"),
        ({"noise": -1}, "noise must be a finite number of at least 0"),
        ({"noise": math.inf}, "noise must be a finite number"),
        ({"seed": -1}, "seed must be a whole number from 0"),
    ],
)
def test_bad_wishes_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        SAMPLES["noisy_line"].samples(**arguments)


@given(st.integers(0, 1000), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_one_feature_gets_mean_0_and_deviation_1(seed, mean, scale):
    x = mean + scale * np.random.default_rng(seed).standard_normal(20)
    scaled = standardize(x)
    assert scaled.x.mean() == pytest.approx(0, abs=1e-8)
    assert scaled.x.std() == pytest.approx(1, rel=1e-8)
    assert scaled.x * scaled.scale + scaled.mean == pytest.approx(x)


def test_two_features_get_the_same_size_and_no_shift():
    scaled = standardize([[3.0, 100], [-3, -100], [3, 300]])
    assert scaled.mean.tolist() == [0, 0]
    assert np.square(scaled.x).mean(axis=0) == pytest.approx([1, 1])


def test_a_constant_feature_keeps_its_scale():
    assert standardize([0.1, 0.1, 0.1]).x == pytest.approx([0, 0, 0])
    assert standardize([[0.0, 1], [0, 2]]).scale[0] == 1
    assert standardize([7.0]).scale == 1
