"""A loss over consecutive batches: on floats and in lanes it is the mean over each batch's samples, as defined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landscape as ls
from landscape.descent.batches import blocks, sample_order
from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES

KINDS = ["squared", "absolute", "huber", "logistic"]


@st.composite
def cuts(draw):
    """A loss over n samples, and batches of it: their size, updates and the orders of two lanes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 12))
    x = 2 * rng.standard_normal((n, 2) if draw(st.booleans()) else n)
    y = 2 * rng.standard_normal(n)
    l2, l1 = draw(st.sampled_from([(0.0, 0.0), (0.3, 0.0), (0.0, 0.2), (0.1, 2.0)]))
    kind = draw(st.sampled_from(KINDS))
    if kind == "logistic":
        loss = ls.LogisticRegression(x, y > 0, l2=l2, l1=l1)
    else:
        loss = ls.LinearRegression(x, y, loss=kind, l2=l2, l1=l1)
    orders = np.stack([sample_order(n, 3, seed) for seed in (0, 1)])
    b = draw(st.integers(1, n))
    return loss, b, draw(st.integers(1, 3 * -(-n // b))), orders, rng


@given(cuts())
def test_each_batch_is_the_mean_over_its_samples(cut):
    loss, b, updates, orders, rng = cut
    (indices, starts), *rest = blocks(orders, b, updates)
    assert not rest
    ends = [*starts[1:], indices.shape[1]]
    theta = rng.choice([-1.5, 0.0, 0.7, 2.0], (2, updates, 2))  # (parameter, batch, lane)
    batches = [indices[:, start:end] for start, end in zip(starts, ends, strict=True)]

    in_lanes = loss.over_batches(indices, starts).gradient_in_lanes()
    for k, batch in enumerate(batches):
        expected = loss.batch_gradient(theta[:, k], batch.T)
        np.testing.assert_allclose(in_lanes(k, theta[:, k]), expected, rtol=1e-12, atol=1e-12)

    alone = loss.over_batches(indices[0], starts)
    on_floats = alone.gradient_on_floats()
    losses = alone.losses(theta[:, :, 0])
    for k, batch in enumerate(batches):
        p, q = theta[:, k, 0].tolist()
        gradient = on_floats(k, p, q)
        assert all(type(slope) is float for slope in gradient)
        np.testing.assert_allclose(gradient, loss.batch_gradient((p, q), batch[0]), rtol=1e-12, atol=1e-12)
        assert losses[k] == pytest.approx(float(loss.batch(batch[0])((p, q))), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("loss", [*LOSSES.values(), CROSS_ENTROPY], ids=lambda loss: loss.name)
@given(st.floats(allow_nan=False))
def test_the_slope_of_a_float_is_that_of_an_array(loss, r):
    with np.errstate(all="ignore"):
        expected = float(loss.slope(np.array([r]))[0])
    assert loss.slope_on_floats(r) == pytest.approx(expected, rel=1e-15, nan_ok=True)
