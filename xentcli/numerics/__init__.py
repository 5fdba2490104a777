"""Exact sums, and the distributions that intervals need: NumPy and nothing of files."""
