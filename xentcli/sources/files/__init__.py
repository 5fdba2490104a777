"""Bytes: where they come from, compressed, in other encodings, of formats that are not read."""
