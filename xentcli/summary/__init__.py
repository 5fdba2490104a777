"""Figures from sums: what a result says, computed when all rows are in."""
