"""The loop and its record: shapes, the identity θ⁺ = θ − η d, and numbers that never raise."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.descent.batches import BLOCK, sample_order
from landscape.descent.optimizers import Elementwise
from landscape.objectives.samples import SAMPLES

optimizers = st.sampled_from([optimizer() for optimizer in ls.OPTIMIZERS.values()])
functions = st.sampled_from(list(ls.FUNCTIONS.values()))


@settings(max_examples=60, deadline=None)
@given(functions, optimizers, st.floats(0, 1), st.integers(0, 40))
def test_the_record_is_what_happened(function, optimizer, learning_rate, max_steps):
    run = ls.descend(
        function, start=function.start, optimizer=optimizer, learning_rate=learning_rate, max_steps=max_steps
    )
    n = run.stop.step
    assert n <= max_steps
    assert run.theta.shape == run.gradient.shape == (2, n + 1)
    assert run.loss.shape == (n + 1,)
    assert run.learning_rate.shape == (n,)
    assert run.direction.shape == (2, n)
    assert {name: record.shape for name, record in run.states.items()} == dict.fromkeys(optimizer.quantities, (2, n))
    assert run.theta[:, 0].tolist() == list(function.start)
    assert np.isfinite(run.theta).all()
    np.testing.assert_array_equal(run.theta[:, 1:], run.theta[:, :-1] - run.learning_rate * run.direction)
    if run.stop.reason is not ls.StopReason.DIVERGED:
        np.testing.assert_allclose(run.loss, function(run.theta), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(run.gradient, function.gradient(run.theta), rtol=1e-9, atol=1e-9)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        functions,
        st.sampled_from(
            [
                ls.formula(text)
                for text in ("1/(x*y)", "sqrt(x) + log(y)", "exp(exp(x)) - y", "abs(x) - y^3", "x^x", "3")
            ]
        ),
    ),
    st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(-3, 3)),
    optimizers,
    st.floats(0, 1.7e308) | st.floats(0, 3),
    st.booleans(),
)
def test_numbers_never_raise(function, start, optimizer, learning_rate, search):
    rate = ls.Backtracking(min(learning_rate, 1e300)) if search else learning_rate
    run = ls.descend(function, start=start, optimizer=optimizer, learning_rate=rate, max_steps=30)
    assert run.stop.step == len(run.learning_rate) == len(run.loss) - 1
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss[:-1]).all()
    assert np.isfinite(run.gradient[:, :-1]).all()
    assert np.isfinite(run.direction).all()
    assert run.stop.text


class Bowl:
    """An objective with the least that descend asks for."""

    def __call__(self, theta):
        return 0.5 * theta[0] ** 2 + 5 * theta[1] ** 2

    def gradient(self, theta):
        return np.array([theta[0], 10 * theta[1]])


class FloatBowl(Bowl):
    def value_and_gradient(self, x, y):
        return 0.5 * x**2 + 5 * y**2, x, 10 * y


@pytest.mark.parametrize("optimizer", [ls.GradientDescent(), ls.Adam(), ls.LBFGS()])
def test_the_way_on_floats_and_the_way_on_arrays_agree(optimizer):
    slow, fast = (
        ls.descend(bowl, start=(-4, 1.5), optimizer=optimizer, learning_rate=0.05, max_steps=80)
        for bowl in (Bowl(), FloatBowl())
    )
    np.testing.assert_allclose(slow.theta, fast.theta, rtol=1e-12)
    np.testing.assert_allclose(slow.loss, fast.loss, rtol=1e-12)
    assert slow.stop == fast.stop


def test_an_overflow_in_numpy_warns_nobody():
    run = ls.descend(Bowl(), start=(1e300, 1), learning_rate=1.0, stop=ls.Stopping(divergence=1e305))
    assert run.stop.reason is ls.StopReason.INFINITE


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda x, y: (math.log(x), 1 / x, 0.0), ls.StopReason.LEFT_DOMAIN),
        (lambda x, y: (math.exp(-1000 * x), 1.0, 0.0), ls.StopReason.INFINITE),
        (lambda x, y: (1 / (x - x), 1.0, 0.0), ls.StopReason.INFINITE),
    ],
)
def test_what_python_raises_ends_the_run(function, reason):
    class Raises:
        value_and_gradient = staticmethod(function)

    run = ls.descend(Raises(), start=(-1, 0))
    assert run.stop.reason is reason
    assert run.theta.shape == (2, 1)
    assert ls.descend(Raises(), start=(-1, 0), learning_rate=ls.Backtracking()).stop.reason is reason


def test_runs_do_not_know_of_each_other():
    """An optimizer is only its settings: what it remembers belongs to a run."""
    adam, function = ls.Adam(), ls.FUNCTIONS["rosenbrock"]
    first = ls.descend(function, start=(0, 0), optimizer=adam, max_steps=20)
    ls.descend(function, start=(1, -1), optimizer=adam, max_steps=20)
    again = ls.descend(function, start=(0, 0), optimizer=adam, max_steps=20)
    np.testing.assert_array_equal(first.theta, again.theta)


def test_a_record_cannot_be_changed_and_can_be_stored():
    run = ls.descend(ls.FUNCTIONS["bowl"], start=np.array([1, 2]), optimizer=ls.Adam(), max_steps=np.int64(5))
    for array in (run.theta, run.loss, run.gradient, run.learning_rate, run.direction):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0
    copy = pickle.loads(pickle.dumps(run))
    np.testing.assert_array_equal(copy.theta, run.theta)
    np.testing.assert_array_equal(copy.direction, run.direction)
    assert copy.stop == run.stop
    assert (copy.optimizer, copy.schedule, copy.stopping) == (run.optimizer, run.schedule, run.stopping)


# Batches

FIRST_ORDER = [optimizer() for optimizer in ls.OPTIMIZERS.values() if issubclass(optimizer, Elementwise)]


def noisy(kind="squared", **arguments):
    samples = SAMPLES["noisy_line"].samples()
    if kind == "logistic":
        return ls.LogisticRegression(samples.x, samples.y > 0, **arguments)
    return ls.LinearRegression(samples.x, samples.y, kind, **arguments)


@pytest.mark.parametrize("kind", ["squared", "absolute", "huber", "logistic"])
@pytest.mark.parametrize("batch_size", [1, 5, 16])
@pytest.mark.parametrize("arguments", [{}, {"reshuffle": False}, {"replacement": True}])
def test_a_run_over_batches_is_what_happened(kind, batch_size, arguments):
    loss = noisy(kind, l2=0.01, l1=0.02)
    run = ls.descend(
        loss,
        start=(-1.5, 2.5),
        optimizer=ls.Adam(),
        learning_rate=ls.CosineDecay(0.1, steps=30),
        epochs=3,
        batch_size=batch_size,
        seed=4,
        **arguments,
    )
    n = 3 * -(-64 // batch_size)
    assert run.stop.reason is ls.StopReason.MAX_STEPS
    assert run.stop.step == len(run.batches) == run.batch_loss.size == n
    np.testing.assert_array_equal(run.theta[:, 1:], run.theta[:, :-1] - run.learning_rate * run.direction)
    np.testing.assert_array_equal(run.loss, loss(run.theta))
    np.testing.assert_array_equal(run.gradient, loss.gradient(run.theta))
    assert run.learning_rate.tolist() == [ls.CosineDecay(0.1, steps=30)(k) for k in range(n)]
    order = sample_order(64, 3, seed=4, **arguments)
    for k, batch in enumerate(run.batches):
        epoch, place = divmod(k, run.batches.per_epoch)
        assert batch.tolist() == order[epoch, place * batch_size : (place + 1) * batch_size].tolist()
        part, theta = loss.batch(batch), run.theta[:, k]
        np.testing.assert_allclose(run.batch_loss[k], part(theta), rtol=1e-11)
        np.testing.assert_allclose(run.batch_gradient[:, k], part.gradient(theta), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("optimizer", FIRST_ORDER, ids=lambda optimizer: optimizer.name)
def test_every_first_order_method_goes_over_batches(optimizer):
    run = ls.descend(noisy(), start=(-1.5, 2.5), optimizer=optimizer, learning_rate=0.05, epochs=10, batch_size=8)
    assert run.loss[-1] < run.loss[0]
    assert {name: values.shape for name, values in run.states.items()} == dict.fromkeys(optimizer.quantities, (2, 80))


@pytest.mark.parametrize(
    ("optimizer", "learning_rate"),
    [
        (ls.GradientDescent(), 0.05),
        (ls.Adam(), ls.StepDecay(0.1)),
        (ls.LBFGS(), 1.0),
        (ls.Newton(), 1.0),
        (ls.GradientDescent(), ls.Backtracking()),
    ],
)
@pytest.mark.parametrize("kind", ["squared", "huber"])
def test_batches_of_all_samples_are_the_ordinary_run(optimizer, learning_rate, kind):
    whole, ordinary = (
        ls.descend(noisy(kind), start=(-1.5, 2.5), optimizer=optimizer, learning_rate=learning_rate, **arguments)
        for arguments in ({"epochs": 80, "batch_size": 64}, {"max_steps": 80})
    )
    np.testing.assert_array_equal(whole.theta, ordinary.theta)
    np.testing.assert_array_equal(whole.loss, ordinary.loss)
    np.testing.assert_array_equal(whole.direction, ordinary.direction)
    assert whole.stop == ordinary.stop
    np.testing.assert_array_equal(whole.batch_loss, ordinary.loss[:-1])
    np.testing.assert_array_equal(whole.batch_gradient, ordinary.gradient[:, :-1])
    assert len(whole.batches) == whole.stop.step
    assert ordinary.batches is ordinary.batch_loss is ordinary.batch_gradient is None
    alone = ls.descend(noisy(kind), start=(-1.5, 2.5), optimizer=optimizer, learning_rate=learning_rate, epochs=80)
    np.testing.assert_array_equal(alone.theta, whole.theta)


def test_the_article_s_batch_run():
    loss = ls.LinearRegression([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    run = ls.descend(
        loss, start=(0, 0), optimizer=ls.GradientDescent(), learning_rate=0.01, epochs=1000, batch_size=5, seed=0
    )
    assert run.theta[:, -1] == pytest.approx([1.99518, 0.01740], abs=5e-6)


@pytest.mark.parametrize("key", ["sgd", "momentum", "adam", "adamw"])
@pytest.mark.parametrize("kind", ["squared", "absolute", "huber", "logistic"])
@pytest.mark.parametrize("batch_size", [1, 10])
def test_goes_where_pytorch_goes_over_the_same_batches(key, kind, batch_size):
    torch = pytest.importorskip("torch")
    ours, theirs = {
        "sgd": (ls.GradientDescent(), torch.optim.SGD),
        "momentum": (ls.Momentum(0.8), lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.8)),
        "adam": (ls.Adam(), torch.optim.Adam),
        "adamw": (ls.AdamW(), torch.optim.AdamW),
    }[key]
    loss = noisy(kind)
    run = ls.descend(
        loss,
        start=(-1.5, 2.5),
        optimizer=ours,
        learning_rate=ls.ExponentialDecay(0.02, factor=0.99),
        epochs=2,
        batch_size=batch_size,
        seed=9,
    )
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (-1.5, 2.5))
    optimizer = theirs([weight, bias], lr=0.02)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.99)
    x, y = torch.tensor(loss.x), torch.tensor(loss.y)
    criterion = {
        "squared": torch.nn.functional.mse_loss,
        "absolute": torch.nn.functional.l1_loss,
        "huber": torch.nn.functional.huber_loss,
        "logistic": torch.nn.functional.binary_cross_entropy_with_logits,
    }[kind]
    for epoch in sample_order(64, 2, seed=9):
        for batch in torch.tensor(epoch).split(batch_size):
            optimizer.zero_grad()
            criterion(weight * x[batch] + bias, y[batch]).backward()
            optimizer.step()
            schedule.step()
    assert run.theta[:, -1] == pytest.approx([weight.item(), bias.item()], rel=1e-10)


@pytest.mark.parametrize(("batch_size", "updates", "samples"), [(64, 33, 2112), (16, 33, 528), (1, 31, 31)])
def test_scenario_12_arrivals(batch_size, updates, samples):
    """Half the learning rate and twice the tolerance: the scenario's loss has a ½ before the square."""
    run = ls.descend(noisy(), start=(-1.5, 2.5), learning_rate=0.05, epochs=100, batch_size=batch_size, seed=0)
    first = int(np.argmax(run.loss - run.objective(run.objective.minimum) < 0.02))
    assert first == updates
    assert run.batches.seen(first) == samples


def test_a_long_run_goes_on_where_a_block_of_epochs_ends():
    """Runs are prepared a block of epochs at a time; momentum, schedule and batches know nothing of it."""
    epochs = 2 * BLOCK // 64 + 10
    run = ls.descend(
        noisy(),
        start=(-1.5, 2.5),
        optimizer=ls.Momentum(0.5),
        learning_rate=ls.InverseTimeDecay(0.1, decay=0.01),
        epochs=epochs,
        batch_size=48,
        stop=ls.Stopping(gradient=0),
    )
    assert run.stop.step == 2 * epochs
    theta, velocity = np.array([-1.5, 2.5]), np.zeros(2)
    for k, batch in enumerate(run.batches):
        if k % 97 == 0:
            assert run.batch_loss[k] == pytest.approx(noisy().batch(batch)(run.theta[:, k]), rel=1e-9)
        velocity = 0.5 * velocity + run.objective.batch_gradient(theta, batch)
        theta = theta - 0.1 / (1 + 0.01 * k) * velocity
    assert run.theta[:, -1] == pytest.approx(theta, rel=1e-9)


@pytest.mark.parametrize("max_steps", [1, 5])
def test_a_run_over_batches_ends_where_there_is_no_next_step(max_steps):
    on_the_line = ls.LinearRegression([1, 2, 3], [2, 4, 6])
    run = ls.descend(
        on_the_line,
        start=(2, 0),
        optimizer=ls.AdaGrad(epsilon=0),
        max_steps=max_steps,
        batch_size=1,
        stop=ls.Stopping(gradient=0),
    )
    assert run.stop.reason is ls.StopReason.NO_STEP
    assert run.stop.step == 0


def test_runs_of_any_batch_size_see_the_samples_in_one_order():
    seen = [
        np.concatenate([*ls.descend(noisy(), start=(0, 0), epochs=2, batch_size=size, seed=1).batches])
        for size in (1, 7, 32)
    ]
    assert seen[0].tolist() == seen[1].tolist() == seen[2].tolist()


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    longer = ls.descend(noisy(), start=(0, 0), epochs=9, batch_size=7)
    shorter = ls.descend(noisy(), start=(0, 0), epochs=9, batch_size=7, max_steps=23)
    assert shorter.stop.step == 23
    np.testing.assert_array_equal(shorter.theta, longer.theta[:, :24])
    assert shorter.batches[22].tolist() == longer.batches[22].tolist()
    usual = ls.descend(noisy(), start=(0, 0), batch_size=7)
    assert usual.stop.step == 1000


@pytest.mark.parametrize("batch_size", [7, 64])
def test_a_run_over_no_batches_is_its_start(batch_size):
    run = ls.descend(noisy(), start=(1, 2), epochs=0, batch_size=batch_size)
    assert run.theta.tolist() == [[1], [2]]
    assert len(run.batches) == run.batch_loss.size == run.stop.step == 0
    assert run.batch_gradient.shape == run.direction.shape == (2, 0)


@pytest.mark.parametrize(("batch_size", "updates"), [(1, 20), (2, 10), (4, 0)])
def test_where_the_samples_gradients_cancel_batches_lead_on(batch_size, updates):
    xor = ls.LogisticRegression([[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1])
    assert np.hypot(*xor.gradient(np.zeros(2))) == 0
    run = ls.descend(xor, start=(0, 0), learning_rate=0.5, epochs=5, batch_size=batch_size)
    assert run.stop.step == updates
    assert run.stop.reason is (ls.StopReason.MAX_STEPS if updates else ls.StopReason.GRADIENT)
    assert bool(np.ptp(run.theta)) is bool(updates)


def test_a_run_over_batches_stops_at_the_end_of_an_epoch():
    line = ls.LinearRegression(
        [1, 2, 3, 4, 5], [2, 4, 6, 8, 10]
    )  # without noise, so that single samples lead there too
    arguments = {"start": (0, 0), "learning_rate": 0.02, "epochs": 2000, "batch_size": 2}
    below = ls.descend(line, stop=ls.Stopping(loss=1e-3), **arguments)
    assert below.stop.reason is ls.StopReason.LOSS
    assert below.stop.step % 3 == 0
    assert below.loss[-1] <= 1e-3 < below.loss[-4]
    assert len(below.batches) == below.stop.step
    flat = ls.descend(line, stop=ls.Stopping(gradient=1e-3), **arguments)
    assert flat.stop.reason is ls.StopReason.GRADIENT
    assert flat.stop.step % 3 == 0
    longest = [np.hypot(*line.sample_gradients(flat.theta[:, n]).T).max() for n in (-1, -4)]
    assert longest[0] < 1e-3 <= longest[1]
    short = ls.descend(line, stop=ls.Stopping(gradient=0, step=1e-4), **arguments)
    assert short.stop.reason is ls.StopReason.STEP
    assert short.stop.step % 3 == 0
    assert np.hypot(*np.diff(short.theta)[:, -1]) < 1e-4
    at_start = ls.descend(line, stop=ls.Stopping(loss=1e9), **arguments)
    assert at_start.stop.step == at_start.batch_loss.size == len(at_start.batches) == 0


@pytest.mark.parametrize("optimizer", [ls.GradientDescent(), ls.Momentum()])
def test_a_run_over_batches_that_diverges_ends_at_once(optimizer):
    run = ls.descend(noisy(), start=(0, 0), optimizer=optimizer, learning_rate=9, epochs=50, batch_size=16)
    assert run.stop.reason is ls.StopReason.DIVERGED
    assert (run.loss[:-1] <= 1e12).all()
    assert np.isfinite(run.theta).all()
    assert not run.loss[-1] <= 1e12 or np.abs(run.theta[:, -1]).max() > 1e12


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["squared", "absolute", "huber", "logistic"]),
    st.sampled_from(FIRST_ORDER),
    st.floats(0, 1.7e308) | st.floats(0, 3),
    st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.floats(-3, 3)),
    st.integers(1, 64),
    st.sampled_from([1e12, 1e300]),
)
def test_numbers_of_batches_never_raise(kind, optimizer, learning_rate, start, batch_size, divergence):
    run = ls.descend(
        noisy(kind),
        start=start,
        optimizer=optimizer,
        learning_rate=learning_rate,
        max_steps=20,
        batch_size=batch_size,
        stop=ls.Stopping(divergence=divergence),
    )
    assert run.stop.step == len(run.learning_rate) == len(run.loss) - 1 == len(run.batch_loss) == len(run.batches)
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss[:-1]).all()
    assert run.stop.text


def test_a_record_of_batches_can_be_stored_and_not_changed():
    run = ls.descend(noisy(), start=(0, 0), epochs=2, batch_size=16)
    for array in (run.theta, run.batch_loss, run.batch_gradient, run.batches[0], run.direction):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0
    copy = pickle.loads(pickle.dumps(run))
    np.testing.assert_array_equal(copy.batch_gradient, run.batch_gradient)
    np.testing.assert_array_equal(copy.direction, run.direction)
    assert copy.batches == run.batches


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number from 1 to 64, the number of samples, but it is 0"),
        ({"batch_size": 65}, "from 1 to 64, the number of samples, but it is 65"),
        ({"batch_size": 1.5}, "but it is 1.5"),
        ({"epochs": -1}, "epochs must be a whole number from 0 to 1000000, but it is -1"),
        ({"epochs": 2.5}, "epochs must be a whole number from 0 to 1000000, but it is 2.5"),
        ({"epochs": 20_000, "batch_size": 1}, "A run may take 1000000 updates, but 20000 epochs have 1280000"),
        ({"epochs": 2, "seed": -1}, "seed must be a whole number of at least 0"),
        ({"epochs": 2, "replacement": True, "reshuffle": False}, "reshuffle=False does not go with it"),
        ({"batch_size": 8, "optimizer": ls.Newton()}, "Newton needs the same loss at every step: its batches must be"),
        ({"batch_size": 8, "optimizer": ls.LBFGS()}, "L-BFGS needs the same loss at every step"),
        ({"batch_size": 8, "learning_rate": ls.Backtracking()}, "Backtracking line search needs the same loss"),
        ({"replacement": True, "optimizer": ls.LBFGS()}, "all 64 samples, without replacement"),
    ],
)
def test_unfit_arguments_for_batches_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        ls.descend(noisy(), start=(0, 0), **arguments)


@pytest.mark.parametrize("arguments", [{"epochs": 3}, {"batch_size": 1}, {"replacement": True}])
def test_a_function_without_samples_has_no_batches(arguments):
    with pytest.raises(ValueError, match="Batches need a loss over samples"):
        ls.descend(ls.FUNCTIONS["bowl"], start=(0, 1), **arguments)
