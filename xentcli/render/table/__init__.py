"""A result on a terminal, laid out by Rich."""
