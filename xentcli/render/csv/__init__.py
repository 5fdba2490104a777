"""A result as CSV: a line for each class or slice."""
