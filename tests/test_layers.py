"""Networks and their losses against PyTorch and against differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.gradients.layers import (
    ACTIVATION_LAYERS,
    INITIALIZATIONS,
    Linear,
    ReLU,
    Sequential,
    cross_entropy,
    mean_squared_error,
    perceptron,
)
from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.tensor import Tensor, no_grad


class TestWorkedExamples:
    """Rows 15, 16 and 19 of the source material."""

    def test_forward_pass_of_a_perceptron_with_every_array_readable(self):
        model = perceptron(3, 4, 2, activation="sigmoid")
        x = np.array([0.1, -0.2, 0.3])
        (w1, b1, w2, b2) = (p.data for p in model.parameters())
        hidden = 1 / (1 + np.exp(-(w1 @ x + b1)))
        np.testing.assert_allclose(model(x).data, w2 @ hidden + b2)

        loss = (model(np.stack([x, 2 * x])) ** 2).sum()
        named = [(node.operation, node.shape) for node in loss.graph() if node.edges]
        assert named == [("linear", (2, 4)), ("sigmoid", (2, 4)), ("linear", (2, 2)), ("pow", (2, 2)), ("sum", ())]

    @pytest.mark.parametrize("activation", ACTIVATION_LAYERS)
    def test_backpropagation_agrees_with_differences_and_an_update_lowers_the_loss(self, activation):
        model = perceptron(2, 5, 4, 3, activation=activation, seed=0)  # 0 exactly is a corner of ReLU: no unit is there
        generator = np.random.default_rng(1)
        x, y = generator.normal(size=(7, 2)), generator.integers(0, 3, 7)
        loss = cross_entropy(model(x), y)
        loss.backward()
        for parameter in model.parameters():
            before = parameter.data

            def moved(values, parameter=parameter):
                parameter.data = values
                return float(cross_entropy(model(x), y).data)

            difference = numerical_gradient(moved, before)
            parameter.data = before
            np.testing.assert_allclose(parameter.grad, difference, atol=1e-9)
        with no_grad():
            for parameter in model.parameters():
                parameter -= 0.01 * parameter.grad
            assert cross_entropy(model(x), y).data < loss.data

    def test_ten_five_one(self):
        model = Sequential(Linear(10, 5, seed=0), ReLU(), Linear(5, 1, seed=1))
        model(np.ones((4, 10))).sum().backward()
        assert [p.grad.shape for p in model.parameters()] == [(5, 10), (5,), (1, 5), (1,)]


def test_a_network_is_built_differentiated_and_trained_by_public_names_alone():
    first, *others = ls.Linear(2, 6, init="xavier", seed=0), ls.Tanh(), ls.Linear(6, 4, init="he", seed=1), ls.ReLU()
    model = ls.Sequential(first, *others, ls.Linear(4, 4, seed=2), ls.Sigmoid(), ls.Linear(4, 2, seed=3))
    x, labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    ls.cross_entropy(model(x), labels).backward()
    assert len(model.parameters()) == 8
    assert [each.grad.shape for each in model.parameters()] == [each.shape for each in model.parameters()]
    with ls.no_grad():
        assert not model(x).requires_grad
    assert np.allclose(first(x).data, x @ first.weight.data.T + first.bias.data)
    record = ls.train(
        model, x, lambda outputs: ls.cross_entropy(outputs, labels), optimizer=ls.Adam(), learning_rate=0.05, steps=300
    )
    assert record.loss[-1] < record.loss[0] / 10


class TestAgainstPyTorch:
    @given(
        widths=st.lists(st.integers(1, 5), min_size=2, max_size=4),
        lanes=st.lists(st.integers(1, 4), max_size=2),
        activation=st.sampled_from([*ACTIVATION_LAYERS]),
        seed=st.integers(0, 1000),
    )
    @settings(max_examples=50)
    def test_networks_of_any_width(self, torch, in_pytorch, widths, lanes, activation, seed):
        model = perceptron(*widths, activation=activation, seed=seed)
        twin = in_pytorch(model)
        x = np.random.default_rng(seed).normal(size=(*lanes, widths[0]))
        ours, theirs = Tensor(x), torch.tensor(x, requires_grad=True)
        (model(ours) ** 2).sum().backward()
        (twin(theirs) ** 2).sum().backward()
        for mine, reference in zip([ours, *model.parameters()], [theirs, *twin.parameters()], strict=True):
            np.testing.assert_allclose(mine.grad, reference.grad.numpy(), rtol=1e-10, atol=1e-10)

    @given(n=st.integers(1, 6), classes=st.integers(1, 5), scale=st.sampled_from([1, 1000]), seed=st.integers(0, 99))
    @settings(max_examples=50)
    def test_cross_entropy_and_its_gradient_softmax_minus_one_hot(self, torch, n, classes, scale, seed):
        generator = np.random.default_rng(seed)
        x, labels = scale * generator.normal(size=(n, classes)), generator.integers(0, classes, n)
        logits, theirs = Tensor(x), torch.tensor(x, requires_grad=True)
        loss, expected = cross_entropy(logits, labels), torch.nn.functional.cross_entropy(theirs, torch.tensor(labels))
        loss.backward()
        expected.backward()
        assert loss.data == pytest.approx(expected.item(), abs=1e-12 * scale)
        np.testing.assert_allclose(logits.grad, theirs.grad.numpy(), atol=1e-12)
        np.testing.assert_allclose(logits.grad, (logits.softmax().data - np.eye(classes)[labels]) / n, atol=1e-12)

    def test_cross_entropy_of_one_sample_and_of_a_stack(self):
        x, labels = np.random.default_rng(0).normal(size=(2, 3, 4)), np.array([[0, 1, 2], [3, 0, 1]])
        each = [float(cross_entropy(Tensor(x[i]), labels[i]).data) for i in np.ndindex(2, 3)]
        assert cross_entropy(Tensor(x), labels).data == pytest.approx(np.mean(each))

    def test_mean_squared_error(self, torch):
        output, target = np.random.default_rng(0).normal(size=(2, 5, 3))
        ours, theirs = Tensor(output), torch.tensor(output, requires_grad=True)
        loss, expected = mean_squared_error(ours, target), torch.nn.functional.mse_loss(theirs, torch.tensor(target))
        loss.backward()
        expected.backward()
        assert loss.data == pytest.approx(expected.item(), rel=1e-14)
        np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-14)


class TestInitialisation:
    @pytest.mark.parametrize("init", INITIALIZATIONS)
    def test_the_seed_decides(self, init):
        first, again, other = (Linear(3, 4, init, seed).weight.data for seed in (0, 0, 1))
        assert (first == again).all()
        assert (first != other).all()
        assert (Linear(3, 4, init).weight.data != Linear(3, 4, init).weight.data).all()

    def test_layers_that_share_a_generator_differ(self):
        first, _, second = perceptron(4, 4, 4).layers
        assert (first.weight.data != second.weight.data).all()

    def test_xavier_and_he_have_the_variance_of_their_papers(self):
        he, xavier = (Linear(200, 300, init, seed=0) for init in ("he", "xavier"))
        assert he.weight.data.std() == pytest.approx((2 / 200) ** 0.5, rel=0.01)
        assert xavier.weight.data.std() == pytest.approx((2 / 500) ** 0.5, rel=0.01)
        assert np.abs(xavier.weight.data).max() <= (6 / 500) ** 0.5
        assert not he.bias.data.any()


class TestErrors:
    def test_init(self):
        with pytest.raises(ValueError, match="one of he, xavier, not 'zeros'"):
            Linear(2, 3, "zeros")

    def test_features(self):
        with pytest.raises(ValueError, match=r"takes 2 features.*shape \(5, 3\)"):
            Linear(2, 3)(np.ones((5, 3)))

    @pytest.mark.parametrize("labels", [[0, 1], [0, 1, 3], [0, -1, 1], [0, 0.5, 1], [[0], [1], [2]], [0, np.nan, 1]])
    def test_labels(self, labels):
        with pytest.raises(ValueError, match=r"labels of shape \(3,\), whole numbers from 0 to 2"):
            cross_entropy(Tensor(np.zeros((3, 3))), labels)

    def test_target(self):
        with pytest.raises(ValueError, match=r"shape \(3, 1\) needs a target of that shape, not \(3,\)"):
            mean_squared_error(Tensor(np.zeros((3, 1))), np.zeros(3))

    @pytest.mark.parametrize("widths", [(), (2,), (2, 0, 1)])
    def test_widths(self, widths):
        with pytest.raises(ValueError, match="at least two widths, each 1 or more"):
            perceptron(*widths)

    def test_activation(self):
        with pytest.raises(ValueError, match="one of relu, tanh, sigmoid, not 'cos'"):
            perceptron(2, 1, activation="cos")
