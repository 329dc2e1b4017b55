"""A regression statement by statement, against closed forms, PyTorch and the script itself."""

import re
import subprocess
import sys

import numpy as np
import pytest

from landscape.gradients.recorded_regression import (
    PRINTED,
    STATEMENTS,
    X,
    Y,
    after_update,
    gradient,
    script,
    states,
)


def walk(*statements, w=2.0, b=1.0, learning_rate=0.01):
    return states(statements, w, b, learning_rate)[-1]


def closed_form(w, b):
    error = w * X + b - Y
    return 2 * (error * X).mean(), 2 * error.mean()


class TestWorkedExample:
    """Row 17 of the source material."""

    def test_forward_and_backward(self):
        state = walk("forward", "backward")
        assert state.loss == pytest.approx(50 / 3)
        assert state.w_grad == pytest.approx(-17.3333, abs=1e-4)
        assert state.b_grad == pytest.approx(-8.0)
        assert (state.w_grad, state.b_grad) == pytest.approx(closed_form(2, 1))

    def test_nothing_is_shown_before_its_time(self):
        assert walk().loss is None
        assert walk("forward").w_grad is None
        assert walk("forward", "backward", "zero_grad").w_grad is None

    def test_gradients_accumulate_until_zeroed(self):
        assert walk("forward", "backward", "backward").w_grad == pytest.approx(-2 * 17.3333, abs=1e-3)
        assert walk("forward", "backward", "forward", "backward").b_grad == pytest.approx(-16)
        assert walk("forward", "backward", "zero_grad", "backward").b_grad == pytest.approx(-8)

    def test_an_update_moves_the_parameters_and_is_not_recorded(self):
        state = walk("forward", "backward", "update", learning_rate=0.01)
        assert (state.w, state.b) == pytest.approx((2.173333, 1.08), abs=1e-6)
        later = walk("forward", "backward", "update", "zero_grad", "forward")
        assert later.recorded == walk("forward").recorded == 5
        assert later.loss < 50 / 3

    def test_the_loss_is_of_before_from_an_update_to_the_next_forward(self):
        update = ["forward", "backward", "update"]
        assert not walk(*update).loss_is_current
        state = walk(*update, "zero_grad", "backward")
        assert not state.loss_is_current
        assert (state.w_grad, state.b_grad) == pytest.approx(closed_form(2, 1)), "the gradient of the old loss"
        assert walk(*update, "forward").loss_is_current
        assert walk(*update, "unrecorded").loss_is_current

    def test_what_is_not_recorded_has_no_backward(self):
        state = walk("unrecorded", "backward")
        assert state.recorded == 0
        assert state.loss == pytest.approx(50 / 3)
        assert "no_grad" in state.error
        assert state.w_grad is None

    def test_the_printed_gradients_cannot_be_right(self):
        recorded, differences = gradient(2, 1)
        assert recorded == pytest.approx(differences, rel=1e-7)
        assert (np.sign(PRINTED) != np.sign(recorded)).all()
        assert (2 * X + 1 < Y).all(), "every prediction is too low, so both parameters have to grow"
        assert after_update(2, 1, PRINTED, 0.01) > 50 / 3 > after_update(2, 1, recorded, 0.01)

    def test_a_hundred_steps_are_those_of_pytorch(self, torch):
        w, b = (torch.tensor(float(value), dtype=torch.float64, requires_grad=True) for value in (2, 1))
        optimizer = torch.optim.SGD([w, b], lr=0.05)
        x, y = torch.tensor(X), torch.tensor(Y)
        for _ in range(100):
            optimizer.zero_grad()
            ((w * x + b - y) ** 2).mean().backward()
            optimizer.step()
        state = walk(*("forward", "backward", "update", "zero_grad") * 100, learning_rate=0.05)
        assert (state.w, state.b) == pytest.approx((w.item(), b.item()), rel=1e-12)


class TestScript:
    @pytest.mark.parametrize(
        "statements",
        [
            ("forward", "backward", "backward", "zero_grad", "backward", "update"),
            ("unrecorded", "forward", "backward", "update", "forward", "backward", "update"),
        ],
    )
    def test_it_runs_and_prints_what_is_told(self, statements):
        text = script(statements, 2.0, 1.0, 0.02)
        run = subprocess.run(
            [sys.executable, "-"],
            input=text + "print(w.data, b.data, w.grad, b.grad, loss.data)\n",
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        state = walk(*statements, learning_rate=0.02)
        expected = (state.w, state.b, state.w_grad, state.b_grad, state.loss)
        assert [float(word) for word in run.stdout.split()] == pytest.approx(expected)

    def test_its_comments_are_the_states(self):
        text = script(("forward", "backward", "backward"), 2.0, 1.0, 0.01)
        assert "loss = 16.6667, 5 operations recorded" in text
        assert re.findall(r"w\.grad = (\S+), b\.grad = (\S+)", text) == [("-17.3333", "-8"), ("-34.6667", "-16")]

    def test_an_error_is_the_one_that_the_script_raises(self):
        statements = ("unrecorded", "backward")
        run = subprocess.run(
            [sys.executable, "-"], input=script(statements, 2.0, 1.0, 0.01), capture_output=True, text=True
        )
        assert run.returncode == 1
        assert run.stderr.splitlines()[-1] == f"RuntimeError: {walk(*statements).error}"
        assert run.stderr.splitlines()[-1] in script(statements, 2.0, 1.0, 0.01)


def test_what_makes_no_sense_yet_is_refused():
    for statements in (["backward"], ["update"], ["forward", "zero_grad"], ["forward", "update"]):
        with pytest.raises(ValueError, match="makes no sense here"):
            walk(*statements)
        assert not states(statements[:-1], 2, 1, 0.01)[-1].can(statements[-1])
    with pytest.raises(KeyError):
        walk("print")
    assert all(states((), 2, 1, 0.01)[0].can(key) == (key in ("forward", "unrecorded")) for key in STATEMENTS)


def test_a_run_that_diverges_does_not_raise():
    state = walk(*("forward", "backward", "update", "zero_grad") * 400, learning_rate=10.0)
    assert not np.isfinite(state.w)
