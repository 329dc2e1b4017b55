"""Softmax and the cross-entropy over it: how every probability answers to every logit."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.gradients.layers import cross_entropy
from landscape.gradients.tensor import Array, Tensor


@dataclass(frozen=True, eq=False)
class SoftmaxLoss:
    """−log of the probability of the right class, and what it is made of; every array (classes,)."""

    probabilities: Array
    target: Array  # 1 for the right class, 0 elsewhere
    loss: float
    gradient: Array  # ∂loss/∂logits, by automatic differentiation; it is probabilities − target


def softmax_loss(logits: npt.ArrayLike, label: int) -> SoftmaxLoss:
    """The cross-entropy of one sample. logits: (classes,); label: the right class, from 0.

    Raises ValueError for logits that are no vector and a label without a logit.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.2.2.3.
    """
    given = Tensor(_vector(logits))
    loss = cross_entropy(given, label)
    loss.backward()
    assert given.grad is not None
    return SoftmaxLoss(given.softmax().data, np.eye(given.data.size)[label], float(loss.data), given.grad)


def softmax_jacobian(logits: npt.ArrayLike) -> Array:
    """The Jacobian ∂sᵢ/∂xⱼ = sᵢ(δᵢⱼ − sⱼ) of s = softmax(x), (classes, classes), row i and column j.

    Rows and columns add up to 0: probabilities only change hands. Raises ValueError for logits that are no vector.
    """
    s = Tensor(_vector(logits)).softmax().data
    return s[:, None] * (np.eye(s.size) - s)


def _vector(logits: npt.ArrayLike) -> Array:
    vector = np.asarray(logits, np.float64)
    if vector.ndim != 1 or not vector.size:
        raise ValueError(f"logits must be a vector with a number for each class, not of shape {vector.shape}.")
    return vector
