"""Training a network with the optimizers of landscape.descent: PyTorch's numbers, step by step."""

import numpy as np
import pytest

from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import LBFGS, OPTIMIZERS, Adam, Elementwise, GradientDescent, Momentum, Newton
from landscape.descent.schedules import StepDecay
from landscape.descent.training import train
from landscape.gradients.layers import cross_entropy, mean_squared_error, perceptron
from landscape.gradients.tasks import TASKS

XOR = TASKS["xor"]
LOSS = XOR.loss("cross_entropy")

first_order = pytest.mark.parametrize("key", [key for key, kind in OPTIMIZERS.items() if issubclass(kind, Elementwise)])


def parameters(model):
    return [parameter.data for parameter in model.parameters()]


@pytest.mark.parametrize(
    ("optimizer", "name", "keywords"),
    [(GradientDescent(), "SGD", {}), (Momentum(0.9), "SGD", {"momentum": 0.9}), (Adam(), "Adam", {})],
)
def test_pytorchs_losses_and_parameters(torch, in_pytorch, optimizer, name, keywords):
    x = np.random.default_rng(0).normal(size=(50, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    model = perceptron(2, 8, 8, 2, seed=0)
    twin = in_pytorch(model)
    losses = train(
        model, x, lambda output: cross_entropy(output, y), optimizer=optimizer, learning_rate=0.05, steps=60
    ).loss
    theirs, expected = getattr(torch.optim, name)(twin.parameters(), lr=0.05, **keywords), []
    for _ in losses:
        theirs.zero_grad()
        loss = torch.nn.functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(y))
        expected.append(loss.item())
        if len(expected) < len(losses):
            loss.backward()
            theirs.step()
    np.testing.assert_allclose(losses, expected, rtol=1e-7)
    for ours, reference in zip(parameters(model), twin.parameters(), strict=True):
        np.testing.assert_allclose(ours, reference.detach().numpy(), atol=1e-9)
    assert losses[-1] < losses[0] / 1.2


@first_order
def test_every_first_order_optimizer_lowers_the_loss(key):
    model = perceptron(2, 8, 2, activation="tanh", init="xavier", seed=0)
    loss = train(model, XOR.x, LOSS, optimizer=OPTIMIZERS[key](), learning_rate=0.01, steps=200).loss
    assert loss.shape == (201,)
    assert loss[-1] < loss[0]


def test_exclusive_or_is_learnt():
    model = perceptron(2, 8, 2, activation="tanh", init="xavier", seed=0)
    training = train(model, XOR.x, LOSS, optimizer=Adam(), learning_rate=0.05, steps=300)
    assert training.loss[-1] < 0.01
    assert (model(XOR.x).data.argmax(1) == XOR.y).all()


@first_order
def test_a_training_is_gone_on_with_as_if_it_had_not_stopped(key):
    whole, parts = (perceptron(2, 3, 2, activation="tanh", seed=1) for _ in range(2))
    settings = {"optimizer": OPTIMIZERS[key](), "learning_rate": StepDecay(0.1, every=7, factor=0.5)}
    expected = train(whole, XOR.x, LOSS, steps=20, **settings)
    training = train(parts, XOR.x, LOSS, steps=0, **settings)
    for steps in (1, 9, 0, 10):
        training = train(parts, XOR.x, LOSS, steps=steps, after=training, **settings)
    np.testing.assert_array_equal(training.loss, expected.loss)
    for ours, reference in zip(parameters(parts), parameters(whole), strict=True):
        np.testing.assert_array_equal(ours, reference)
    assert training.steps == 20


def test_the_update_is_the_learning_rate_times_the_direction():
    model = perceptron(2, 3, 2, seed=0)
    before = parameters(model)
    assert train(model, XOR.x, LOSS, steps=0).directions == ()
    training = train(model, XOR.x, LOSS, optimizer=Adam(), learning_rate=0.25, steps=1)
    for old, new, direction in zip(before, parameters(model), training.directions, strict=True):
        np.testing.assert_array_equal(new, old - 0.25 * direction)


def test_a_diverging_training_ends_in_numbers_and_not_in_an_error():
    x, y = np.array([[1.0], [2.0]]), np.array([[1.0], [-1.0]])
    model = perceptron(1, 4, 1, seed=1)
    training = train(model, x, lambda output: mean_squared_error(output, y), learning_rate=1e10, steps=4000)
    assert 0 < training.steps < 40
    assert np.isfinite(training.loss[:-1]).all()
    assert not np.isfinite(training.loss[-1])


class TestErrors:
    @pytest.mark.parametrize("optimizer", [Newton(), LBFGS()])
    def test_optimizers_of_second_order(self, optimizer):
        with pytest.raises(ValueError, match="first-order optimizer"):
            train(perceptron(2, 2), XOR.x, LOSS, optimizer=optimizer)

    def test_a_line_search(self):
        with pytest.raises(ValueError, match="not with a line search"):
            train(perceptron(2, 2), XOR.x, LOSS, learning_rate=Backtracking())

    @pytest.mark.parametrize("learning_rate", [-1, np.nan, "fast"])
    def test_the_learning_rate(self, learning_rate):
        with pytest.raises(ValueError, match="learning_rate must be"):
            train(perceptron(2, 2), XOR.x, LOSS, learning_rate=learning_rate)

    @pytest.mark.parametrize("steps", [-1, 1.5])
    def test_the_steps(self, steps):
        with pytest.raises(ValueError, match="must be a whole number"):
            train(perceptron(2, 2), XOR.x, LOSS, steps=steps)
