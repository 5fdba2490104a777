"""Suites that take minutes, and what only they use."""
