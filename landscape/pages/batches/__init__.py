"""The Batches page: batch, mini-batch and stochastic descent on the same data."""
