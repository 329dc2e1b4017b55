"""LOSSES: what the residual of one sample costs in a linear regression; and CROSS_ENTROPY, for logistic regression."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["CROSS_ENTROPY", "LOSSES", "SampleLoss"]

HALVINGS = 4  # of the samples before a logarithm is taken

Array = NDArray[np.float64]


class SampleLoss:
    """ℓ(r), the loss of one sample as a function of its residual r, and its derivatives: elementwise on arrays."""

    name: ClassVar[str]
    about: ClassVar[str]
    source: ClassVar[str]
    latex: ClassVar[str]
    kinked: ClassVar[bool] = False

    def value(self, r: Array) -> Array:
        """ℓ(r)."""
        raise NotImplementedError

    def slope(self, r: Array) -> Array:
        """ℓ′(r); at a kink the subgradient 0."""
        raise NotImplementedError

    def slope_on_floats(self, r: float) -> float:
        """ℓ′(r) of a plain float, which is many times faster than of an array with one number."""
        raise NotImplementedError

    def curvature(self, r: Array) -> Array:
        """ℓ″(r); at a kink 0."""
        raise NotImplementedError

    def majorizer(self, r: Array) -> Array:
        """The curvature of a parabola that touches ℓ at r and is nowhere below it; where ℓ is not kinked."""
        raise NotImplementedError

    def mean(self, r: Array) -> Array:
        """The mean of ℓ over the first axis of r, (n, lanes) -> (lanes,); r may be used up."""
        mean: Array = np.full(len(r), 1 / len(r)) @ self.value(r)  # which is quicker than .mean for few lanes
        return mean


class Squared(SampleLoss):
    name = "Squared loss"
    about = "Counts the square of each residual, so that one outlier far away can pull the whole line."
    source = "Legendre, Nouvelles méthodes pour la détermination des orbites des comètes, 1805"
    latex = r"r^2"

    def value(self, r: Array) -> Array:
        return r * r

    def slope(self, r: Array) -> Array:
        return 2 * r

    def slope_on_floats(self, r: float) -> float:
        return 2 * r

    def curvature(self, r: Array) -> Array:
        return np.full_like(r, 2.0)

    majorizer = curvature


class Absolute(SampleLoss):
    name = "Absolute loss"
    about = "Counts the length of each residual: an outlier pulls no harder than any other sample."
    source = "Bloomfield and Steiger, Least Absolute Deviations, 1983"
    latex = r"\left|r\right|"
    kinked = True

    def value(self, r: Array) -> Array:
        return np.abs(r)

    def slope(self, r: Array) -> Array:
        return np.sign(r)

    def slope_on_floats(self, r: float) -> float:
        return math.copysign(1.0, r) if r else 0.0

    def curvature(self, r: Array) -> Array:
        return np.zeros_like(r)


class Huber(SampleLoss):
    name = "Huber loss"
    about = "A parabola up to a residual of 1 and straight lines beyond: smooth, and outliers pull no harder."
    source = "Huber, Robust estimation of a location parameter, 1964"
    latex = r"\begin{cases} \frac{1}{2} r^2 & |r| \le 1 \\ |r| - \frac{1}{2} & |r| > 1 \end{cases}"

    def value(self, r: Array) -> Array:
        near = np.clip(r, -1.0, 1.0)
        return near * (r - 0.5 * near)

    def slope(self, r: Array) -> Array:
        return np.clip(r, -1.0, 1.0)

    def slope_on_floats(self, r: float) -> float:
        return min(1.0, max(-1.0, r))

    def curvature(self, r: Array) -> Array:
        return (np.abs(r) <= 1).astype(np.float64)

    def majorizer(self, r: Array) -> Array:
        return 1 / np.maximum(np.abs(r), 1.0)


class CrossEntropy(SampleLoss):
    """ℓ(r) = ln(1 + eʳ) = −ln P(y), r being the logit of the class that the sample is not in."""

    name = "Cross-entropy"
    about = "Minus the logarithm of the probability that was given to the class of the sample."
    source = "Cox, The regression analysis of binary sequences, 1958"
    latex = r"-\ln P(y)"

    def value(self, r: Array) -> Array:
        value: Array = np.maximum(r, 0.0) + np.log1p(np.exp(-np.abs(r)))
        return value

    def slope(self, r: Array) -> Array:
        small = np.exp(-np.abs(r))
        slope: Array = np.where(r > 0, 1.0, small) / (1 + small)
        return slope

    def slope_on_floats(self, r: float) -> float:
        small = math.exp(-abs(r))
        return (1.0 if r > 0 else small) / (1.0 + small)

    def curvature(self, r: Array) -> Array:
        small = np.exp(-np.abs(r))
        curvature: Array = small / np.square(1 + small)
        return curvature

    def majorizer(self, r: Array) -> Array:
        """Jaakkola and Jordan, Bayesian parameter estimation via variational methods, 2000."""
        half = np.maximum(np.abs(r) / 2, 1e-9)
        majorizer: Array = np.tanh(half) / (4 * half)
        return majorizer

    def mean(self, r: Array) -> Array:
        """Σ ln(1 + a) with a sixteenth of the logarithms, for (1 + a)(1 + b) = 1 + (a + b + ab).

        Nothing is subtracted, so that small sums keep all their digits; a ≤ 1, so that no product overflows.
        """
        n, ones = len(r), np.ones(len(r))
        terms = np.abs(r)
        r += terms  # twice the positive part
        total = 0.5 * (ones @ r)
        np.negative(terms, out=terms)
        np.exp(terms, out=terms)
        for _ in range(HALVINGS):
            half = len(terms) // 2
            a, b, odd = terms[:half], terms[half : 2 * half], terms[2 * half :]
            if len(odd):
                total += np.log1p(odd[0])
            product = np.multiply(a, b, out=r[:half])
            a += b
            a += product
            terms = a
        np.log1p(terms, out=terms)
        mean: Array = (total + ones[: len(terms)] @ terms) / n
        return mean


LOSSES: dict[str, SampleLoss] = {"squared": Squared(), "absolute": Absolute(), "huber": Huber()}
CROSS_ENTROPY = CrossEntropy()
