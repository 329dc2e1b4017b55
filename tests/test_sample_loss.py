import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES

ALL = [*LOSSES.values(), CROSS_ENTROPY]
SMOOTH = [loss for loss in ALL if not loss.kinked]
away_from_kinks = st.floats(-30, 30).filter(lambda r: abs(r) > 1e-3 and abs(abs(r) - 1) > 1e-3)


def names(loss):
    return loss.name


def at(r):
    return np.array([r])


@pytest.mark.parametrize("loss", ALL, ids=names)
@given(r=away_from_kinks)
def test_slope_and_curvature_are_derivatives(loss, r):
    h = 1e-5
    slope = (loss.value(at(r + h)) - loss.value(at(r - h))) / (2 * h)
    assert loss.slope(at(r)) == pytest.approx(slope, rel=1e-6, abs=1e-8)
    curvature = (loss.slope(at(r + h)) - loss.slope(at(r - h))) / (2 * h)
    assert loss.curvature(at(r)) == pytest.approx(curvature, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("loss", SMOOTH, ids=names)
@given(r=st.floats(-50, 50), to=st.floats(-50, 50))
def test_the_parabola_of_the_majorizer_is_nowhere_below_the_loss(loss, r, to):
    parabola = loss.value(at(r)) + loss.slope(at(r)) * (to - r) + loss.majorizer(at(r)) / 2 * (to - r) ** 2
    assert parabola >= loss.value(at(to)) - 1e-9 * (1 + parabola)


def test_pytorch_gives_the_same_losses_and_slopes_also_at_kinks():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    r = np.array([-40.0, -3, -1, -0.5, 0, 0.25, 1, 2, 30])
    theirs = {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": lambda a, b, reduction: functional.huber_loss(a, b, reduction=reduction, delta=1.0),
    }
    for key, function in theirs.items():
        leaf = torch.tensor(r, requires_grad=True)
        values = function(leaf, torch.zeros(len(r), dtype=torch.float64), reduction="none")
        values.sum().backward()
        assert LOSSES[key].value(r) == pytest.approx(values.detach().numpy())
        assert LOSSES[key].slope(r) == pytest.approx(leaf.grad.numpy())
    leaf = torch.tensor(r, requires_grad=True)
    values = functional.binary_cross_entropy_with_logits(leaf, torch.zeros_like(leaf), reduction="none")
    values.sum().backward()
    assert CROSS_ENTROPY.value(r) == pytest.approx(values.detach().numpy(), rel=1e-12)
    assert CROSS_ENTROPY.slope(r) == pytest.approx(leaf.grad.numpy(), rel=1e-12)


def test_cross_entropy_keeps_its_digits_where_it_is_tiny_or_huge():
    r = np.array([-800.0, -700, -40, 0, 40, 700, 800])
    with np.errstate(all="raise", under="ignore"):
        value, slope, curvature = (f(r) for f in (CROSS_ENTROPY.value, CROSS_ENTROPY.slope, CROSS_ENTROPY.curvature))
    assert value == pytest.approx([0, math.exp(-700), math.exp(-40), math.log(2), 40, 700, 800], rel=1e-14, abs=0)
    assert slope == pytest.approx([0, math.exp(-700), math.exp(-40), 0.5, 1, 1, 1], rel=1e-14, abs=0)
    assert curvature[[2, 4]] == pytest.approx([math.exp(-40)] * 2, rel=1e-14)


@pytest.mark.parametrize("loss", ALL, ids=names)
@given(r=arrays(float, st.tuples(st.integers(1, 70), st.integers(0, 3)), elements=st.floats(-800, 800)))
def test_the_mean_is_that_of_the_values(loss, r):
    exact = [math.fsum(column) / len(r) for column in loss.value(r).T.tolist()]
    assert loss.mean(r.copy()) == pytest.approx(exact, rel=1e-13, abs=1e-300)  # below, numbers lose digits
