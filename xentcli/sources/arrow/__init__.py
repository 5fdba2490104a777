"""Arrow's columns as NumPy's."""
