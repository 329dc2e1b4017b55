"""Every small task fits a network and its losses, and can be learnt."""

import numpy as np
import pytest

from landscape.descent.optimizers import Adam
from landscape.descent.training import train
from landscape.gradients.layers import perceptron
from landscape.gradients.tasks import CRITERIA, TASKS

every = pytest.mark.parametrize(("key", "criterion"), [(key, each) for key in TASKS for each in TASKS[key].criteria])


@pytest.mark.parametrize("key", TASKS)
def test_a_task_can_be_followed_by_hand(key):
    task = TASKS[key]
    n, features = task.x.shape
    assert n <= 8
    assert features <= 10
    assert task.y.shape == (n,)
    assert set(task.criteria) <= set(CRITERIA)
    if task.classes:
        assert sorted(set(task.y)) == list(range(task.classes))


def test_what_the_words_say():
    assert (TASKS["xor"].y == (TASKS["xor"].x.sum(1) == 1)).all()
    np.testing.assert_allclose(TASKS["product"].y, TASKS["product"].x.prod(1))
    np.testing.assert_allclose(TASKS["ten_features"].y, TASKS["ten_features"].x.mean(1))
    clusters, ring = TASKS["clusters"], TASKS["ring"]
    np.testing.assert_allclose([clusters.x[clusters.y == label].mean(0) for label in (0, 1)], [[1, 1], [-1, -1]])
    radius = np.hypot(*ring.x.T)
    assert radius[ring.y == 0].max() < radius[ring.y == 1].min()


@every
def test_a_hidden_layer_learns_it(key, criterion):
    task = TASKS[key]
    model = perceptron(task.x.shape[1], 6, task.outputs(criterion), activation="tanh", init="xavier", seed=0)
    loss = train(model, task.x, task.loss(criterion), optimizer=Adam(), learning_rate=0.05, steps=300).loss
    assert loss[-1] < 0.02
    assert loss[-1] < loss[0] / 20


def test_a_loss_that_does_not_fit():
    with pytest.raises(ValueError, match="one of mean_squared_error, not 'cross_entropy'"):
        TASKS["product"].loss("cross_entropy")
