"""Rows of a batch checked, and their losses."""
