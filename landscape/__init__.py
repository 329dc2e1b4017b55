"""Gradient descent made visible: landscapes, optimizers, and what a run tells."""

from landscape.analysis.field import Field, field
from landscape.descent.descend import Trajectory, descend
from landscape.descent.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from landscape.descent.schedules import Constant
from landscape.descent.stopping import Stop, Stopping, StopReason
from landscape.objectives.formula import Formula, FormulaError, formula
from landscape.objectives.functions import FUNCTIONS, Function

__all__ = [
    "FUNCTIONS",
    "OPTIMIZERS",
    "Adam",
    "Constant",
    "Field",
    "Formula",
    "FormulaError",
    "Function",
    "GradientDescent",
    "Momentum",
    "Stop",
    "StopReason",
    "Stopping",
    "Trajectory",
    "descend",
    "field",
    "formula",
]
