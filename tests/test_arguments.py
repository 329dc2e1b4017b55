"""What a run refuses, and the sentence that says why."""

import numpy as np
import pytest

import landscape as ls

BOWL = ls.FUNCTIONS["bowl"]
LINE = ls.LinearRegression([1, 2, 3, 4], [2, 4, 6, 9])


@pytest.mark.parametrize("start", [(1,), (1, 2, 3), (np.nan, 0), (np.inf, 0), "xy", None, 3.0, ("a", 1)])
def test_start_is_two_finite_numbers(start):
    with pytest.raises(ValueError, match="start must be two finite numbers"):
        ls.descend(BOWL, start=start)


@pytest.mark.parametrize("learning_rate", [-0.1, np.nan, np.inf, None, "0.1", True])
def test_learning_rate_is_a_number_of_at_least_zero(learning_rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number of at least 0"):
        ls.descend(BOWL, start=(0, 1), learning_rate=learning_rate)


@pytest.mark.parametrize("max_steps", [-1, 1.5, 10**7, "3"])
def test_max_steps_is_whole_and_bounded(max_steps):
    with pytest.raises(ValueError, match="max_steps must be a whole number from 0 to 1000000"):
        ls.descend(BOWL, start=(0, 1), max_steps=max_steps)


@pytest.mark.parametrize("objective", ["x^2 + y^2", lambda theta: theta.sum(), None, [1, 2]])
def test_an_objective_has_a_value_and_a_gradient(objective):
    with pytest.raises(ValueError, match="The objective must have objective"):
        ls.descend(objective, start=(0, 1))


@pytest.mark.parametrize("optimizer", [ls.Adam, "adam", None, 0.1])
def test_an_optimizer_is_an_object(optimizer):
    sentence = r"optimizer must be an optimizer such as Adam\(\), but it is"
    with pytest.raises(ValueError, match=sentence):
        ls.descend(BOWL, start=(0, 1), optimizer=optimizer)
    with pytest.raises(ValueError, match=sentence):
        ls.suggest_learning_rate(BOWL, optimizer, (0, 1))
    with pytest.raises(ValueError, match=sentence):
        ls.repeats(LINE, start=(0, 0), batch_size=2, optimizer=optimizer)
    with pytest.raises(ValueError, match=sentence):
        ls.train(ls.Linear(1, 1), [[1.0]], lambda output: output.mean(), optimizer=optimizer)


@pytest.mark.parametrize(
    ("unfit", "sentence"),
    [
        ({"objective": None}, "The objective must have objective"),
        ({"start": (1, None)}, "start must be two finite numbers"),
        ({"max_steps": -1}, "max_steps must be a whole number from 0 to 1000000"),
        ({"max_steps": 2.5, "batch_size": 2}, "max_steps must be a whole number from 0 to 1000000"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1 to 4"),
        ({"batch_size": 9}, "batch_size must be a whole number from 1 to 4"),
        ({"objective": BOWL, "batch_size": 4}, "this objective has no samples"),
        ({"optimizer": ls.Newton(), "batch_size": 2}, "needs the same loss at every step"),
    ],
)
def test_a_learning_rate_is_suggested_for_what_a_run_accepts(unfit, sentence):
    fit = {"objective": LINE, "optimizer": ls.Adam(), "start": (0, 0)}
    with pytest.raises(ValueError, match=sentence):
        ls.suggest_learning_rate(**fit | unfit)
    assert ls.suggest_learning_rate(**fit, batch_size=2) > 0


@pytest.mark.parametrize("stop", [1e-3, None, ls.Stopping])
def test_what_stops_a_run_is_a_stopping(stop):
    with pytest.raises(ValueError, match="stop must be conditions such as Stopping"):
        ls.descend(BOWL, start=(0, 1), stop=stop)


def test_seeds_are_a_number_or_several():
    assert ls.repeats(LINE, start=(0, 0), batch_size=2, epochs=1, seeds=np.int64(3)).seeds == (0, 1, 2)
    assert ls.repeats(LINE, start=(0, 0), batch_size=2, epochs=1, seeds=[7, 9]).seeds == (7, 9)
    for seeds in (0, 3.0, (), None):
        with pytest.raises(ValueError, match="seeds must be a number of at least 1, or some seeds"):
            ls.repeats(LINE, start=(0, 0), batch_size=2, epochs=1, seeds=seeds)
