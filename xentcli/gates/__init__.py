"""Figures held against limits and against an earlier result."""
