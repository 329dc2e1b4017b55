"""Speeds from measured times, against the parabola through three neighbours."""

import numpy as np
import pytest

from landscape.gradients.sprint import METRES, SECONDS, speeds


def test_inside_the_speed_is_the_slope_of_the_parabola_through_three_neighbours():
    for i in range(1, 5):
        near = slice(i - 1, i + 2)
        parabola = np.polynomial.Polynomial.fit(SECONDS[near], METRES[near], 2)
        assert speeds()[i] == pytest.approx(float(parabola.deriv()(SECONDS[i])))


def test_at_both_ends_it_is_the_mean_speed_of_the_only_interval_there():
    assert speeds()[0] == pytest.approx(20 / (2.89 - 0.146))
    assert speeds()[-1] == pytest.approx(20 / (9.58 - 7.92))


def test_he_is_fastest_at_80_metres_and_no_faster_than_the_fastest_20_metres():
    assert METRES[speeds().argmax()] == 80
    assert speeds().max() < (20 / np.diff(SECONDS)).max() == pytest.approx(20 / 1.61)
