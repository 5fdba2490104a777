"""Rows of both inputs paired, by their order or by keys, and made into batches."""
