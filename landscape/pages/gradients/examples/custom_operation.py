"""ReLU by hand: an operation with its own forward and backward."""

import numpy as np

import landscape as ls


@ls.operation
def my_relu(x: ls.Tensor):
    positive = x.data > 0

    def backward(gradient):  # from the gradient in the result to the gradient in x
        return gradient * positive

    return np.where(positive, x.data, 0), (x, backward)


def applied(function, numbers: list[float]):
    """The function's values, and the gradient of their sum."""
    x = ls.Tensor(numbers)
    y = function(x)
    y.sum().backward()
    return y.data, x.grad


if __name__ == "__main__":
    for relu in (my_relu, ls.Tensor.relu):
        values, gradient = applied(relu, [-1, 0, 2])
        print(relu.__name__, values, gradient)
