"""What is minimised: value, gradient, Hessian."""
