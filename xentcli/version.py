"""The version: read here by the build and by whoever shows it."""

__version__ = "0.1.0"
