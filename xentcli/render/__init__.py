"""A result as text: each format in its own file."""
