"""Gradient descent made visible: landscapes, optimizers, and what a run tells."""

from landscape.analysis.computational_graph import ComputationalGraph, computational_graph
from landscape.analysis.convergence import Convergence, convergence
from landscape.analysis.curvature import Curvature, PointKind, curvature
from landscape.analysis.diagnosis import Diagnosis, DiagnosisKind, diagnose
from landscape.analysis.directional_derivative import directional_derivative
from landscape.analysis.efficiency import AXES, Efficiency, efficiency, seconds_per_update, target_loss
from landscape.analysis.field import Field, field
from landscape.analysis.gradient_cloud import GradientCloud, GradientSpread, gradient_cloud, gradient_spread
from landscape.analysis.learning_rate import suggest_learning_rate
from landscape.analysis.level_line import level_line
from landscape.analysis.quadratic import contraction, largest_stable_learning_rate
from landscape.analysis.sampled_gradient import SampledGradient, sampled_gradient
from landscape.descent.batches import Batches
from landscape.descent.descend import Trajectory, descend
from landscape.descent.line_search import Backtracking
from landscape.descent.optimizers import (
    LBFGS,
    OPTIMIZERS,
    AdaDelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Momentum,
    NAdam,
    Nesterov,
    Newton,
    Optimizer,
    RAdam,
    RMSProp,
)
from landscape.descent.repeats import Repeats, repeats
from landscape.descent.schedules import (
    SCHEDULES,
    Constant,
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    OneCycle,
    PolynomialDecay,
    Schedule,
    StepDecay,
    WarmRestarts,
    WarmupCosine,
)
from landscape.descent.stopping import Stop, Stopping, StopReason
from landscape.descent.training import Training, train
from landscape.gradients.activations import ACTIVATIONS, Activation, gelu, leaky_relu, softplus
from landscape.gradients.backpropagation import LayerPass, NetworkPass, backpropagate, gradient_by_differences
from landscape.gradients.layers import (
    INITIALIZATIONS,
    Layer,
    Linear,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    cross_entropy,
    mean_squared_error,
    perceptron,
)
from landscape.gradients.numerical import DIFFERENCES, ErrorCurve, error_curve, numerical_gradient
from landscape.gradients.secant import Secant, secant
from landscape.gradients.softmax import SoftmaxLoss, softmax_jacobian, softmax_loss
from landscape.gradients.tasks import TASKS, Task
from landscape.gradients.tensor import Tensor, no_grad, operation
from landscape.objectives.curve import CURVES, Curve, curve
from landscape.objectives.formula import Formula, FormulaError, formula
from landscape.objectives.functions import FUNCTIONS, Function
from landscape.objectives.regression import LinearRegression, LogisticRegression
from landscape.objectives.sample_loss import CROSS_ENTROPY, LOSSES
from landscape.objectives.samples import SAMPLES, Samples, standardize
from landscape.objectives.table import Table, TableError, read_table

__all__ = [
    "ACTIVATIONS",
    "AXES",
    "CROSS_ENTROPY",
    "CURVES",
    "DIFFERENCES",
    "FUNCTIONS",
    "INITIALIZATIONS",
    "LBFGS",
    "LOSSES",
    "OPTIMIZERS",
    "SAMPLES",
    "SCHEDULES",
    "TASKS",
    "AMSGrad",
    "Activation",
    "AdaDelta",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "AdamW",
    "Backtracking",
    "Batches",
    "ComputationalGraph",
    "Constant",
    "Convergence",
    "CosineDecay",
    "Curvature",
    "Curve",
    "Diagnosis",
    "DiagnosisKind",
    "Efficiency",
    "ErrorCurve",
    "ExponentialDecay",
    "Field",
    "Formula",
    "FormulaError",
    "Function",
    "GradientCloud",
    "GradientDescent",
    "GradientSpread",
    "InverseTimeDecay",
    "Layer",
    "LayerPass",
    "Linear",
    "LinearRegression",
    "LogisticRegression",
    "Momentum",
    "NAdam",
    "Nesterov",
    "NetworkPass",
    "Newton",
    "OneCycle",
    "Optimizer",
    "PointKind",
    "PolynomialDecay",
    "RAdam",
    "RMSProp",
    "ReLU",
    "Repeats",
    "SampledGradient",
    "Samples",
    "Schedule",
    "Secant",
    "Sequential",
    "Sigmoid",
    "SoftmaxLoss",
    "StepDecay",
    "Stop",
    "StopReason",
    "Stopping",
    "Table",
    "TableError",
    "Tanh",
    "Task",
    "Tensor",
    "Training",
    "Trajectory",
    "WarmRestarts",
    "WarmupCosine",
    "backpropagate",
    "computational_graph",
    "contraction",
    "convergence",
    "cross_entropy",
    "curvature",
    "curve",
    "descend",
    "diagnose",
    "directional_derivative",
    "efficiency",
    "error_curve",
    "field",
    "formula",
    "gelu",
    "gradient_by_differences",
    "gradient_cloud",
    "gradient_spread",
    "largest_stable_learning_rate",
    "leaky_relu",
    "level_line",
    "mean_squared_error",
    "no_grad",
    "numerical_gradient",
    "operation",
    "perceptron",
    "read_table",
    "repeats",
    "sampled_gradient",
    "secant",
    "seconds_per_update",
    "softmax_jacobian",
    "softmax_loss",
    "softplus",
    "standardize",
    "suggest_learning_rate",
    "target_loss",
    "train",
]
