"""One pass with every array kept: against PyTorch's hooks, against differences, and against the chain rule by hand."""

import numpy as np
import pytest

from landscape.gradients.backpropagation import backpropagate, gradient_by_differences
from landscape.gradients.layers import (
    ACTIVATION_LAYERS,
    Linear,
    ReLU,
    Sequential,
    cross_entropy,
    mean_squared_error,
    perceptron,
)
from landscape.gradients.tasks import TASKS

XOR = TASKS["xor"]


class TestWorkedExamples:
    """Rows 15, 16 and 19 of the source material."""

    def test_the_forward_pass_of_a_perceptron_by_hand(self):
        model = perceptron(2, 3, 1, activation="sigmoid", seed=4)
        w1, b1, w2, b2 = (parameter.data for parameter in model.parameters())
        passed = backpropagate(model, XOR.x, XOR.loss("mean_squared_error"))
        for i, x in enumerate(XOR.x):
            z1 = w1 @ x + b1
            h1 = 1 / (1 + np.exp(-z1))
            np.testing.assert_allclose(passed.layers[0].output[i], z1)
            np.testing.assert_allclose(passed.layers[1].output[i], h1)
            np.testing.assert_allclose(passed.output[i], w2 @ h1 + b2)
        assert [each.output.shape for each in passed.layers] == [(4, 3), (4, 3), (4, 1)]
        assert passed.loss == pytest.approx(np.mean((passed.output[:, 0] - XOR.y) ** 2))

    def test_the_backward_pass_by_the_chain_rule_layer_by_layer(self):
        model = perceptron(2, 3, 1, activation="sigmoid", seed=4)
        first, middle, last = backpropagate(model, XOR.x, XOR.loss("mean_squared_error")).layers
        d_y = 2 / 4 * (last.output - XOR.y[:, None])
        d_h = d_y @ last.parameters[0]
        d_z = d_h * middle.output * (1 - middle.output)
        np.testing.assert_allclose(last.output_gradient, d_y)
        np.testing.assert_allclose(last.gradients[0], d_y.T @ middle.output)
        np.testing.assert_allclose(last.gradients[1], d_y.sum(0))
        np.testing.assert_allclose(middle.output_gradient, d_h)
        np.testing.assert_allclose(middle.input_gradient, d_z)
        np.testing.assert_allclose(first.gradients[0], d_z.T @ XOR.x)
        np.testing.assert_allclose(first.gradients[1], d_z.sum(0))
        np.testing.assert_allclose(first.input_gradient, d_z @ first.parameters[0])

    @pytest.mark.parametrize("activation", ACTIVATION_LAYERS)
    def test_gradients_agree_with_differences_and_the_update_lowers_the_loss(self, activation):
        model = perceptron(2, 5, 4, 2, activation=activation, seed=3)
        task = TASKS["clusters"]
        loss = task.loss("cross_entropy")
        passed = backpropagate(model, task.x, loss)
        assert not passed.at_kink
        exact = [gradient for layer in passed.learning for gradient in layer.gradients]
        for parameter, gradient in zip(model.parameters(), exact, strict=True):
            difference = gradient_by_differences(model, parameter, task.x, loss)
            np.testing.assert_allclose(gradient, difference, atol=1e-9)
        for parameter, gradient in zip(model.parameters(), exact, strict=True):
            parameter.data -= 0.01 * gradient
        assert backpropagate(model, task.x, loss).loss < passed.loss

    def test_ten_five_one(self, torch, in_pytorch):
        model = Sequential(Linear(10, 5, seed=0), ReLU(), Linear(5, 1, seed=1))
        task = TASKS["ten_features"]
        passed = backpropagate(model, task.x, task.loss("mean_squared_error"))
        assert [[each.shape for each in layer.gradients] for layer in passed.layers] == [
            [(5, 10), (5,)],
            [],
            [(1, 5), (1,)],
        ]
        twin = in_pytorch(model)
        torch.nn.functional.mse_loss(twin(torch.tensor(task.x)), torch.tensor(task.y)[:, None]).backward()
        ours = [gradient for layer in passed.learning for gradient in layer.gradients]
        for gradient, parameter in zip(ours, twin.parameters(), strict=True):
            np.testing.assert_allclose(gradient, parameter.grad.numpy(), atol=1e-14)


@pytest.mark.parametrize("activation", ACTIVATION_LAYERS)
def test_every_array_is_that_of_pytorch(torch, in_pytorch, activation):
    model = perceptron(2, 6, 5, 4, 3, activation=activation, seed=2)
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(7, 2)), generator.integers(0, 3, 7)
    passed = backpropagate(model, x, lambda output: cross_entropy(output, y))
    given = torch.tensor(x, requires_grad=True)
    arrays = [given]
    for layer in (twin := in_pytorch(model)):
        arrays.append(layer(arrays[-1]))
        arrays[-1].retain_grad()
    loss = torch.nn.functional.cross_entropy(arrays[-1], torch.tensor(y))
    loss.backward()
    assert passed.loss == pytest.approx(loss.item(), rel=1e-12)
    for layer, theirs, entering, leaving in zip(passed.layers, twin, arrays, arrays[1:], strict=False):
        expected = [entering, leaving, leaving.grad, entering.grad]
        ours = [layer.input, layer.output, layer.output_gradient, layer.input_gradient]
        for array, reference in zip(ours, expected, strict=True):
            np.testing.assert_allclose(array, reference.detach().numpy(), atol=1e-14)
        for gradient, parameter in zip(layer.gradients, theirs.parameters(), strict=True):
            np.testing.assert_allclose(gradient, parameter.grad.numpy(), atol=1e-14)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ("relu", lambda z: (z > 0) * 1.0),
        ("tanh", lambda z: 1 / np.cosh(z) ** 2),
        ("sigmoid", lambda z: 1 / (np.exp(z / 2) + np.exp(-z / 2)) ** 2),
    ],
)
def test_an_activation_multiplies_the_gradient_by_its_slope(activation, slope):
    model = perceptron(2, 3, 1, activation=activation, seed=0)
    layer = backpropagate(model, XOR.x, XOR.loss("mean_squared_error")).layers[1]
    np.testing.assert_allclose(layer.slope, slope(layer.input), atol=1e-15)
    np.testing.assert_allclose(layer.input_gradient, layer.output_gradient * layer.slope, atol=1e-15)


def test_numbers_that_overflowed_are_kept_as_they_are():
    model = perceptron(2, 3, 1, seed=0)
    for parameter in model.parameters():
        parameter.data = parameter.data + 1e200
    passed = backpropagate(model, XOR.x, XOR.loss("mean_squared_error"))
    assert not np.isfinite(passed.loss)
    assert not np.isfinite(passed.learning[0].gradient_norm)
    assert np.isnan(passed.shrinkage)


def test_what_is_kept_does_not_change_and_the_model_stays_as_it_was():
    model = perceptron(2, 3, 1, seed=0)
    for parameter in model.parameters():
        parameter.grad = np.ones(parameter.shape)
    passed = backpropagate(model, XOR.x, XOR.loss("mean_squared_error"))
    assert all((parameter.grad == 1).all() for parameter in model.parameters())
    weights = passed.layers[0].parameters[0].copy()
    model.parameters()[0].data -= 1
    np.testing.assert_array_equal(passed.layers[0].parameters[0], weights)
    np.testing.assert_array_equal(weights, perceptron(2, 3, 1, seed=0).parameters()[0].data)


def test_the_length_of_the_gradient_shrinks_from_layer_to_layer_with_sigmoids():
    def lengths(activation, init):
        model = perceptron(2, 6, 6, 6, 2, activation=activation, init=init, seed=1)
        passed = backpropagate(model, XOR.x, XOR.loss("cross_entropy"))
        return passed, [each.gradient_norm for each in passed.learning]

    passed, norms = lengths("sigmoid", "xavier")
    assert norms == sorted(norms)
    assert norms[0] == pytest.approx(np.sqrt((passed.layers[0].gradients[0] ** 2).sum()))
    assert passed.shrinkage == pytest.approx(norms[-1] / norms[0])
    assert passed.shrinkage > 100
    assert lengths("tanh", "xavier")[0].shrinkage < 10
    assert np.isnan(passed.layers[1].gradient_norm)


def test_a_dead_unit_is_zero_for_every_sample_and_its_weights_learn_nothing():
    model = perceptron(2, 4, 1, seed=0)
    model.layers[0].bias.data[2] = -100
    passed = backpropagate(model, XOR.x, XOR.loss("mean_squared_error"))
    assert passed.layers[1].dead.tolist() == [False, False, True, False]
    assert passed.dead_share == 0.25
    assert not passed.layers[0].gradients[0][2].any()
    assert not passed.layers[0].dead.any()  # that is what the linear layer returned, no unit
    sigmoid = backpropagate(perceptron(2, 4, 1, activation="sigmoid"), XOR.x, XOR.loss("mean_squared_error"))
    assert sigmoid.dead_share == 0


def test_no_shrinkage_where_nothing_gets_through():
    model = perceptron(2, 3, 1, seed=0)
    model.layers[0].bias.data[:] = -100
    passed = backpropagate(model, XOR.x, XOR.loss("mean_squared_error"))
    assert passed.dead_share == 1
    assert np.isnan(passed.shrinkage)


@pytest.mark.parametrize(
    ("method", "h", "off"), [("central", 1e-5, 1e-9), ("forward", 1e-7, 1e-5), ("central", 1.0, 1)]
)
def test_differences_leave_the_parameter_alone(method, h, off):
    model = perceptron(2, 3, 2, activation="tanh", seed=0)
    parameter, loss = model.parameters()[0], XOR.loss("cross_entropy")
    before = parameter.data.copy()
    exact = backpropagate(model, XOR.x, loss).layers[0].gradients[0]
    difference = gradient_by_differences(model, parameter, XOR.x, loss, h, method)
    np.testing.assert_array_equal(parameter.data, before)
    assert 0 < np.abs(difference - exact).max() < off
    with pytest.raises(ValueError, match="h must be a positive"):
        gradient_by_differences(model, parameter, XOR.x, loss, 0.0)
    np.testing.assert_array_equal(parameter.data, before)


def test_a_kink_is_named_because_differences_disagree_with_backpropagation_there():
    model, loss = perceptron(2, 4, 2, seed=0), XOR.loss("cross_entropy")
    passed = backpropagate(model, XOR.x, loss)
    assert passed.at_kink  # the sample (0, 0), while the bias is still 0
    difference = gradient_by_differences(model, model.parameters()[1], XOR.x, loss)
    assert np.abs(difference - passed.layers[0].gradients[1]).max() > 0.01


class TestErrors:
    def test_no_weights(self):
        with pytest.raises(ValueError, match="no weights"):
            backpropagate(Sequential(ReLU()), XOR.x, lambda output: output.sum())

    def test_a_loss_that_is_no_single_number(self):
        with pytest.raises(RuntimeError, match="starts from one number"):
            backpropagate(perceptron(2, 2), XOR.x, lambda output: output)

    def test_features(self):
        with pytest.raises(ValueError, match="takes 3 features"):
            backpropagate(perceptron(3, 1), XOR.x, lambda output: mean_squared_error(output, XOR.y[:, None]))
