import math
import pickle
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landscape as ls
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.samples import SAMPLES, standardize

KINDS = ["squared", "absolute", "huber", "logistic"]


def regression(kind, x, y, l2=0.0, l1=0.0):
    if kind == "logistic":
        return LogisticRegression(x, np.greater(y, 0), l2=l2, l1=l1)
    return LinearRegression(x, y, loss=kind, l2=l2, l1=l1)


def by_definition(kind, x, y, l2, l1):
    """The loss as its definition says, for one point."""

    def f(theta):
        two = np.ndim(x) == 2
        prediction = x @ theta if two else theta[0] * x + theta[1]
        weights = np.array(theta) if two else np.array(theta[:1])
        r = prediction - y
        match kind:
            case "squared":
                losses = r**2
            case "absolute":
                losses = np.abs(r)
            case "huber":
                losses = np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5)
            case "logistic":
                probability = 1 / (1 + np.exp(np.where(y > 0, -prediction, prediction)))  # of the sample's class
                losses = -np.log(probability)
        return losses.mean() + l2 * (weights**2).sum() + l1 * np.abs(weights).sum()

    return f


@st.composite
def problems(draw):
    """A kind, x, y, l2 and l1."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(1, 40))
    x = rng.standard_normal((n, 2) if draw(st.booleans()) else n) * draw(st.sampled_from([1, 3]))
    strengths = st.sampled_from([0.0, 0.1, 2.0])
    return draw(st.sampled_from(KINDS)), x, 2 * rng.standard_normal(n), draw(strengths), draw(strengths)


points = st.tuples(st.floats(-3, 3), st.floats(-3, 3)).map(np.array)


@given(problems(), points)
def test_the_loss_is_what_its_definition_says(problem, theta):
    assert regression(*problem)(theta) == pytest.approx(by_definition(*problem)(theta), rel=1e-12, abs=1e-12)


@given(problems(), points)
def test_gradient_and_hessian_are_derivatives(problem, theta):
    loss, h = regression(*problem), 1e-6
    gradient, hessian = np.empty(2), np.empty((2, 2))
    kinks = 0.0
    for j, step in enumerate(h * np.eye(2)):
        gradient[j] = (loss(theta + step) - loss(theta - step)) / (2 * h)
        hessian[j] = (loss.gradient(theta + step) - loss.gradient(theta - step)) / (2 * h)
        ahead, behind = loss.sample_gradients(theta + step), loss.sample_gradients(theta - step)
        kinks = max(kinks, np.abs(ahead - behind).max())
        kinks = max(kinks, np.abs(loss.hessian(theta + step) - loss.hessian(theta - step)).max())
    if kinks < 1e-3:  # no kink, and no end of Huber's parabola, lies between
        assert loss.gradient(theta) == pytest.approx(gradient, rel=1e-5, abs=1e-6)
        assert loss.hessian(theta) == pytest.approx(hessian, rel=1e-4, abs=1e-5)


@given(problems(), points, st.data())
def test_sample_and_batch_gradients_average_to_the_whole(problem, theta, data):
    loss = regression(*problem)
    gradients = loss.sample_gradients(theta)
    n = len(problem[2])
    assert gradients.shape == (n, 2)
    assert gradients.mean(axis=0) == pytest.approx(loss.gradient(theta), rel=1e-12, abs=1e-12)
    indices = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=2 * n))
    batch = loss.batch_gradient(theta, indices)
    assert batch == pytest.approx(gradients[indices].mean(axis=0), rel=1e-12, abs=1e-12)
    assert loss.batch(indices).gradient(theta) == pytest.approx(batch, rel=1e-12, abs=1e-12)


@given(problems(), points)
def test_floats_give_what_arrays_give(problem, theta):
    loss = regression(*problem)
    value, slope_x, slope_y = loss.value_and_gradient(*theta.tolist())
    assert type(value) is type(slope_x) is type(slope_y) is float
    assert value == pytest.approx(loss(theta), rel=1e-12, abs=1e-12)
    assert (slope_x, slope_y) == pytest.approx(tuple(loss.gradient(theta)), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("features", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_lanes_are_points_one_by_one(kind, features):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(700) if features == 1 else rng.standard_normal((700, 2))  # more than one block of lanes
    loss = regression(kind, x, rng.standard_normal(700), l2=0.3, l1=0.2)
    theta = rng.standard_normal((2, 9, 11))
    indices = rng.integers(0, 700, (5, 9, 11))
    value, gradient, hessian = loss(theta), loss.gradient(theta), loss.hessian(theta)
    samples, batches = loss.sample_gradients(theta), loss.batch_gradient(theta, indices)
    shared = loss.batch_gradient(theta, indices[:, 0, 0])
    for place in np.ndindex(9, 11):
        at = theta[:, *place]
        assert value[*place] == pytest.approx(loss(at), rel=1e-13)
        assert gradient[:, *place] == pytest.approx(loss.gradient(at), rel=1e-12, abs=1e-13)
        assert hessian[:, :, *place] == pytest.approx(loss.hessian(at), rel=1e-12, abs=1e-13)
        assert samples[..., *place] == pytest.approx(loss.sample_gradients(at), rel=1e-12, abs=1e-13)
        own = loss.batch_gradient(at, indices[:, *place])
        assert batches[:, *place] == pytest.approx(own, rel=1e-12, abs=1e-13)
        assert shared[:, *place] == pytest.approx(loss.batch_gradient(at, indices[:, 0, 0]), rel=1e-12, abs=1e-13)
    for lanes in [(), (0,), (1,), (3, 0)]:
        assert np.shape(loss(np.ones((2, *lanes)))) == lanes
        assert loss.gradient(np.ones((2, *lanes))).shape == (2, *lanes)
        assert loss.hessian(np.ones((2, *lanes))).shape == (2, 2, *lanes)
        assert loss.sample_gradients(np.ones((2, *lanes))).shape == (700, 2, *lanes)


@pytest.mark.parametrize("kind", KINDS)
def test_at_a_kink_of_the_l1_penalty_the_subgradient_is_zero(kind):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 2)), rng.standard_normal(20)
    with_l1, without = (regression(kind, x, y, l1=l1) for l1 in (5.0, 0.0))
    expected = np.add(without.gradient((0, 1)), [0, 5])
    assert with_l1.gradient((0, 1)) == pytest.approx(expected)
    assert with_l1.value_and_gradient(0.0, 1.0)[1:] == pytest.approx(tuple(expected))
    assert with_l1.batch_gradient((0, 1), range(20)) == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_a_grid_takes_little_memory(kind):
    loss = regression(kind, np.linspace(0, 1, 1000), np.linspace(-1, 1, 1000))
    theta = np.ones((2, 100, 100))  # all residuals at once would take 80 MB
    tracemalloc.start()
    loss(theta), loss.gradient(theta), loss.hessian(theta)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8e6


@pytest.mark.parametrize("features", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_pytorch_gives_the_same_loss_and_gradients(kind, features):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    rng = np.random.default_rng(3)
    x = rng.standard_normal(20) if features == 1 else rng.standard_normal((20, 2))
    y = 2 * rng.standard_normal(20)
    loss = regression(kind, x, y, l2=0.3, l1=0.2)
    point = rng.standard_normal(2)
    point[0] = 0.0  # the kink of the l1 penalty
    theta = torch.tensor(point, requires_grad=True)
    inputs, targets = torch.tensor(x), torch.tensor(loss.y)
    prediction = inputs @ theta if features == 2 else theta[0] * inputs + theta[1]
    mean = {
        "squared": functional.mse_loss,
        "absolute": functional.l1_loss,
        "huber": functional.huber_loss,
        "logistic": functional.binary_cross_entropy_with_logits,
    }[kind]
    weights = theta if features == 2 else theta[:1]

    def objective(chosen):
        return mean(prediction[chosen], targets[chosen]) + 0.3 * (weights**2).sum() + 0.2 * weights.abs().sum()

    (gradient,) = torch.autograd.grad(objective(slice(None)), theta, retain_graph=True)
    assert loss(point) == pytest.approx(objective(slice(None)).item(), rel=1e-13)
    assert loss.gradient(point) == pytest.approx(gradient.numpy(), rel=1e-12)
    for i, sample in enumerate(loss.sample_gradients(point)):
        (gradient,) = torch.autograd.grad(objective([i]), theta, retain_graph=True)
        assert sample == pytest.approx(gradient.numpy(), rel=1e-12)


@given(problems())
def test_the_minimum_of_squares_is_that_of_the_normal_equations(problem):
    _, x, y, l2, _ = problem
    loss = LinearRegression(x, y, l2=l2)
    rows = x if x.ndim == 2 else np.column_stack([x, np.ones(len(x))])
    ridge = l2 * np.diag([1.0, float(x.ndim == 2)])
    matrix = rows.T @ rows / len(y) + ridge
    if np.linalg.cond(matrix) < 1e6:
        assert loss.minimum == pytest.approx(np.linalg.solve(matrix, rows.T @ y / len(y)), rel=1e-8, abs=1e-9)
        assert loss.minima == (loss.minimum,)


@pytest.mark.parametrize("shift", [0, 1e3, 1e6])
def test_sums_of_squares_keep_their_digits_far_from_zero(shift):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(50)
    y = 3 * x + rng.standard_normal(50)
    loss = LinearRegression(x + shift, y)
    weight, bias = loss.minimum
    assert weight == pytest.approx(LinearRegression(x, y).minimum[0], rel=1e-15 * (1 + shift) * 10)
    direct = np.square(weight * (x + shift) + bias - y).mean()
    assert loss((weight, bias)) == pytest.approx(direct, rel=1e-16 * (1 + shift) * 100)
    assert loss((weight, bias)) >= 0


@pytest.mark.parametrize("kind", ["squared", "absolute", "huber"])
def test_one_sample_or_a_constant_feature_leaves_a_valley_and_one_of_its_points(kind):
    for x, y, lowest in [([3.0], [7.0], 0.0), ([3.0] * 3, [7.0, 8.0, 9.0], None)]:
        loss = regression(kind, x, y)
        p, q = loss.minimum
        assert math.isfinite(p)
        along = (p + 1, q - 3)
        assert loss(along) == pytest.approx(loss((p, q)), abs=1e-12)
        assert lowest is None or loss((p, q)) == pytest.approx(lowest, abs=1e-12)


def test_a_feature_that_is_constant_up_to_rounding_counts_as_constant():
    for constant in (0.1, 2000.3, 1e9 / 7):
        x, y = np.full(1000, constant), np.random.default_rng(0).standard_normal(1000)
        loss = LinearRegression(x, y)
        assert np.abs(loss.minimum).max() < 10 * np.abs(y).max()
        assert loss(loss.minimum) == pytest.approx(y.var(), rel=1e-12)


def test_separate_classes_have_no_minimum_until_there_is_a_penalty():
    x, y = [-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1]
    assert LogisticRegression(x, y).minimum is None
    assert LogisticRegression(x, y).minima == ()
    assert LogisticRegression(x, y, l2=0.1).minimum == pytest.approx((1.3, 0), abs=0.2)
    assert LogisticRegression(x, [1, 1, 1, 1], l2=0.1).minimum is None  # the bias is not held back


def test_the_lasso_keeps_and_drops_weights_by_soft_thresholding():
    # With XᵀX/n = 1 the closed form is sign(w)·max(|w| − l1/2, 0), weight by weight.
    x = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    y = x @ [2.0, -0.3]
    for l1 in (0.2, 0.59, 0.61, 3.0, 4.1):
        expected = [2 - min(l1 / 2, 2), -max(0.3 - l1 / 2, 0)]
        minimum = LinearRegression(x, y, l1=l1).minimum
        assert minimum == pytest.approx(expected, abs=1e-14)
        assert [w == 0 for w in minimum] == [e == 0 for e in expected]


def test_an_outlier_pulls_the_line_of_squares_alone():
    samples = SAMPLES["outliers"].samples()
    squared, absolute, huber = (LinearRegression(samples.x, samples.y, loss).minimum[0] for loss in KINDS[:3])
    assert squared < 0.2
    assert absolute > 1.3
    assert huber > 1.1


@pytest.mark.parametrize(
    ("key", "theta"),
    [
        # lm() and glm() in R; Dalal, Fowlkes and Hoadley 1989 give 15.043 and −0.2322 for the O-rings
        ("cars", (3.932408759, -17.579094891)),
        ("old_faithful", (10.729641395, 33.474397023)),
        ("fuel", (-5.344471573, 37.285126167)),
        ("o_rings", (-0.232162744, 15.042901647)),
    ],
)
def test_recorded_data_give_the_published_coefficients(key, theta):
    samples = SAMPLES[key].samples()
    kind = LogisticRegression if SAMPLES[key].classes else LinearRegression
    assert kind(samples.x, samples.y).minimum == pytest.approx(theta, rel=1e-8)


def test_least_absolute_line_of_the_cars_is_that_of_quantile_regression():
    samples = SAMPLES["cars"].samples()
    assert LinearRegression(samples.x, samples.y, "absolute").minimum == pytest.approx((3.4, -11.6))  # R: rq()


def test_the_article_s_five_points():
    samples = SAMPLES["five_points"].samples()
    loss = ls.LinearRegression(samples.x, samples.y)
    run = ls.descend(loss, start=(0, 0), learning_rate=0.01, max_steps=1000)
    assert run.theta[:, -1] == pytest.approx([1.99518, 0.01740], abs=5e-6)
    assert loss.minimum == pytest.approx((2, 0), abs=1e-14)
    held = ls.LinearRegression(np.column_stack([samples.x, np.zeros(5)]), samples.y)  # the bias has no effect
    run = ls.descend(held, start=(0, 0), learning_rate=0.01, max_steps=1000, stop=ls.Stopping(gradient=0))
    assert run.theta[:, -1] == pytest.approx([2, 0], abs=1e-14)


def excess(run):
    return run.loss - run.objective(run.objective.minimum)


def halved(loss):
    """½ · the loss of these data, as scenarios.md has it: half the learning rate and twice the tolerance."""
    return lambda run: int(np.argmax(excess(run) < 2 * loss))


def test_scenario_12_whole_batch():
    samples = SAMPLES["noisy_line"].samples()
    loss = LinearRegression(samples.x, samples.y)
    start = (-1.5, 2.5)
    run = ls.descend(loss, start=start, learning_rate=0.05, max_steps=100)
    assert halved(0.01)(run) == 33
    assert loss.hessian(start) == pytest.approx(2 * np.eye(2), abs=1e-14)
    uphill = loss.sample_gradients(start) @ loss.gradient(start) < 0
    assert uphill.sum() == 1
    at_minimum = loss.sample_gradients(loss.minimum) / 2
    assert at_minimum.mean(axis=0) == pytest.approx([0, 0], abs=1e-14)
    assert at_minimum.std(axis=0) == pytest.approx([0.44, 0.53], abs=0.005)


def test_scenario_13_scaling():
    samples = SAMPLES["flats"].samples()
    loss = LinearRegression(samples.x, samples.y)
    curvature = ls.curvature(loss, loss.minimum)
    assert round(float(curvature.condition_number)) == 1163
    assert 2 * ls.largest_stable_learning_rate(ls.GradientDescent(), curvature.eigenvalues[1]) == pytest.approx(
        0.0173, abs=5e-5
    )
    slow = ls.descend(loss, start=(0, 0), learning_rate=0.005, max_steps=3000)
    assert halved(1e-3)(slow) == 2056
    thrown = ls.descend(loss, start=(0, 0), learning_rate=0.01, max_steps=100, stop=ls.Stopping(divergence=1e20))
    assert int(np.argmax(np.abs(thrown.theta).max(axis=0) > 1e6)) == 55

    scaled = standardize(samples.x)
    bowl = LinearRegression(scaled.x, samples.y)
    assert ls.curvature(bowl, bowl.minimum).condition_number == pytest.approx(1)
    quick = ls.descend(bowl, start=(0, 0), learning_rate=0.15, max_steps=100)
    assert halved(1e-3)(quick) == 13
    weight, bias = bowl.minimum
    weight /= float(scaled.scale)
    assert (weight, bias - weight * float(scaled.mean)) == pytest.approx(loss.minimum)


@pytest.mark.parametrize("kind", KINDS)
def test_points_far_away_or_not_finite_give_numbers_and_no_warnings(kind):
    rng = np.random.default_rng(0)
    loss = regression(kind, rng.standard_normal(10), rng.standard_normal(10), l2=0.1, l1=0.1)
    theta = np.array([[1e200, math.nan, math.inf, -1e300, 700.0], [1.0, 0.0, 0.0, 1e300, -700.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, gradient, hessian = loss(theta), loss.gradient(theta), loss.hessian(theta)
        loss.sample_gradients(theta)
        loss.value_and_gradient(1e12, -1e12)
    assert value[0] == math.inf
    assert math.isnan(value[1])
    assert math.isfinite(value[4])
    assert np.isfinite(gradient[:, 4]).all()
    assert np.isfinite(hessian[..., 4]).all()
    run = ls.descend(loss, start=(1, 1), learning_rate=1e3, max_steps=10_000)
    assert np.isfinite(run.theta).all()


def test_a_separated_sample_keeps_its_small_loss():
    loss = LogisticRegression(np.linspace(1, 2, 100), np.ones(100))
    exact = math.fsum(math.log1p(math.exp(-20 * x - 20)) for x in np.linspace(1, 2, 100)) / 100
    assert loss((20, 20)) == pytest.approx(exact, rel=1e-13, abs=0)
    assert loss(np.full((2, 3), 20.0)) == pytest.approx([exact] * 3, rel=1e-13, abs=0)


def test_data_are_copied_and_kept():
    x, y = np.array([1.0, 2.0]), np.array([2.0, 4.0])
    loss = LinearRegression(x, y)
    x[0] = 100
    assert loss.x.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        loss.y[0] = 3
    assert LinearRegression(x[:, None], y).x.shape == (2,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_regression_travels_by_pickle(kind):
    loss = regression(kind, [1.0, 2.0, 4.0], [1.0, -1.0, 2.0], l2=0.1)
    loss.value_and_gradient(1.0, 2.0)
    copy = pickle.loads(pickle.dumps(loss))
    assert copy.minimum == loss.minimum
    assert copy.value_and_gradient(1.0, 2.0) == loss.value_and_gradient(1.0, 2.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "at least one sample"),
        (([1, 2], [1]), "x has 2 samples and y has 1"),
        (([1, math.nan], [1, 2]), r"x\[1\] is nan"),
        (([[1, 2], [3, math.inf]], [1, 2]), r"x\[1, 1\] is inf"),
        (([1, 2], [1, math.inf]), r"y\[1\] is inf"),
        ((["one", 2], [1, 2]), "x must be an array of numbers"),
        (([[1, 2, 3]], [1]), r"two features, but it has \(1, 3\)"),
        ((1.0, 1.0), r"x must have shape \(n,\)"),
        (([1, 2], [[1], [2]]), r"y must have shape \(n,\)"),
        (([1, 2], [1, 2], "quadratic"), "one of squared, absolute, huber, but it is 'quadratic'"),
        (([1, 2], [1, 2], "squared", -1), "l2 must be a finite number of at least 0, but it is -1"),
        (([1, 2], [1, 2], "squared", 0, math.inf), "l1 must be a finite number"),
        (([1, 2], [1, 2], "squared", "much"), "l2 must be"),
    ],
)
def test_bad_data_are_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        LinearRegression(*arguments)
    if len(arguments) == 2:
        with pytest.raises(ValueError, match=sentence):
            LogisticRegression(*arguments)


PARALLEL, ANY = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [[1.0, 1.0], [2.0, 5.0], [3.0, 3.0]]


@pytest.mark.parametrize(
    ("loss", "many"),
    [
        (LinearRegression([3.0, 3, 3], [1, 2, 3]), True),
        (LinearRegression([3.0, 3, 3], [1, 2, 4], "huber"), True),
        (LinearRegression([0.0, 0, 0], [1, 2, 3]), True),
        (LinearRegression([3.0], [1]), True),
        (LinearRegression([3.0, 3, 3], [1, 2, 3], l2=0.1), False),
        (LinearRegression([3.0, 3, 3], [1, 2, 3], l1=0.1), False),
        (LinearRegression([1.0, 2, 3], [1, 2, 4]), False),
        (LinearRegression(PARALLEL, [1, 2, 4]), True),
        (LinearRegression(PARALLEL, [1, 2, 4], l1=0.1), True),  # the sum of two equal weights is what counts
        (LinearRegression(PARALLEL, [1, 2, 4], l2=0.1), False),
        (LinearRegression(ANY, [1, 2, 4]), False),
        (LogisticRegression([3.0, 3, 3], [0, 1, 1]), True),
        (LogisticRegression([1.0, 2], [0, 1]), False),  # which has no minimum
    ],
)
def test_a_minimum_is_one_of_many_where_the_features_tell_too_little(loss, many):
    assert loss.many_minima is many
    if many:
        x, y = loss.minimum
        around = np.stack([x + 1e-3 * np.cos(angles := np.linspace(0, 2 * np.pi, 4001)), y + 1e-3 * np.sin(angles)])
        assert loss(around).min() == pytest.approx(float(loss(loss.minimum)), abs=1e-11)


def test_bad_classes_points_and_batches_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"y must be 0 or 1 everywhere, but y\[2\] is 2"):
        LogisticRegression([1, 2, 3], [0, 1, 2])
    loss = LinearRegression([1, 2], [1, 2])
    for theta in (1.0, [1, 2, 3]):
        with pytest.raises(ValueError, match="θ has shape"):
            loss(theta)
        with pytest.raises(ValueError, match="θ has shape"):
            loss.batch_gradient(theta, [0])
    for indices in ([], [0.5]):
        with pytest.raises(ValueError, match="at least one sample"):
            loss.batch_gradient((0, 0), indices)
