"""Inputs of several files: directories, patterns, and where a row is in them."""
