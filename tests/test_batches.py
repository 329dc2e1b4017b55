"""The order of samples and how it is cut into batches: the same for all runs of a seed, each epoch whole."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.descent.batches import MOST_SAMPLES, Batches, blocks, sample_order

sizes = st.integers(1, 30)


@given(sizes, st.integers(1, 6), st.integers(0, 2**40))
def test_an_epoch_has_every_sample_once(n, epochs, seed):
    order = sample_order(n, epochs, seed)
    assert order.shape == (epochs, n)
    assert (np.sort(order, axis=1) == np.arange(n)).all()
    rng = np.random.default_rng(seed)
    assert order.tolist() == [rng.permutation(n).tolist() for _ in range(epochs)]


@pytest.mark.parametrize("arguments", [{}, {"reshuffle": False}, {"replacement": True}])
@pytest.mark.parametrize("n", [3, 64, 5000])
def test_a_longer_order_begins_with_the_shorter_one(n, arguments):
    longer = sample_order(n, 60, seed=5, **arguments)
    assert (sample_order(n, 7, seed=5, **arguments) == longer[:7]).all()
    assert (sample_order(n, 7, seed=6, **arguments) != longer[:7]).any()


def test_without_reshuffling_all_epochs_have_the_order_of_the_first():
    once = sample_order(20, 3, seed=1, reshuffle=False)
    assert (once == once[0]).all()
    assert (once[0] == sample_order(20, 1, seed=1)[0]).all()
    assert (sample_order(20, 3, seed=1)[1] != once[0]).any()


def test_with_replacement_every_draw_is_independent():
    n, epochs = 50, 400
    order = sample_order(n, epochs, seed=0, replacement=True)
    assert order.min() == 0
    assert order.max() == n - 1
    missing = n - np.array([len(set(epoch)) for epoch in order.tolist()])
    assert missing.mean() == pytest.approx(n * (1 - 1 / n) ** n, rel=0.02)  # about a part 1/e of them


def test_the_order_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        sample_order(5, 2, seed=0)[0, 0] = 1


@given(sizes, st.data())
def test_batches_cut_every_epoch_and_the_last_one_is_short(n, data):
    b, epochs = data.draw(st.integers(1, n)), data.draw(st.integers(1, 5))
    batches = Batches(n, b, updates=epochs * -(-n // b), seed=3)
    assert batches.epochs == epochs
    order = sample_order(n, epochs, seed=3)
    for epoch in range(epochs):
        cut = [batches[k] for k in range(epoch * batches.per_epoch, (epoch + 1) * batches.per_epoch)]
        assert [len(batch) for batch in cut[:-1]] == [b] * (batches.per_epoch - 1)
        assert 1 <= len(cut[-1]) <= b
        joined = np.concatenate(cut)
        assert (joined == (np.arange(n) if b == n else order[epoch])).all()
    assert [len(batch) for batch in batches] == np.diff(batches.seen(np.arange(len(batches) + 1))).tolist()
    assert batches.seen(len(batches)) == epochs * n


def test_a_batch_that_is_not_there_is_an_index_error():
    batches = Batches(10, 4, updates=5)
    assert (batches[-1] == batches[4]).all()
    for wrong in (5, -6):
        with pytest.raises(IndexError, match="There are 5 batches"):
            batches[wrong]


def test_batches_travel_by_pickle_without_their_order():
    batches = Batches(1000, 1, updates=20_000)
    before = batches[19_999].tolist()
    stored = pickle.dumps(batches)
    assert len(stored) < 1000
    assert pickle.loads(stored) == batches
    assert pickle.loads(stored)[19_999].tolist() == before


@given(sizes, st.lists(st.integers(1, 3), max_size=2), st.data())
def test_blocks_are_the_batches_one_after_another(n, lanes, data):
    b, updates = data.draw(st.integers(1, n)), data.draw(st.integers(0, 40))
    epochs = -(-updates // -(-n // b))
    orders = np.arange(int(np.prod([*lanes, epochs, n]))).reshape(*lanes, epochs, n)
    cut = [
        block[..., start:end]
        for block, starts in blocks(orders, b, updates)
        for start, end in zip(starts, [*starts[1:], block.shape[-1]], strict=True)
    ]
    assert len(cut) == updates
    whole = [orders[..., epoch, k : k + b] for epoch in range(epochs) for k in range(0, n, b)]
    for ours, theirs in zip(cut, whole, strict=False):
        assert (ours == theirs).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number from 1 to 10, the number of samples, but it is 0"),
        ({"batch_size": 11}, "from 1 to 10, the number of samples, but it is 11"),
        ({"batch_size": 2.5}, "but it is 2.5"),
        ({"batch_size": "2"}, "but it is '2'"),
        ({"seed": -1}, "seed must be a whole number of at least 0, but it is -1"),
        ({"seed": None}, "seed must be a whole number of at least 0, but it is None"),
        ({"reshuffle": False, "replacement": True}, "reshuffle=False does not go with it"),
        ({"updates": MOST_SAMPLES}, r"A run may draw 20,000,000 samples, but 4,000,000 epochs of 10 are more"),
    ],
)
def test_unfit_arguments_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Batches(**{"samples": 10, "batch_size": 2, "updates": 5} | arguments)


def test_all_samples_at_once_need_no_draw():
    batches = Batches(1000, 1000, updates=1_000_000)
    assert batches.whole
    assert (batches[999_999] == np.arange(1000)).all()
    assert not Batches(1000, 1000, updates=1, replacement=True).whole
