"""The Explore page: a function, optimizers descending on it, and the numbers behind every step."""
