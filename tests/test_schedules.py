"""Schedules against PyTorch step by step, and what all of them have in common."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert

import landscape as ls

few = settings(max_examples=40, deadline=None)
rates = st.just(0.0) | st.floats(1e-9, 10)
counts = st.integers(1, 60)
STEPS = 130


def in_torch(make, initial, steps=STEPS):
    """The learning rates of a PyTorch scheduler, one for each step."""
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=initial)
    scheduler = make(torch.optim.lr_scheduler, optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def assert_same(schedule, theirs):
    ours = [schedule(step) for step in range(len(theirs))]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * max(theirs))


def test_a_constant_learning_rate_stays():
    for rate in (0.1, ls.Constant(0.1)):
        run = ls.descend(ls.FUNCTIONS["ravine"], start=(-4, 1), learning_rate=rate, optimizer=ls.Adam(), max_steps=200)
        assert run.learning_rate.size == 200
        assert set(run.learning_rate) == {0.1}


@few
@given(rates, counts, st.floats(0, 1))
def test_step_decay(initial, every, factor):
    theirs = in_torch(lambda of, optimizer: of.StepLR(optimizer, every, factor), initial)
    assert_same(ls.StepDecay(initial, every=every, factor=factor), theirs)


@few
@given(rates, st.floats(0, 1))
def test_exponential_decay(initial, factor):
    theirs = in_torch(lambda of, optimizer: of.ExponentialLR(optimizer, factor), initial)
    assert_same(ls.ExponentialDecay(initial, factor=factor), theirs)


@few
@given(rates, st.floats(0, 10))
def test_inverse_time_decay(initial, decay):
    theirs = in_torch(lambda of, optimizer: of.LambdaLR(optimizer, lambda step: 1 / (1 + decay * step)), initial)
    assert_same(ls.InverseTimeDecay(initial, decay=decay), theirs)


@few
@given(rates, counts, st.floats(0, 4))
def test_polynomial_decay(initial, steps, power):
    theirs = in_torch(lambda of, optimizer: of.PolynomialLR(optimizer, steps, power), initial)
    assert_same(ls.PolynomialDecay(initial, steps=steps, power=power), theirs)


@few
@given(rates, counts, rates)
def test_cosine_decay(initial, steps, final):
    """Also beyond its last step, where it rises again."""
    theirs = in_torch(lambda of, optimizer: of.CosineAnnealingLR(optimizer, steps, final), initial)
    assert_same(ls.CosineDecay(initial, steps=steps, final=final), theirs)


@few
@given(rates, st.integers(2, 40), counts, rates)
def test_warmup_cosine(initial, warmup, fall, final):
    def make(of, optimizer):
        rise = of.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
        return of.SequentialLR(optimizer, [rise, of.CosineAnnealingLR(optimizer, fall, final)], milestones=[warmup])

    theirs = in_torch(make, initial, steps=warmup + fall)
    assert_same(ls.WarmupCosine(initial, steps=warmup + fall, warmup=warmup, final=final), theirs)


@few
@given(st.floats(1e-6, 10), st.integers(2, 100), st.floats(0, 0.9))
def test_one_cycle(initial, steps, rise):
    if rise * steps == 1:  # PyTorch divides zero by zero
        return

    def make(of, optimizer):
        return of.OneCycleLR(optimizer, initial, total_steps=steps, pct_start=rise, cycle_momentum=False)

    assert_same(ls.OneCycle(initial, steps=steps, rise=rise), in_torch(make, initial, steps=steps))


@few
@given(rates, counts, st.integers(1, 4), rates)
def test_warm_restarts(initial, period, growth, final):
    theirs = in_torch(lambda of, optimizer: of.CosineAnnealingWarmRestarts(optimizer, period, growth, final), initial)
    assert_same(ls.WarmRestarts(initial, period=period, growth=growth, final=final), theirs)


def drawn(schedule):
    def values(field):
        low, high = field.metadata["minimum"], field.metadata["maximum"]
        if field.name == "warmup":
            return st.integers(0, 99)
        if field.name == "steps":
            return st.integers(100, 10_000)
        return st.integers(low, high) if field.type is int else st.floats(low, min(high, 1e300))

    return st.builds(schedule, **{field.name: values(field) for field in fields(schedule)})


@pytest.mark.parametrize("key", ls.SCHEDULES)
@settings(max_examples=100)
@given(data=st.data())
def test_never_negative_and_always_finite(key, data):
    schedule = data.draw(drawn(ls.SCHEDULES[key]))
    for step in data.draw(st.lists(st.integers(0, 1_000_000), max_size=20)):
        assert 0 <= schedule(step) < np.inf


@pytest.mark.parametrize("key", ls.SCHEDULES)
@given(initial=st.floats(1e-3, 1e3))
def test_everything_is_in_proportion_to_the_first_field(key, initial):
    assert fields(ls.SCHEDULES[key])[0].name == "initial"
    one, scaled = ls.SCHEDULES[key](1.0), ls.SCHEDULES[key](initial)
    for step in (0, 1, 7, 50, 299, 300, 1000):
        assert scaled(step) == pytest.approx(initial * one(step), rel=1e-12)


@pytest.mark.parametrize("schedule", [*ls.SCHEDULES.values(), ls.Backtracking])
def test_words_and_ranges(schedule):
    assert schedule.name
    assert schedule.about.endswith(".")
    assert convert(schedule.latex).startswith("<math")
    for field in fields(schedule):
        assert field.metadata["help"].endswith(".")
        for wrong in (field.metadata["minimum"] - 1, np.nan, np.inf, "1", None):
            with pytest.raises(ValueError, match=f"{schedule.__name__}: {field.name} must be a .*number"):
                schedule(**{"initial": 0.1, field.name: wrong})


def test_a_warm_up_longer_than_the_schedule_is_refused():
    with pytest.raises(ValueError, match="warmup must be less than steps = 10"):
        ls.WarmupCosine(0.1, steps=10, warmup=10)


def test_descend_takes_the_rate_of_each_step():
    schedule = ls.StepDecay(0.1, every=2, factor=0.5)
    run = ls.descend(ls.FUNCTIONS["bowl"], start=(1, 1), learning_rate=schedule, max_steps=5)
    np.testing.assert_allclose(run.learning_rate, [0.1, 0.1, 0.05, 0.05, 0.025])
    np.testing.assert_allclose(np.diff(run.theta), -run.learning_rate * run.direction, atol=1e-15)
