"""The curve of a training: its losses, where it stands, and numbers that cannot be drawn."""

import numpy as np
import pytest

from landscape.figures.loss_curve import loss_curve
from landscape.figures.palette import THEMES


def drawn(loss, logarithmic=False, theme="light"):
    return loss_curve(np.array(loss), theme=theme, step="step", name="loss", logarithmic=logarithmic)


@pytest.mark.parametrize("theme", THEMES)
def test_the_losses_and_where_the_training_stands(theme):
    figure = drawn([4.0, 2.0, 1.0], theme=theme)
    line, mark = figure.data
    assert (list(line.x), list(line.y)) == ([0, 1, 2], [4, 2, 1])
    assert (list(mark.x), list(mark.y)) == ([2], [1])
    assert figure.layout.yaxis.type == "linear"
    assert figure.layout.xaxis.title.text == "step"


def test_what_has_no_place_on_the_axis_is_left_out():
    assert np.isnan(drawn([1.0, np.inf]).data[0].y[1])
    line, _ = drawn([1.0, 0.0, 1e-9], logarithmic=True).data
    np.testing.assert_array_equal(np.isnan(line.y), [False, True, False])
