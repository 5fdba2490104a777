"""A second, independent way to every figure: slow, plain Python, and nothing shared with the package."""
