"""Softmax's Jacobian and the cross-entropy over it, against PyTorch, differences and the engine's own rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.softmax import softmax_jacobian, softmax_loss
from landscape.gradients.tensor import Tensor

logits = hnp.arrays(np.float64, st.integers(1, 6), elements=st.floats(-20, 20))


class TestJacobian:
    """Row 18 of the source material: ∂sᵢ/∂xⱼ = sᵢ(δᵢⱼ − sⱼ)."""

    def test_by_hand(self):
        quarter, half = 0.25, 0.5  # the probabilities of 0, 0 and ln 2
        expected = [
            [quarter * (1 - quarter), -quarter * quarter, -quarter * half],
            [-quarter * quarter, quarter * (1 - quarter), -quarter * half],
            [-half * quarter, -half * quarter, half * (1 - half)],
        ]
        assert softmax_jacobian([0, 0, np.log(2)]) == pytest.approx(np.array(expected))

    @given(logits)
    def test_agrees_with_pytorch(self, x):
        torch = pytest.importorskip("torch")
        theirs = torch.autograd.functional.jacobian(lambda t: torch.softmax(t, 0), torch.tensor(x)).numpy()
        np.testing.assert_allclose(softmax_jacobian(x), theirs, rtol=1e-9, atol=1e-15)

    @given(logits)
    def test_its_rows_are_the_gradients_of_the_probabilities(self, x):
        for i, row in enumerate(softmax_jacobian(x)):
            tensor = Tensor(x)
            tensor.softmax()[i].backward()
            np.testing.assert_allclose(row, tensor.grad, atol=1e-15)

    @given(logits)
    def test_probabilities_only_change_hands(self, x):
        jacobian = softmax_jacobian(x)
        assert jacobian.sum(axis=0) == pytest.approx(0, abs=1e-15)
        assert np.array_equal(jacobian, jacobian.T)

    def test_is_stable(self):
        assert softmax_jacobian([1e300, -1e300]).tolist() == [[0, 0], [0, 0]]


class TestCrossEntropy:
    def test_by_hand(self):
        loss = softmax_loss([0, 0, np.log(2)], 2)
        assert loss.probabilities == pytest.approx([0.25, 0.25, 0.5])
        assert loss.target.tolist() == [0, 0, 1]
        assert loss.loss == pytest.approx(np.log(2))
        assert loss.gradient == pytest.approx([0.25, 0.25, -0.5])

    @given(x=logits, data=st.data())
    def test_its_gradient_is_probabilities_minus_target(self, x, data):
        torch = pytest.importorskip("torch")
        label = data.draw(st.integers(0, x.size - 1))
        found = softmax_loss(x, label)
        assert found.gradient == pytest.approx(found.probabilities - found.target, abs=1e-13)
        theirs = torch.tensor(x, requires_grad=True)
        value = torch.nn.functional.cross_entropy(theirs, torch.tensor(label))
        value.backward()
        assert found.loss == pytest.approx(value.item(), abs=1e-13)
        assert found.gradient == pytest.approx(theirs.grad.numpy(), abs=1e-13)
        differences = numerical_gradient(lambda t: softmax_loss(t, label).loss, x)
        assert found.gradient == pytest.approx(differences, abs=1e-8)


@pytest.mark.parametrize("wrong", [3.0, [[1.0, 2.0]], []])
def test_logits_have_to_be_a_vector(wrong):
    with pytest.raises(ValueError, match="logits must be a vector with a number for each class"):
        softmax_jacobian(wrong)
    with pytest.raises(ValueError, match="logits must be a vector"):
        softmax_loss(wrong, 0)


@pytest.mark.parametrize("label", [-1, 3, 0.5])
def test_a_label_has_to_have_a_logit(label):
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        softmax_loss([1, 2, 3], label)
