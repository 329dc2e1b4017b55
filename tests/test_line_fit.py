"""The figure of samples and the line fitted to them."""

import numpy as np
import pytest

from landscape.figures.line_fit import LineWords, line_fit

WORDS = LineWords("samples", "line", "before", "errors")
X, Y = np.array([1.0, 2.0, 3.0]), np.array([6.0, 9.0, 12.0])


def traces(lines, theme="light"):
    figure = line_fit(X, Y, lines, theme=theme, words=WORDS)
    found = {}
    for trace in figure.data:
        found.setdefault(trace.name, []).append(trace)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_last_line_is_drawn_with_its_errors_and_the_ones_before_it_faint(theme):
    found = traces([(2.0, 1.0), (2.0, 1.0), (2.5, 1.2)], theme)
    (line,), (errors,), (before,) = found["line"], found["errors"], found["before"]
    np.testing.assert_allclose(line.y, 2.5 * np.asarray(line.x) + 1.2)
    np.testing.assert_allclose(before.y, 2.0 * np.asarray(before.x) + 1.0)
    assert before.opacity < 1
    np.testing.assert_allclose(np.reshape(errors.y, (3, 3))[:, :2], np.stack([Y, 2.5 * X + 1.2], 1))
    np.testing.assert_array_equal(found["samples"][0].y, Y)


def test_a_line_without_a_finite_value_is_left_out():
    found = traces([(2.0, 1.0), (np.inf, 1.0), (np.nan, np.nan)])
    assert "line" not in found
    assert len(found["before"]) == 1
    assert len(found["samples"]) == 1
