"""FUNCTIONS: test functions of two parameters, each with what it teaches.

“Jamil and Yang” is "A literature survey of benchmark functions for global optimisation problems", 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

from landscape.objectives.formula import Domain, Formula, Point


@dataclass(frozen=True, eq=False, kw_only=True)
class Function(Formula):
    """A formula with a name, a domain worth looking at, a start worth descending from and its minima.

    ``minima`` holds every global minimum and the notable local ones inside the domain; where dozens of local ones
    crowd it, the global one alone.
    """

    key: str
    name: str
    about: str
    domain: Domain
    start: Point
    minima: tuple[Point, ...]
    source: str
    logarithmic: bool = False  # colour and height are better read on a logarithmic scale

    def __post_init__(self) -> None:
        """Parsed when first used, for thirty functions at import would take as long as many a module."""

    @property
    def formula(self) -> str:
        return self.text


def _by_key(*functions: Function) -> dict[str, Function]:
    return {function.key: function for function in functions}


# From easy to hard. Minima without a closed form were computed to 40 digits and rounded.
FUNCTIONS = _by_key(
    Function(
        key="round_bowl",
        name="Round bowl",
        text="1/2(x^2 + y^2)",
        about="The gradient is the vector from the minimum to the point, so a learning rate of 1 arrives in one step.",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-4.0, 3.0),
        minima=((0.0, 0.0),),
        source="Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847",
    ),
    Function(
        key="bowl",
        name="Bowl",
        text="1/2(x^2 + 10y^2)",
        about="Gradient descent converges below the learning rate 2/λ only, λ being the largest curvature: here 2/10.",
        domain=((-5.0, 5.0), (-3.0, 3.0)),
        start=(-4.0, 1.5),
        minima=((0.0, 0.0),),
        source="Polyak, Introduction to Optimization, 1987",
    ),
    Function(
        key="himmelblau",
        name="Himmelblau",
        text="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        about="Four minima, all equally deep: the start and the optimizer decide which one is reached.",
        domain=((-5.5, 5.5), (-5.5, 5.5)),
        start=(0.4, 4.1),
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.2831859912861696),
            (3.5844283403304917, -1.8481265269644036),
        ),
        source="Himmelblau, Applied Nonlinear Programming, 1972",
        logarithmic=True,
    ),
    Function(
        key="ravine",
        name="Ravine",
        text="1/2(x^2 + 25y^2)",
        about="Across the ravine the curvature is 25 times that along it, so gradient descent zigzags.",
        domain=((-5.0, 5.0), (-3.0, 3.0)),
        start=(-4.0, 1.0),
        minima=((0.0, 0.0),),
        source="Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
    ),
    Function(
        key="steep_ravine",
        name="Steep ravine",
        text="1/2(x^2 + 100y^2)",
        about="At condition number 100 even the best fixed learning rate keeps 98 % of the distance at every step.",
        domain=((-5.0, 5.0), (-3.0, 3.0)),
        start=(-4.0, 0.5),
        minima=((0.0, 0.0),),
        source="Nocedal and Wright, Numerical Optimization, 2006, section 3.3",
    ),
    Function(
        key="rotated_ravine",
        name="Rotated ravine",
        text="1/4((x + y)^2 + 50(y - x)^2)",
        about="A ravine turned by 45°: scaling each coordinate by itself no longer helps.",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-5 / 2**0.5, -3 / 2**0.5),
        minima=((0.0, 0.0),),
        source="Salomon, Re-evaluating genetic algorithm performance under coordinate rotation, 1996",
    ),
    Function(
        key="booth",
        name="Booth",
        text="(x + 2y - 7)^2 + (2x + y - 5)^2",
        about="A tilted bowl: x and y depend on each other, and the condition number is 9.",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-8.0, -2.0),
        minima=((1.0, 3.0),),
        source="Jamil and Yang",
    ),
    Function(
        key="matyas",
        name="Matyas",
        text="0.26(x^2 + y^2) - 0.48x y",
        about="The valley along x = y is found quickly; its curvature is a 25th of that across it, so the path creeps.",
        domain=((-10.0, 10.0), (-10.0, 10.0)),
        start=(-4.0, 9.0),
        minima=((0.0, 0.0),),
        source="Jamil and Yang",
    ),
    Function(
        key="rosenbrock",
        name="Rosenbrock",
        text="(1 - x)^2 + 100(y - x^2)^2",
        about="A curved valley: reaching it is quick, following it to the minimum is slow.",
        domain=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.5, 2.0),
        minima=((1.0, 1.0),),
        source="Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960",
        logarithmic=True,
    ),
    Function(
        key="log_valley",
        name="Logarithmic valley",
        text="log(1 + (1 - x)^2 + 100(y - x^2)^2)",
        about="The logarithm of 1 + Rosenbrock: the same contour lines and minimum, but far gentler gradients.",
        domain=((-2.0, 2.0), (-1.0, 3.0)),
        start=(-1.5, 2.0),
        minima=((1.0, 1.0),),
        source="Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960",
    ),
    Function(
        key="saddle",
        name="Saddle",
        text="1/2x^2 - 1/2y^2 + 1/4y^4",
        about="At (0, 0) the gradient vanishes without a minimum; gradient descent from the line y = 0 ends there.",
        domain=((-2.5, 2.5), (-2.0, 2.0)),
        start=(-2.0, 0.01),
        minima=((0.0, 1.0), (0.0, -1.0)),
        source="Nesterov, Introductory Lectures on Convex Optimization, 2004, example 1.2.2",
    ),
    Function(
        key="monkey_saddle",
        name="Monkey saddle",
        text="x^3 - 3x y^2",
        about="At (0, 0) gradient and Hessian both vanish, and three valleys lead down from it without end.",
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(1.5, 0.05),
        minima=(),
        source="Hilbert and Cohn-Vossen, Geometry and the Imagination, 1952",
    ),
    Function(
        key="two_wells",
        name="Two wells",
        text="x^4/4 - x^2 + 0.3x + 1/2y^2",
        about="With enough momentum the path rolls over the bump into the deeper well.",
        domain=((-2.5, 2.5), (-2.5, 2.5)),
        start=(2.3, 1.5),
        minima=((-1.4839678931977263, 0.0), (1.3322207371911865, 0.0)),
        source="Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
    ),
    Function(
        key="sharp_and_flat",
        name="Sharp and flat minimum",
        text="1 + (x^2 + y^2)/40 - exp(-12((x - 1.5)^2 + y^2)) - 0.9exp(-((x + 1.5)^2 + y^2)/1.5)",
        about="Above a learning rate of 0.083 gradient descent cannot stay in the sharp minimum, only in the flat one.",
        domain=((-4.0, 4.0), (-3.0, 3.0)),
        start=(3.2, 1.5),
        minima=((1.4965051639995537, 0.0), (-1.4398609644417422, 0.0)),
        source="Hochreiter and Schmidhuber, Flat minima, 1997",
    ),
    Function(
        key="plateau",
        name="Plateau",
        text="1 - exp(-(x^2 + y^2)/2)",
        about="Far from the minimum the gradient almost vanishes, and gradient descent hardly moves.",
        domain=((-4.0, 4.0), (-4.0, 4.0)),
        start=(3.0, 2.0),
        minima=((0.0, 0.0),),
        source="Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.2.3",
    ),
    Function(
        key="cliff",
        name="Cliff",
        text="3sigmoid(8(x - 1)) + (x^2 + 2y^2)/20",
        about="On the gentle plateau a large learning rate is needed, and on the cliff the same one is far too large.",
        domain=((-3.0, 4.0), (-3.0, 3.0)),
        start=(3.5, 2.0),
        minima=((-0.05276449024431207, 0.0),),
        source="Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013",
    ),
    Function(
        key="beale",
        name="Beale",
        text="(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
        about="From a gradient 608 long at the start to a nearly flat valley: no single learning rate suits both.",
        domain=((-4.5, 4.5), (-4.5, 4.5)),
        start=(1.5, 2.0),
        minima=((3.0, 0.5),),
        source="Beale, On an iterative method for finding a local minimum, Princeton technical report 25, 1958",
        logarithmic=True,
    ),
    Function(
        key="mccormick",
        name="McCormick",
        text="sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
        about="A wave across a tilted valley: a descent that reaches the higher of its two minima stays there.",
        domain=((-1.5, 4.0), (-3.0, 4.0)),
        start=(3.5, -1.5),
        minima=((-0.5471975511965977, -1.5471975511965979), (2.5943951023931957, 1.5943951023931955)),
        source="Jamil and Yang",
    ),
    Function(
        key="three_hump_camel",
        name="Three-hump camel",
        text="2x^2 - 1.05x^4 + x^6/6 + x y + y^2",
        about="Two shallow minima flank the deep one, and hold the descents that start near them.",
        domain=((-2.5, 2.5), (-2.5, 2.5)),
        start=(-2.2, -2.0),
        minima=((0.0, 0.0), (1.747552345830289, -0.8737761729151445), (-1.747552345830289, 0.8737761729151445)),
        source="Jamil and Yang",
        logarithmic=True,
    ),
    Function(
        key="six_hump_camel",
        name="Six-hump camel",
        text="(4 - 2.1x^2 + x^4/3)x^2 + x y + (4y^2 - 4)y^2",
        about="Six minima in three pairs of equal depth, and only one of the pairs is the lowest.",
        domain=((-2.1, 2.1), (-1.2, 1.2)),
        start=(1.2, 0.05),
        minima=(
            (0.08984201310031806, -0.7126564030207396),
            (-0.08984201310031806, 0.7126564030207396),
            (-1.703606714969981, 0.7960835686726251),
            (1.703606714969981, -0.7960835686726251),
            (1.6071047529201974, 0.5686514548841314),
            (-1.6071047529201974, -0.5686514548841314),
        ),
        source="Dixon and Szegö, The global optimization problem: an introduction, 1978",
    ),
    Function(
        key="styblinski_tang",
        name="Styblinski–Tang",
        text="(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y)/2",
        about="Four minima, one in each quadrant, and only the one where x and y are negative is the lowest.",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(4.6, 0.4),
        minima=(
            (-2.903534027771177, -2.903534027771177),
            (2.746802770990837, -2.903534027771177),
            (-2.903534027771177, 2.746802770990837),
            (2.746802770990837, 2.746802770990837),
        ),
        source="Styblinski and Tang, Experiments in nonconvex optimization, 1990",
    ),
    Function(
        key="peaks",
        name="Gaussian hills",
        text="3(1 - x)^2 exp(-x^2 - (y + 1)^2) - 10(x/5 - x^3 - y^5)exp(-x^2 - y^2) - 1/3exp(-(x + 1)^2 - y^2)",
        about="Three hollows between hills: from near a hilltop a small change of the start leads to another one.",
        domain=((-3.0, 3.0), (-3.0, 3.0)),
        start=(0.1, 1.3),
        minima=(
            (0.22827892055636909, -1.6255349574999964),
            (-1.3473962443682108, 0.20451886609700518),
            (0.2964455538468321, 0.32019624766683435),
        ),
        source="MathWorks, MATLAB, function peaks",
    ),
    Function(
        key="goldstein_price",
        name="Goldstein–Price",
        text="(1 + (x + y + 1)^2 (19 - 14x + 3x^2 - 14y + 6x y + 3y^2))"
        "(30 + (2x - 3y)^2 (18 - 32x + 12x^2 + 48y - 36x y + 27y^2))",
        about="Values from 3 to a million: a learning rate for the valley explodes on the slopes.",
        domain=((-2.0, 2.0), (-2.0, 2.0)),
        start=(-1.0, 0.5),
        minima=((0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)),
        source="Goldstein and Price, On descent from local minima, 1971",
        logarithmic=True,
    ),
    Function(
        key="griewank",
        name="Griewank",
        text="1 + (x^2 + y^2)/4000 - cos(x)cos(y/sqrt(2))",
        about="A field of minima almost equally deep: the wide bowl under them is so flat that it guides no descent.",
        domain=((-8.0, 8.0), (-8.0, 8.0)),
        start=(4.4, 2.6),
        minima=(
            (0.0, 0.0),
            (3.1400226338955397, 4.438444480920714),
            (3.1400226338955397, -4.438444480920714),
            (-3.1400226338955397, 4.438444480920714),
            (-3.1400226338955397, -4.438444480920714),
            (6.280045279379904, 0.0),
            (-6.280045279379904, 0.0),
        ),
        source="Griewank, Generalized descent for global optimization, 1981",
    ),
    Function(
        key="rastrigin",
        name="Rastrigin",
        text="20 + x^2 - 10cos(2pi x) + y^2 - 10cos(2pi y)",
        about="A bowl covered with dents about 1 apart: descent ends in a dent near its start.",
        domain=((-5.12, 5.12), (-5.12, 5.12)),
        start=(-3.4, 2.3),
        minima=((0.0, 0.0),),
        source="Rastrigin, Systems of Extremal Control, 1974",
    ),
    Function(
        key="ackley",
        name="Ackley",
        text="-20exp(-0.2sqrt((x^2 + y^2)/2)) - exp((cos(2pi x) + cos(2pi y))/2) + e + 20",
        about="Ripples hide the funnel, and it ends in a sharp tip, where steps of fixed length never settle.",
        domain=((-5.0, 5.0), (-5.0, 5.0)),
        start=(-3.4, 2.7),
        minima=((0.0, 0.0),),
        source="Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987",
    ),
    Function(
        key="levy_13",
        name="Lévy 13",
        text="sin^2(3pi x) + (x - 1)^2 (1 + sin^2(3pi y)) + (y - 1)^2 (1 + sin^2(2pi y))",
        about="More than 200 local minima on this domain, and a descent finds one near its start.",
        domain=((-4.0, 4.0), (-4.0, 4.0)),
        start=(-2.5, 3.1),
        minima=((1.0, 1.0),),
        source="Surjanovic and Bingham, Virtual Library of Simulation Experiments, 2013",
    ),
    Function(
        key="easom",
        name="Easom",
        text="-cos(x)cos(y)exp(-(x - pi)^2 - (y - pi)^2)",
        about="One narrow hole in a plain where the gradient almost vanishes: only a start close by finds it.",
        domain=((-2.0, 8.0), (-2.0, 8.0)),
        start=(2.0, 4.3),
        minima=((3.141592653589793, 3.141592653589793),),
        source="Easom, A survey of global optimization techniques, 1990",
    ),
    Function(
        key="bukin_6",
        name="Bukin 6",
        text="100sqrt(abs(y - 0.01x^2)) + 0.01abs(x + 10)",
        about="The floor of the valley is a kink with slopes as steep as one likes beside it: no descent settles.",
        domain=((-15.0, -5.0), (-3.0, 3.0)),
        start=(-13.0, 2.5),
        minima=((-10.0, 1.0),),
        source="Bukin, New minimization strategies for non-smooth functions, 1997",
    ),
    Function(
        key="schwefel",
        name="Schwefel",
        text="837.9657745448674 - x sin(sqrt(abs(x))) - y sin(sqrt(abs(y)))",
        about="The lowest minimum hides near a corner, far from the next lowest: the general trend misleads.",
        domain=((-500.0, 500.0), (-500.0, 500.0)),
        start=(130.0, 330.0),
        minima=((420.96874635998205, 420.96874635998205),),
        source="Schwefel, Numerical Optimization of Computer Models, 1981",
    ),
)
