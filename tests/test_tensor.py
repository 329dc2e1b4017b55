"""Automatic differentiation against PyTorch and against differences, operation by operation."""

import operator
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.tensor import Tensor, no_grad, operation

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)
SEEDS = st.integers(0, 2**32 - 1)


def pytorch():
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # on a busy machine its threads only wait for each other
    return torch


def drawn(seed, *shapes, positive=False):
    generator = np.random.default_rng(seed)
    arrays = [generator.uniform(0.2, 3, shape) for shape in shapes]
    return arrays if positive else [array * generator.choice([-1, 1], array.shape) for array in arrays]


def check(function, *arrays, theirs=None):
    """Value and gradients of a function of tensors agree with PyTorch's and with differences."""
    torch = pytorch()
    ours = [Tensor(array) for array in arrays]
    result = function(*ours)
    weights = np.random.default_rng(1).normal(size=result.shape)
    (result * weights).sum().backward()

    known = [torch.tensor(array, requires_grad=True) for array in arrays]
    expected = (theirs or function)(*known)
    (expected * torch.tensor(weights)).sum().backward()
    np.testing.assert_allclose(result.data, expected.detach().numpy(), rtol=1e-12, atol=1e-12)

    for i, (tensor, reference) in enumerate(zip(ours, known, strict=True)):
        assert tensor.grad.shape == tensor.shape
        np.testing.assert_allclose(tensor.grad, reference.grad.numpy(), rtol=1e-10, atol=1e-10)

        def loss(moved, i=i):
            return (function(*ours[:i], Tensor(moved), *ours[i + 1 :]).data * weights).sum()

        np.testing.assert_allclose(tensor.grad, numerical_gradient(loss, arrays[i]), rtol=1e-5, atol=1e-6)


class TestAgainstPyTorchAndDifferences:
    @pytest.mark.parametrize("symbol", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
    @given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4), seed=SEEDS)
    @settings(max_examples=30)
    def test_arithmetic_with_broadcasting(self, symbol, shapes, seed):
        check(symbol, *drawn(seed, *shapes.input_shapes, positive=symbol is operator.pow))

    @pytest.mark.parametrize("symbol", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
    @pytest.mark.parametrize("constant", [2, 0.5, 3.0])
    def test_arithmetic_with_a_constant_on_either_side(self, symbol, constant):
        (x,) = drawn(0, (2, 3), positive=True)
        check(lambda t: symbol(t, constant), x)
        check(lambda t: symbol(constant, t), x)

    @given(
        shapes=hnp.mutually_broadcastable_shapes(signature="(n?,k),(k,m?)->(n?,m?)", max_dims=2, max_side=4), seed=SEEDS
    )
    def test_matrix_product(self, shapes, seed):
        check(operator.matmul, *drawn(seed, *shapes.input_shapes))

    @pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "relu", "__neg__", "log", "sqrt"])
    @given(shape=SHAPES, seed=SEEDS)
    @settings(max_examples=20)
    def test_functions_of_each_element(self, name, shape, seed):
        check(lambda x: getattr(x, name)(), *drawn(seed, shape, positive=name in ("log", "sqrt")))

    @pytest.mark.parametrize("name", ["sum", "mean", "max"])
    @given(data=st.data(), shape=SHAPES, keepdims=st.booleans(), seed=SEEDS)
    @settings(max_examples=30)
    def test_reductions(self, name, data, shape, keepdims, seed):
        axes = hnp.valid_tuple_axes(len(shape), min_size=1) if shape else st.nothing()
        axis = data.draw(st.none() | axes | (st.integers(-len(shape), len(shape) - 1) if shape else st.nothing()))
        known = {"max": "amax"}.get(name, name)
        check(
            lambda x: getattr(x, name)(axis=axis, keepdims=keepdims),
            *drawn(seed, shape),
            theirs=lambda x: getattr(x, known)(dim=() if axis is None and name == "max" else axis, keepdim=keepdims),
        )

    @pytest.mark.parametrize("name", ["softmax", "logsumexp"])
    @given(data=st.data(), shape=hnp.array_shapes(max_dims=3, max_side=4), seed=SEEDS)
    @settings(max_examples=20)
    def test_softmax_and_logsumexp(self, name, data, shape, seed):
        axis = data.draw(st.integers(-len(shape), len(shape) - 1))
        check(lambda x: getattr(x, name)(axis), *drawn(seed, shape))

    @given(data=st.data(), shape=SHAPES, seed=SEEDS)
    def test_transpose(self, data, shape, seed):
        order = data.draw(st.permutations(range(len(shape))))
        order = [axis - len(shape) * data.draw(st.booleans()) for axis in order]
        check(lambda x: x.transpose(*order), *drawn(seed, shape), theirs=lambda x: x.permute(*order) if order else x)

    def test_transpose_reverses_and_reshape_keeps_the_order(self):
        (x,) = drawn(0, (2, 3, 4))
        check(lambda t: t.T, x, theirs=lambda t: t.permute(2, 1, 0))
        check(lambda t: t.transpose(), x, theirs=lambda t: t.permute(2, 1, 0))
        check(lambda t: t.reshape(6, -1), x)
        check(lambda t: t.reshape((4, 6)), x)

    @given(data=st.data(), shape=hnp.array_shapes(max_dims=3, max_side=4), seed=SEEDS)
    def test_basic_indexing(self, data, shape, seed):
        index = data.draw(hnp.basic_indices(shape, allow_newaxis=True).filter(lambda i: "-" not in str(i)))
        (x,) = drawn(seed, shape)
        if x[index].size:
            check(lambda t: t[index], x)

    @pytest.mark.parametrize("index", [[0, 0, 2], ([0, 1, 0], [1, 1, 1]), np.arange(12).reshape(3, 4) % 5 > 1])
    def test_an_element_chosen_twice_gets_both_gradients(self, index):
        (x,) = drawn(0, (3, 4))
        check(lambda t: t[index], x)

    @pytest.mark.parametrize(
        ("function", "numbers"),
        [
            (lambda x: x.relu(), [-1.0, 0.0, -0.0, 2.0]),
            (lambda x: x.max() if isinstance(x, Tensor) else x.amax(), [3.0, 1.0, 3.0]),
            (lambda x: x**2, [0.0, -1.0]),
            (lambda x: x**0, [0.0, -1.0]),
            (lambda x: x**3.0, [-2.0, 0.0]),
            (lambda x: 0.0**x, [0.0, 2.0]),
            (lambda x: x.sqrt(), [0.0, 4.0, -1.0]),
            (lambda x: x.log(), [0.0, 1.0, -1.0]),
            (lambda x: 1 / x, [0.0, 2.0]),
            (lambda x: x.sigmoid(), [-1e4, -800.0, -40.0, 0.0, 40.0, 800.0, 1e4]),
            (lambda x: x.tanh(), [-1e4, 0.0, 1e4]),
            (lambda x: x.softmax(-1), [1000.0, 1001.0, -1e4]),
            (lambda x: x.logsumexp(-1), [1000.0, 1001.0, -1e4]),
            (lambda x: x.logsumexp(-1), [-1e300, 1e300]),
            (lambda x: x.exp(), [1000.0, -1000.0]),
        ],
    )
    def test_corners_and_large_inputs_without_a_warning(self, function, numbers):
        torch = pytorch()
        ours, theirs = Tensor(numbers), torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        value, expected = function(ours), function(theirs)
        value.sum().backward()
        expected.sum().backward()
        np.testing.assert_allclose(value.data, expected.detach().numpy(), rtol=1e-12)
        np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-12)


class TestWorkedExamples:
    """Rows 14, 17, 18 and 20 of the source material, with the right answers."""

    def test_the_graph_of_a_chain_can_be_read(self):
        a, b, c, f = Tensor(2), Tensor(-3), Tensor(10), Tensor(-2)
        loss = (a * b + c) * f
        loss.backward()
        assert loss.data == -8
        assert [x.grad for x in (a, b, c, f)] == [6, -4, -2, 4]

        product, total = loss.edges[0][0].edges[0][0], loss.edges[0][0]
        assert loss.graph() == [a, b, c, f, product, total, loss]
        assert [node.operation for node in loss.graph()] == ["", "", "", "", "mul", "add", "mul"]
        assert [float(node.grad) for node in loss.graph()] == [6, -4, -2, 4, -2, -2, 1]
        local = {(operand, node): rule(1.0) for node in loss.graph() for operand, rule in node.edges}
        assert local == {(a, product): -3, (b, product): 2, (product, total): 1, (c, total): 1,
                         (total, loss): -2, (f, loss): 4}  # fmt: skip

    def test_the_articles_regression(self):
        x, y = np.array([1, 2, 3]), np.array([6, 9, 12])
        w, b = Tensor(2), Tensor(1)
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        assert w.grad == pytest.approx(-17.3333, abs=1e-4)  # not 4.6667
        assert b.grad == pytest.approx(-8)  # not 3
        before = loss.data
        with no_grad():
            w -= 0.01 * w.grad
            b -= 0.01 * b.grad
        assert (w.data, b.data) == (pytest.approx(2.173333), pytest.approx(1.08))
        assert ((w * x + b - y) ** 2).mean().data < before
        assert w.requires_grad

    def test_gradients_accumulate_until_zeroed(self):
        w = Tensor([1.0, 2.0])
        assert w.grad is None
        for times in (1, 2, 3):
            (3 * w).sum().backward()
            assert (w.grad == 3 * times).all()
        w.zero_grad()
        assert w.grad is None
        (3 * w).sum().backward()
        assert (w.grad == 3).all()

    def test_a_second_pass_over_one_graph_adds_the_same_again(self):
        x = Tensor(3)
        square = x * x
        loss = square * 2
        loss.backward()
        loss.backward()
        assert x.grad == 2 * 12
        assert square.grad == 2

    def test_linear_relu_and_sigmoid(self):
        w, b = Tensor(0.5), Tensor(0)
        (w * 7 + b).backward()
        assert (w.grad, b.grad) == (7, 1)
        x = Tensor([-1, 0, 2])
        x.relu().sum().backward()
        assert list(x.grad) == [0, 0, 1]
        x = Tensor(0)
        x.sigmoid().backward()
        assert x.grad == 0.25

    def test_the_jacobian_of_softmax(self):
        x = Tensor([0.5, -1.0, 2.0])
        s = x.softmax()
        rows = []
        for i in range(3):
            x.zero_grad()
            s[i].backward()
            rows.append(x.grad)
        np.testing.assert_allclose(rows, np.diag(s.data) - np.outer(s.data, s.data), atol=1e-16)

    def test_relu_by_hand_is_relu(self):
        @operation
        def my_relu(x):
            return np.maximum(x.data, 0), (x, lambda gradient: gradient * (x.data > 0))

        by_hand, built_in = Tensor([-1, 0, 2]), Tensor([-1, 0, 2])
        (my_relu(by_hand) * [5, 6, 7]).sum().backward()
        (built_in.relu() * [5, 6, 7]).sum().backward()
        assert (by_hand.grad == built_in.grad).all()
        assert my_relu(by_hand).operation == "my_relu"
        with no_grad():
            assert not my_relu(by_hand).requires_grad

    def test_an_operation_of_ones_own_broadcasts_and_reports_a_gradient_that_does_not_fit(self):
        @operation
        def scaled(x, factor, rule=lambda x, g: g * x):
            return x.data * factor.data, (x, lambda g: g * factor.data), (factor, lambda g: rule(x.data, g))

        x, factor = Tensor([[1, 2, 3]]), Tensor([4, 5, 6])
        scaled(x, factor).sum().backward()
        assert list(factor.grad) == [1, 2, 3]
        with pytest.raises(ValueError, match=r"scaled: its rule returned shape \(2,\) for an operand of shape \(3,\)"):
            scaled(factor, factor, lambda x, g: g[:2]).sum().backward()


class TestRecording:
    @pytest.mark.parametrize("make", [lambda x: Tensor(3), lambda x: Tensor(3, requires_grad=False) * 2])
    def test_backward_on_what_was_not_recorded(self, make):
        with pytest.raises(RuntimeError, match="none led to this tensor"):
            make(None).backward()

    def test_backward_on_what_was_computed_under_no_grad(self):
        x = Tensor(3)
        with no_grad():
            y = x * x
        assert not y.requires_grad
        with pytest.raises(RuntimeError, match="no_grad"):
            y.backward()
        (x * y).backward()
        assert x.grad == 9

    def test_backward_on_what_is_no_single_number(self):
        with pytest.raises(RuntimeError, match=r"shape \(2,\)"):
            (Tensor([1, 2]) * 2).backward()

    def test_recording_returns_after_an_error_and_nests(self):
        x = Tensor(1)
        with pytest.raises(ZeroDivisionError), no_grad(), no_grad():
            1 / 0  # noqa: B018
        assert (x * 2).requires_grad

    def test_no_grad_is_a_matter_of_its_own_thread(self):
        inside, results = threading.Event(), []

        def other():
            inside.wait()
            results.append((Tensor(1) * 2).requires_grad)

        thread = threading.Thread(target=other)
        thread.start()
        with no_grad():
            inside.set()
            thread.join()
        assert results == [True]

    def test_what_needs_no_gradient_gets_none(self):
        x, data = Tensor(2), Tensor([1, 2], requires_grad=False)
        (x * data).sum().backward()
        assert data.grad is None
        assert x.grad == 3

    def test_a_difference_in_place_is_recorded_unless_told_otherwise(self):
        x = Tensor(5)
        y = x
        y -= 2 * x
        y.backward()
        assert (x.data, x.grad) == (5, -1)

    def test_an_update_leaves_the_recorded_pass_as_it_was(self):
        w = Tensor(3)
        loss = w * w
        with no_grad():
            w -= 1
        loss.backward()
        assert w.grad == 6

    def test_arrays_and_gradients_are_not_shared(self):
        data = np.array([1.0, 2.0])
        a, b = Tensor(data), Tensor(data)
        (a + b).sum().backward()
        a.grad *= 10
        a.data += 1
        assert list(b.grad) == [1, 1]
        assert list(b.data) == [1, 2]
        assert list(data) == [1, 2]

    def test_ten_thousand_operations_do_not_overflow_the_stack(self):
        x = Tensor(1)
        y = x
        for _ in range(10_000):
            y = y + 0.001 * x
        y.backward()
        assert x.grad == pytest.approx(11)
        assert len(y.graph()) == 30_001
        del y

    def test_a_diamond_of_many_paths_is_walked_once(self):
        x = Tensor(1)
        y = x
        for _ in range(60):
            y = y + y
        y.backward()
        assert x.grad == 2**60

    def test_arrays_on_the_left_leave_the_operation_to_the_tensor(self):
        w = Tensor([1.0, 2.0])
        ones = np.ones(2)
        for result in (ones + w, ones - w, ones * w, ones / w, ones**w, ones @ w, [1, 1] - w):
            assert isinstance(result, Tensor)
            assert result.requires_grad

    def test_shape_and_text(self):
        assert Tensor([[1, 2], [3, 4]]).shape == (2, 2)
        assert repr(Tensor([1, 2.5])) == "Tensor([1. , 2.5])"
        assert repr(Tensor(3)) == "Tensor(3.)"
