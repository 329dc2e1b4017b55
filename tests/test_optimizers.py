"""Optimizers against PyTorch, against closed forms, and against the formulas that they show."""

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from scipy.optimize import LbfgsInvHessProduct

import landscape as ls
from landscape.descent.optimizers import SYMBOLS, Elementwise, typeset

ELEMENTWISE = {key: each for key, each in ls.OPTIMIZERS.items() if issubclass(each, Elementwise)}
ENDLESS = ls.Stopping(gradient=0, divergence=1e300)


class Quadratic:
    """½ (θ − c)ᵀ A (θ − c) with A = [[a, b], [b, d]]."""

    def __init__(self, a=1.0, b=0.0, d=10.0, centre=(0.0, 0.0)):
        self.matrix, self.centre = np.array([[a, b], [b, d]]), np.array(centre)

    def __call__(self, theta):
        return 0.5 * (theta - self.centre) @ self.gradient(theta)

    def gradient(self, theta):
        return self.matrix @ (theta - self.centre)

    def hessian(self, theta):
        return self.matrix


def drawn(optimizer, most=2.0):
    """A strategy of this class's settings: everything in range, but divisors away from zero."""

    def values(field):
        low, high = field.metadata["minimum"], field.metadata["maximum"]
        if field.type is int:
            return st.integers(low, high)
        return st.floats(1e-12, 1e-2) if field.name == "epsilon" else st.floats(low, min(high, most))

    return st.builds(optimizer, **{field.name: values(field) for field in fields(optimizer)})


points = st.tuples(st.floats(-3, 3), st.floats(-3, 3))
bowls = st.builds(  # bowls: |b| < √(ad)
    lambda a, d, lean, centre: Quadratic(a, lean * (a * d) ** 0.5, d, centre),
    st.floats(0.1, 30), st.floats(0.1, 30), st.floats(-0.9, 0.9), st.tuples(st.floats(-2, 2), st.floats(-2, 2)),
)  # fmt: skip
landscapes = st.one_of(bowls, st.sampled_from([ls.FUNCTIONS["rosenbrock"], ls.FUNCTIONS["himmelblau"]]))


# --- the same as PyTorch ---------------------------------------------------------------------------------------------


def in_torch(optimizer, theta, learning_rate):
    """PyTorch's optimizer of the same name and settings."""
    optim, lr = pytest.importorskip("torch").optim, {"lr": learning_rate}
    match optimizer:
        case ls.GradientDescent(weight_decay):
            return optim.SGD([theta], weight_decay=weight_decay, **lr)
        case ls.Momentum(momentum):
            return optim.SGD([theta], momentum=momentum, **lr)
        case ls.Nesterov(momentum):
            return optim.SGD([theta], momentum=momentum, nesterov=momentum > 0, **lr)
        case ls.AdaGrad(epsilon):
            return optim.Adagrad([theta], eps=epsilon, **lr)
        case ls.RMSProp(alpha, epsilon):
            return optim.RMSprop([theta], alpha=alpha, eps=epsilon, **lr)
        case ls.AdaDelta(rho, epsilon):
            return optim.Adadelta([theta], rho=rho, eps=epsilon, **lr)
        case ls.AdamW(beta1, beta2, epsilon, weight_decay):
            return optim.AdamW([theta], betas=(beta1, beta2), eps=epsilon, weight_decay=weight_decay, **lr)
        case ls.Adam(beta1, beta2, epsilon):
            return optim.Adam([theta], betas=(beta1, beta2), eps=epsilon, **lr)
        case ls.AMSGrad(beta1, beta2, epsilon):
            return optim.Adam([theta], betas=(beta1, beta2), eps=epsilon, amsgrad=True, **lr)
        case ls.NAdam(beta1, beta2, epsilon, decay):
            return optim.NAdam([theta], betas=(beta1, beta2), eps=epsilon, momentum_decay=decay, **lr)
        case ls.RAdam(beta1, beta2, epsilon):
            return optim.RAdam([theta], betas=(beta1, beta2), eps=epsilon, **lr)
        case ls.AdaMax(beta1, beta2, epsilon):
            return optim.Adamax([theta], betas=(beta1, beta2), eps=epsilon, **lr)
    raise NotImplementedError(optimizer)


def path_in_torch(optimizer, start, learning_rate, gradient_at, steps):
    torch = pytest.importorskip("torch")
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    theirs = in_torch(optimizer, theta, learning_rate)
    path = [theta.detach().numpy().copy()]
    for step in range(steps):
        theta.grad = torch.tensor(gradient_at(step, path[-1]), dtype=torch.float64)
        theirs.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path).T


@pytest.mark.parametrize("key", ELEMENTWISE)
def test_takes_the_path_of_pytorch(key):
    objective, optimizer = ls.FUNCTIONS["rosenbrock"], ls.OPTIMIZERS[key]()
    learning_rate = {"gradient_descent": 1e-3, "momentum": 5e-4, "nesterov": 5e-4, "adadelta": 1.0}.get(key, 0.02)
    run = ls.descend(
        objective, start=(-1.2, 1), optimizer=optimizer, learning_rate=learning_rate, max_steps=300, stop=ENDLESS
    )
    theirs = path_in_torch(optimizer, (-1.2, 1), learning_rate, lambda _, theta: objective.gradient(theta), 300)
    assert run.theta.shape == (2, 301)
    np.testing.assert_allclose(run.theta, theirs, rtol=1e-6)


@pytest.mark.parametrize("key", ELEMENTWISE)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_takes_the_steps_of_pytorch_for_any_settings(key, data):
    """PyTorch is given the gradients of our path, so that chaos does not magnify rounding.

    Its NAdam keeps the product of the momenta in single precision, hence no finer than 1e-7 of the path's size.
    """
    optimizer, objective, start = data.draw(drawn(ELEMENTWISE[key])), data.draw(landscapes), data.draw(points)
    learning_rate = data.draw(st.floats(1e-4, 0.5))
    run = ls.descend(
        objective, start=start, optimizer=optimizer, learning_rate=learning_rate, max_steps=300, stop=ENDLESS
    )
    steps = len(run.learning_rate)
    theirs = path_in_torch(optimizer, start, learning_rate, lambda step, _: run.gradient[:, step], steps)
    np.testing.assert_allclose(run.theta, theirs, rtol=1e-6, atol=1e-7 * abs(run.theta).max())


@settings(max_examples=30, deadline=None)
@given(bowls, points, st.integers(1, 20), st.floats(0.05, 1.0))
def test_lbfgs_takes_the_path_of_pytorch(objective, start, memory, learning_rate):
    """Twelve steps: once the remembered steps are nearly parallel, rounding grows sevenfold at each, here as there."""
    torch = pytest.importorskip("torch")
    run = ls.descend(
        objective, start=start, optimizer=ls.LBFGS(memory), learning_rate=learning_rate, max_steps=12,
        stop=ls.Stopping(gradient=1e-4),
    )  # fmt: skip
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.LBFGS(
        [theta], lr=learning_rate, max_iter=1, history_size=memory, tolerance_grad=0, tolerance_change=0
    )

    def closure():
        theta.grad = torch.tensor(objective.gradient(theta.detach().numpy()))
        return torch.tensor(float(objective(theta.detach().numpy())))

    path = [np.array(start, dtype=float)]
    for _ in run.learning_rate:
        theirs.step(closure)
        path.append(theta.detach().numpy().copy())
    np.testing.assert_allclose(run.theta, np.array(path).T, rtol=1e-6, atol=1e-6 * abs(run.theta).max())


# --- closed forms ----------------------------------------------------------------------------------------------------


@given(bowls, points)
def test_newton_reaches_the_minimum_of_a_quadratic_at_once(objective, start):
    run = ls.descend(objective, start=start, optimizer=ls.Newton(), learning_rate=1.0, max_steps=1, stop=ENDLESS)
    np.testing.assert_allclose(run.theta[:, 1], objective.centre, atol=1e-9)


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 50), points)
def test_newton_solves_the_damped_system(a, b, d, damping, start):
    objective = Quadratic(a, b, d)
    damped = objective.matrix + damping * np.eye(2)
    if abs(np.linalg.det(damped)) < 1e-3:
        return
    run = ls.descend(objective, start=start, optimizer=ls.Newton(damping), learning_rate=1.0, max_steps=1, stop=ENDLESS)
    np.testing.assert_allclose(damped @ run.direction[:, 0], run.gradient[:, 0], rtol=1e-9, atol=1e-7)


def test_plain_newton_walks_into_a_saddle_and_damping_leaves_it():
    saddle = ls.formula("x^2/2 - y^2/2 + y^4/4")  # saddle (0, 0), minima (0, ±1)

    def newton(damping):
        return ls.descend(saddle, start=(-2, 0.3), optimizer=ls.Newton(damping), learning_rate=1.0, max_steps=200)

    plain, damped = newton(0.0), newton(2.0)
    assert plain.theta[:, -1] == pytest.approx([0, 0], abs=1e-6)
    assert plain.gradient[1, 0] * plain.direction[1, 0] < 0  # uphill in y, for anybody who looks
    assert damped.theta[:, -1] == pytest.approx([0, 1], abs=1e-5)
    assert (np.diff(damped.loss) < 0).all()


def test_newton_has_no_step_where_the_hessian_is_singular():
    run = ls.descend(ls.formula("x + y"), start=(0, 0), optimizer=ls.Newton(), learning_rate=1.0)
    assert run.stop.reason is ls.StopReason.NO_STEP
    assert run.theta.shape == (2, 1)


def test_newton_without_a_hessian_is_refused():
    class Slope:
        def __call__(self, theta):
            return theta[0]

        def gradient(self, theta):
            return np.array([1.0, 0.0])

    with pytest.raises(ValueError, match="hessian"):
        ls.descend(Slope(), start=(0, 0), optimizer=ls.Newton())


@settings(deadline=None)
@given(bowls, points, st.integers(1, 8))
def test_lbfgs_applies_the_inverse_hessian_of_scipy(objective, start, memory):
    run = ls.descend(
        objective, start=start, optimizer=ls.LBFGS(memory), learning_rate=0.3, max_steps=12,
        stop=ls.Stopping(gradient=1e-2),
    )  # fmt: skip
    if run.theta.shape[1] < 4:
        return
    s, y = np.diff(run.theta[:, :-1]).T, np.diff(run.gradient[:, :-1]).T
    scale = (s[-1] @ y[-1]) / (y[-1] @ y[-1])
    # SciPy starts from the identity, so it works in units of √scale.
    inverse = LbfgsInvHessProduct(s[-memory:] / scale**0.5, y[-memory:] * scale**0.5)
    expected = scale * (inverse @ run.gradient[:, -2])
    np.testing.assert_allclose(run.direction[:, -1], expected, rtol=1e-6, atol=1e-6 * abs(expected).max())


def test_lbfgs_with_backtracking_finds_the_minimum_of_rosenbrock():
    run = ls.descend(ls.FUNCTIONS["rosenbrock"], start=(-1.2, 1), optimizer=ls.LBFGS(), learning_rate=ls.Backtracking())
    assert run.stop.reason is ls.StopReason.GRADIENT
    assert run.stop.step < 60
    assert run.theta[:, -1] == pytest.approx([1, 1], abs=1e-6)


def test_first_steps_by_hand():
    slope = ls.formula("3x - 4y")

    def first(optimizer):
        return ls.descend(slope, start=(0, 0), optimizer=optimizer, learning_rate=0.1, max_steps=2).direction

    np.testing.assert_allclose(first(ls.GradientDescent()), [[3, 3], [-4, -4]])
    np.testing.assert_allclose(first(ls.Momentum(0.5)), [[3, 4.5], [-4, -6]])
    np.testing.assert_allclose(first(ls.Nesterov(0.5)), [[4.5, 5.25], [-6, -7]])
    np.testing.assert_allclose(first(ls.AdaGrad()), [[1, 0.5**0.5], [-1, -(0.5**0.5)]])
    np.testing.assert_allclose(first(ls.Adam()), [[1, 1], [-1, -1]])


# --- floats and lanes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ELEMENTWISE)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_lanes_are_runs_of_their_own(key, data):
    """Arrays of gradients and of settings give in each lane what floats give alone.

    NumPy's powers differ in the last bit, and 1 − βᵗ makes much of it where β is nearly 1: so not that near here.
    """
    lanes = [data.draw(drawn(ELEMENTWISE[key], most=0.999)) for _ in range(3)]
    together = replace(
        lanes[0], **{field.name: np.array([getattr(lane, field.name) for lane in lanes]) for field in fields(lanes[0])}
    )
    gradients = np.array(data.draw(st.lists(st.tuples(*[st.floats(-5, 5)] * 3), min_size=8, max_size=8)))
    alone = [(0.0,) * len(lane.quantities) for lane in lanes]
    state = tuple(np.zeros(3) for _ in together.quantities)
    theta = np.array([1.0, -2.0, 0.5])
    for step, gradient in enumerate(gradients + 0.1, start=1):
        untouched = tuple(entry.copy() for entry in state)
        before = state
        state = together.update(gradient, state, step, theta)
        for entry, copy in zip(before, untouched, strict=True):
            np.testing.assert_array_equal(entry, copy)
        alone = [
            lane.update(float(g), one, step, float(at))
            for lane, g, one, at in zip(lanes, gradient, alone, theta, strict=True)
        ]
        expected = np.array(alone).T
        for entry, values in zip(state, expected, strict=True):
            np.testing.assert_allclose(np.broadcast_to(entry, 3), values, rtol=1e-7, atol=1e-12)


# --- what is shown ---------------------------------------------------------------------------------------------------


def evaluate(latex, values):
    """The value of an expression in the few commands that the formulas use."""
    code = re.sub(r"<(\w+[+-]?)>", lambda slot: f"values['{slot[1]}']", latex)
    code = re.sub(
        r"\\begin\{cases\}(.*?)&(.*?)\\\\(.*?)&.*?\\end\{cases\}", r"((\1) if \2 else (\3))", code, flags=re.DOTALL
    )
    for command, start, end in ((r"\frac", "((", "))"), (r"\sqrt", "((", ")**0.5)"), ("^", "**(", ")")):
        while f"{command}{{" in code:
            before, rest = code.rsplit(f"{command}{{", 1)
            inner, rest = until_brace(rest)
            if command == r"\frac":
                divisor, rest = until_brace(rest[1:])
                inner += f")/({divisor}"
            code = f"{before}{start}{inner}{end}{rest}"
    for command, operator in {r"\cdot": "*", r"\max": "max", r"\lvert": "abs(", r"\rvert": ")"}.items():
        code = code.replace(command, operator)
    return eval(code.strip(), {"values": values, "max": max, "abs": abs})


def until_brace(text):
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return text[:place], text[place + 1 :]
    raise AssertionError(text)


@pytest.mark.parametrize("key", ls.OPTIMIZERS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_formula_shown_is_what_was_computed(key, data):
    optimizer = data.draw(drawn(ls.OPTIMIZERS[key]))
    run = ls.descend(
        ls.FUNCTIONS["himmelblau"], start=data.draw(points), optimizer=optimizer, learning_rate=0.01, max_steps=9,
        stop=ENDLESS,
    )  # fmt: skip
    states = run.states
    named = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    for step in range(run.stop.step):
        for axis in range(2):
            before = {f"{name}-": record[axis, step - 1] if step else 0.0 for name, record in states.items()}
            values = named | before | {name: record[axis, step] for name, record in states.items()}
            values |= {"g": run.gradient[axis, step], "theta": run.theta[axis, step], "t": step + 1}
            values |= {"eta": run.learning_rate[step], "theta+": run.theta[axis, step + 1]}
            for line in optimizer.formula:
                slot, expression = line.split(" = ", 1)
                expected = evaluate(expression, values)
                assert values[slot[1:-1]] == pytest.approx(expected, rel=1e-9, abs=1e-300), line


@pytest.mark.parametrize("key", ls.OPTIMIZERS)
def test_every_quantity_of_a_formula_is_explained_by_a_line(key):
    """Whatever a step computed is either on the left of a line, or was read from the landscape."""
    optimizer = ls.OPTIMIZERS[key]
    left = {line.split(" = ")[0][1:-1] for line in optimizer.formula}
    read = {"newton": {"h_ii", "h_jj", "h_ij", "g_j"}, "lbfgs": {"b_ii", "b_ij", "g_j"}}.get(key, set())
    assert left - {"theta+"} == set(optimizer.quantities) - read
    assert optimizer.quantities[0] == "d"
    assert optimizer.formula[-1] == r"<theta+> = <theta> - <eta> \cdot <d>"


@pytest.mark.parametrize("key", ls.OPTIMIZERS)
def test_formulas_typeset(key):
    optimizer = ls.OPTIMIZERS[key]()
    for line in optimizer.formula:
        latex = typeset(line)
        assert not re.search(r"<\w", latex)
        assert convert(latex).startswith("<math")
    assert all(name in SYMBOLS for name in optimizer.quantities)


def test_typeset_writes_the_step_before():
    assert typeset(r"<v> = <momentum> \cdot <v-> + <g>") == r"v_{t} = \beta \cdot v_{t-1} + g_{t}"


def test_plain_gradient_descent_shows_no_idle_weight_decay():
    assert ls.GradientDescent().formula[0] == "<d> = <g>"
    assert "weight_decay" in ls.GradientDescent(0.1).formula[0]


@pytest.mark.parametrize("key", ls.OPTIMIZERS)
def test_words_and_ranges(key):
    optimizer = ls.OPTIMIZERS[key]
    for text in (optimizer.name, optimizer.about, optimizer.source):
        assert text
    assert optimizer.about.endswith(".")
    assert optimizer() == optimizer()
    for field in fields(optimizer):
        assert field.metadata["minimum"] <= field.default <= field.metadata["maximum"]
        assert field.metadata["help"].endswith(".")
        for wrong in (field.metadata["minimum"] - 1, field.metadata["maximum"] * 2, np.nan, np.inf, "1", None, True):
            with pytest.raises(ValueError, match=rf"{field.name} must be a .*number from .* to "):
                optimizer(**{field.name: wrong})


def test_settings_become_plain_floats():
    adam = ls.Adam(beta1=np.float32(0.5), beta2=0)
    assert type(adam.beta1) is type(adam.beta2) is float
    assert type(ls.LBFGS(np.int64(3)).memory) is int


def test_keys_are_those_of_the_design():
    assert list(ls.OPTIMIZERS) == [
        "gradient_descent", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "amsgrad",
        "nadam", "radam", "adamax", "newton", "lbfgs",
    ]  # fmt: skip
