"""Where gradients come from: differences (numerical) and the chain rule (tensor), up to neural networks (layers)."""
