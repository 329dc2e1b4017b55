"""Scripts that the laboratories show beside what they do; each runs by itself."""
