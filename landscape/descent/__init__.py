"""How a landscape is descended: optimizers, learning rates, the loop and why it ends."""
