"""The traps of rows 2 and 4 of the source material: what they answer, and what is right."""

import numpy as np
import pytest

from landscape.gradients.numerical import numerical_gradient
from landscape.gradients.pitfalls import in_place_gradient, scalar_gradient


def squares(theta):
    return (theta**2).sum()


def test_whole_numbers_are_cut_off():
    theta = np.array([3, 4])
    assert in_place_gradient(squares, theta).tolist() == [25000, 35000]
    assert numerical_gradient(squares, theta, 1e-4) == pytest.approx([6, 8])


def test_floats_are_right_so_that_the_mistake_is_not_noticed():
    assert in_place_gradient(squares, np.array([3.0, 4.0])) == pytest.approx([6, 8])


def test_a_matrix_of_weights_has_fewer_rows_than_entries():
    weights = np.arange(6.0).reshape(2, 3)
    with pytest.raises(IndexError, match="index 2 is out of bounds for axis 0 with size 2"):
        in_place_gradient(squares, weights)
    assert numerical_gradient(squares, np.arange(6.0).reshape(2, 3), 1e-4) == pytest.approx(
        2 * np.arange(6.0).reshape(2, 3)
    )


def test_one_function_value_has_no_neighbours():
    assert np.size(scalar_gradient(lambda p: p**2, 2.0)) == 0
    assert 2 - 0.1 * numerical_gradient(lambda p: p**2, 2.0) == pytest.approx(1.6)
